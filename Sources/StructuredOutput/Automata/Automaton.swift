/// A deterministic automaton over bytes: what one piece of JSON, such as a string or a number, may look like.
///
/// Every state can reach an accepting one, so a text that the automaton has not refused can always be
/// completed.
final class Automaton: Sendable {
  /// The state from which nothing can be accepted.
  static let dead = -1
  /// The most states for a regular expression, which can need exponentially many.
  static let stateLimit = 4096

  /// Where reading starts; ``dead`` if the automaton accepts nothing.
  let start: Int
  let table: TransitionTable
  private let accepting: [Bool]
  /// `[states]`: bytes up to the nearest accepting state.
  private let distances: [Int32]
  /// `[states]`: whether every byte but a quote starts a character of a string; empty if characters are not
  /// counted.
  private let startsCharacter: [Bool]
  /// Whether it is made once in a process.
  let isBuiltIn: Bool

  var stateCount: Int { accepting.count }

  /// Whether most states have many ways on.
  var isDense: Bool { if case .dense = table { true } else { false } }

  /// An automaton whose every state reaches an accepting one, and is reached.
  init(
    start: Int, table: TransitionTable, accepting: [Bool], distances: [Int32],
    startsCharacter: [Bool] = [], isBuiltIn: Bool = false
  ) {
    self.start = start
    self.table = table
    self.accepting = accepting
    self.distances = distances
    self.startsCharacter = startsCharacter
    self.isBuiltIn = isBuiltIn
  }

  /// The same automaton, to be kept for good.
  var builtIn: Automaton {
    Automaton(
      start: start, table: table, accepting: accepting, distances: distances,
      startsCharacter: startsCharacter, isBuiltIn: true)
  }

  /// The state after a byte, or ``dead``.
  func next(_ state: Int, _ byte: UInt8) -> Int {
    switch table {
    case .dense(let table): table.next(state, byte)
    case .sparse(let table): table.next(state, byte)
    }
  }

  func accepts(_ state: Int) -> Bool { accepting[state] }

  /// Whether a byte after a state starts a character of a string.
  func startsCharacter(_ state: Int, _ byte: UInt8) -> Bool {
    !startsCharacter.isEmpty && startsCharacter[state] && byte != UInt8(ascii: "\"")
  }

  /// Whether no byte may follow.
  func isFinal(_ state: Int) -> Bool { accepting[state] && !hasEdges(state) }

  func distance(from state: Int) -> Int { Int(distances[state]) }

  /// Calls `body` with the bytes that may follow a state, in order, and the state behind each.
  func forEachEdge(from state: Int, _ body: (UInt8, Int) -> Void) {
    switch table {
    case .dense(let table):
      for byte in UInt8.min...UInt8.max {
        let next = table.next(state, byte)
        if next != Self.dead { body(byte, next) }
      }
    case .sparse(let table): table.forEachEdge(from: state, body)
    }
  }

  private func hasEdges(_ state: Int) -> Bool {
    switch table {
    case .dense(let table): table.representatives.contains { table.next(state, $0) != Self.dead }
    case .sparse(let table): table.hasEdges(state)
    }
  }

  /// The shortest bytes from a state to an accepting one.
  func shortestCompletion(from state: Int) -> [UInt8] {
    var result: [UInt8] = []
    var state = state
    while distances[state] > 0 {
      var step: (byte: UInt8, next: Int)?
      forEachEdge(from: state) { byte, next in
        if step == nil, distances[next] == distances[state] - 1 { step = (byte, next) }
      }
      guard let (byte, next) = step else { return result }
      result.append(byte)
      state = next
    }
    return result
  }

  /// Whether the automaton accepts the whole of `text`.
  func matches(_ text: some Sequence<UInt8>) -> Bool {
    var state = start
    for byte in text {
      guard state >= 0 else { return false }
      state = next(state, byte)
    }
    return state >= 0 && accepts(state)
  }
}

extension Automaton {
  /// The automaton of an expression, or `nil` if it needs more than `stateLimit` states, or the budget is
  /// exhausted.
  ///
  /// - Parameter countsCharacters: whether characters are counted from the state behind the first quote. The
  ///   expression is then a string of any characters, in which that state comes again behind each of them.
  convenience init?(
    _ expressions: inout Expressions, _ expression: Expressions.ID, countsCharacters: Bool = false,
    stateLimit: Int = stateLimit
  ) {
    let budget = expressions.budget
    let (classes, representatives) = expressions.byteClasses()
    var states = [expression]
    var stateOfExpression = [expression: 0]
    var rows: [Int32] = []
    var index = 0
    while index < states.count {
      budget.spend(steps: representatives.count / 4, bytes: representatives.count * 4)
      for byte in representatives {
        let next = expressions.derivative(of: states[index], by: byte)
        guard next != expressions.nothing else {
          rows.append(Int32(Self.dead))
          continue
        }
        if let state = stateOfExpression[next] {
          rows.append(Int32(state))
        } else {
          guard states.count < stateLimit else { return nil }
          stateOfExpression[next] = states.count
          rows.append(Int32(states.count))
          states.append(next)
        }
      }
      guard !budget.isExhausted else { return nil }
      index += 1
    }
    let accepting = states.map { expressions.matchesEmpty($0) }
    let distances = Self.distances(rows, accepting, columnCount: representatives.count)
    for index in rows.indices where rows[index] >= 0 && distances[Int(rows[index])] < 0 {
      rows[index] = Int32(Self.dead)
    }
    var startsCharacter: [Bool] = []
    if countsCharacters {
      let boundary = Int(rows[Int(classes[0x22])])
      startsCharacter = states.indices.map { $0 == boundary }
    }
    self.init(
      start: distances[0] < 0 ? Self.dead : 0,
      table: .dense(DenseTable(columns: classes, representatives: representatives, rows: rows)),
      accepting: accepting, distances: distances, startsCharacter: startsCharacter)
  }

  /// `[states]`: bytes up to the nearest accepting state, -1 if there is none; from the accepting ones back.
  private static func distances(_ rows: [Int32], _ accepting: [Bool], columnCount: Int) -> [Int32] {
    var sources = [[Int32]](repeating: [], count: accepting.count)
    for (index, target) in rows.enumerated() where target >= 0 {
      let source = Int32(index / columnCount)
      if sources[Int(target)].last != source { sources[Int(target)].append(source) }
    }
    var distances = accepting.map { $0 ? Int32(0) : -1 }
    var queue = accepting.indices.filter { accepting[$0] }
    var index = 0
    while index < queue.count {
      for source in sources[queue[index]] where distances[Int(source)] < 0 {
        distances[Int(source)] = distances[queue[index]] + 1
        queue.append(Int(source))
      }
      index += 1
    }
    return distances
  }
}

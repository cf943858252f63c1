/// A deterministic automaton over bytes: what one piece of JSON, such as a string or a number, may look like.
///
/// Every state but ``dead`` can reach an accepting one, so a text that the automaton has not refused can
/// always be completed.
final class Automaton: Sendable {
  /// The state from which nothing can be accepted.
  static let dead = -1
  /// The most states for a regular expression, which can need exponentially many.
  static let stateLimit = 4096
  /// The most states for one of several texts, which needs no more than the texts have bytes.
  static let literalStateLimit = 30_000

  /// Where reading starts; ``dead`` if the automaton accepts nothing.
  let start: Int
  /// The state in which every byte but a quote starts a character of a string, if characters can be counted.
  let characterBoundary: Int?
  /// The column of each byte, `[256]`; bytes that no state tells apart share one.
  let columns: [UInt8]
  let columnCount: Int
  /// The states after each byte, `[states, columns]`.
  let rows: [Int16]
  /// A byte of each class.
  private let representatives: [UInt8]
  private let accepting: [Bool]
  /// `[states]`: bytes up to the nearest accepting state.
  private let distances: [Int32]

  /// The automaton of an expression, or `nil` if it needs more than `stateLimit` states or too much work.
  ///
  /// - Parameter countsCharacters: whether characters are counted from the state behind the first quote. The
  ///   expression is then a string of any characters, in which that state comes again behind each of them.
  init?(
    _ expressions: inout Expressions, _ expression: Expressions.ID, countsCharacters: Bool = false,
    stateLimit: Int = stateLimit
  ) {
    let (classes, representatives) = expressions.byteClasses()
    var states = [expression]
    var stateOfExpression = [expression: 0]
    var transitions: [Int16] = []
    var index = 0
    while index < states.count {
      for byte in representatives {
        let next = expressions.derivative(of: states[index], by: byte)
        guard next != expressions.nothing else {
          transitions.append(Int16(Self.dead))
          continue
        }
        if let state = stateOfExpression[next] {
          transitions.append(Int16(state))
        } else {
          guard states.count < stateLimit, !expressions.isExhausted else { return nil }
          stateOfExpression[next] = states.count
          transitions.append(Int16(states.count))
          states.append(next)
        }
      }
      index += 1
    }
    guard !expressions.isExhausted else { return nil }
    accepting = states.map { expressions.matchesEmpty($0) }
    distances = Self.distances(transitions, accepting, classCount: representatives.count)
    for index in transitions.indices where transitions[index] >= 0 {
      if distances[Int(transitions[index])] < 0 { transitions[index] = Int16(Self.dead) }
    }
    self.representatives = representatives
    columns = classes
    columnCount = representatives.count
    rows = transitions
    start = distances[0] < 0 ? Self.dead : 0
    characterBoundary = countsCharacters ? Int(transitions[Int(classes[0x22])]) : nil
  }

  /// The state after a byte, or ``dead``.
  func next(_ state: Int, _ byte: UInt8) -> Int {
    Int(rows[state * columnCount + Int(columns[Int(byte)])])
  }

  func accepts(_ state: Int) -> Bool { accepting[state] }

  /// Whether no byte may follow.
  func isFinal(_ state: Int) -> Bool { representatives.allSatisfy { next(state, $0) == Self.dead } }

  func distance(from state: Int) -> Int { Int(distances[state]) }

  /// The shortest bytes from a state to an accepting one.
  func shortestCompletion(from state: Int) -> [UInt8] {
    var result: [UInt8] = []
    var state = state
    while distances[state] > 0 {
      guard
        let byte = representatives.first(where: { byte in
          let next = next(state, byte)
          return next >= 0 && distances[next] == distances[state] - 1
        })
      else { return result }
      result.append(byte)
      state = next(state, byte)
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

  /// `[states]`: bytes up to the nearest accepting state, -1 if there is none; from the accepting ones back.
  private static func distances(_ transitions: [Int16], _ accepting: [Bool], classCount: Int) -> [Int32] {
    var sources = [[Int]](repeating: [], count: accepting.count)
    for (index, target) in transitions.enumerated() where target >= 0 {
      sources[Int(target)].append(index / classCount)
    }
    var distances = accepting.map { $0 ? Int32(0) : -1 }
    var queue = accepting.indices.filter { accepting[$0] }
    var index = 0
    while index < queue.count {
      for source in sources[queue[index]] where distances[source] < 0 {
        distances[source] = distances[queue[index]] + 1
        queue.append(source)
      }
      index += 1
    }
    return distances
  }
}

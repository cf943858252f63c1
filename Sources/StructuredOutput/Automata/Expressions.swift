/// Regular expressions over bytes, with intersection and complement, each distinct one stored once.
///
/// An expression is a number; equal expressions have equal numbers, so the expressions that are left after
/// reading bytes can serve as the states of an automaton.
///
/// - SeeAlso: Brzozowski, "Derivatives of Regular Expressions", 1964; Owens, Reppy and Turon,
///   "Regular-expression derivatives re-examined", 2009.
struct Expressions {
  typealias ID = Int

  enum Node: Hashable {
    /// Matches no text.
    case nothing
    /// Matches the empty text.
    case empty
    case bytes(ByteSet)
    case sequence(ID, ID)
    /// Sorted, without duplicates, at least two.
    case union([ID])
    /// Sorted, without duplicates, at least two.
    case intersection([ID])
    case complement(ID)
    case repetition(ID, minimum: Int, maximum: Int?)
    /// Digits that continue a number whose remainder by `modulus` is `remainder`, so that the whole is a
    /// multiple. Signs and points are skipped.
    case multiple(modulus: Int, remainder: Int)
  }

  private var nodes: [Node] = []
  private var matchesEmptyText: [Bool] = []
  private var idOfNode: [Node: ID] = [:]
  private var derivatives: [Step: ID] = [:]
  /// Pays for every node and every member that is looked at. When it is exhausted, results are wrong.
  let budget: CompilationBudget

  private struct Step: Hashable {
    let expression: ID
    let byte: UInt8
  }

  let nothing: ID = 0
  let empty: ID = 1
  /// Matches every text.
  let everything: ID = 2

  /// Whether characters are spelled as in a JSON string, or as they are.
  let escapesCharacters: Bool

  init(_ budget: CompilationBudget, escapesCharacters: Bool = true) {
    self.budget = budget
    self.escapesCharacters = escapesCharacters
    _ = intern(.nothing)
    _ = intern(.empty)
    _ = intern(.complement(nothing))
  }

  func matchesEmpty(_ expression: ID) -> Bool { matchesEmptyText[expression] }

  // MARK: Building

  mutating func bytes(_ set: ByteSet) -> ID { set.isEmpty ? nothing : intern(.bytes(set)) }

  mutating func bytes(_ bytes: some Sequence<UInt8>) -> ID { self.bytes(ByteSet(bytes)) }

  mutating func literal(_ text: some BidirectionalCollection<UInt8>) -> ID {
    var result = empty
    for byte in text.reversed() { result = sequence(bytes(CollectionOfOne(byte)), result) }
    return result
  }

  mutating func literal(_ text: String) -> ID { literal(text.utf8) }

  mutating func sequence(_ first: ID, _ second: ID) -> ID {
    if first == nothing || second == nothing { return nothing }
    if first == empty { return second }
    if second == empty { return first }
    // A sequence nests to the right, however it was put together.
    var heads: [ID] = []
    var last = first
    while case .sequence(let head, let tail) = nodes[last] {
      heads.append(head)
      last = tail
    }
    budget.spend(steps: heads.count)
    var result = intern(.sequence(last, second))
    for head in heads.reversed() { result = intern(.sequence(head, result)) }
    return result
  }

  mutating func sequence(_ parts: [ID]) -> ID {
    var result = empty
    for part in parts.reversed() { result = sequence(part, result) }
    return result
  }

  mutating func union(_ parts: [ID]) -> ID {
    var options: [ID] = []
    var singleBytes = ByteSet()
    for part in parts {
      let members = if case .union(let members) = nodes[part] { members } else { [part] }
      budget.spend(steps: members.count)
      for member in members {
        switch nodes[member] {
        case .nothing: break
        case .bytes(let set): singleBytes.formUnion(set)
        default: options.append(member)
        }
      }
    }
    if !singleBytes.isEmpty { options.append(bytes(singleBytes)) }
    if options.contains(everything) { return everything }
    return combine(options, none: nothing) { .union($0) }
  }

  mutating func intersection(_ parts: [ID]) -> ID {
    var members: [ID] = []
    for part in parts {
      if case .intersection(let inner) = nodes[part] {
        members += inner
      } else if part != everything {
        members.append(part)
      }
    }
    budget.spend(steps: members.count)
    if members.contains(nothing) { return nothing }
    return combine(members, none: everything) { .intersection($0) }
  }

  mutating func complement(_ expression: ID) -> ID {
    if case .complement(let inner) = nodes[expression] { return inner }
    return intern(.complement(expression))
  }

  mutating func difference(_ left: ID, _ right: ID) -> ID { intersection([left, complement(right)]) }

  mutating func optional(_ expression: ID) -> ID { union([empty, expression]) }

  mutating func repetition(_ expression: ID, _ minimum: Int, _ maximum: Int? = nil) -> ID {
    if let maximum, maximum == 0 { return empty }
    if expression == empty { return empty }
    if expression == nothing { return minimum == 0 ? empty : nothing }
    if minimum == 1, maximum == 1 { return expression }
    return intern(
      .repetition(expression, minimum: matchesEmpty(expression) ? 0 : minimum, maximum: maximum))
  }

  mutating func multiple(of modulus: Int) -> ID { intern(.multiple(modulus: modulus, remainder: 0)) }

  private mutating func combine(_ members: [ID], none: ID, _ node: ([ID]) -> Node) -> ID {
    guard members.count > 1 else { return members.first ?? none }
    var distinct: [ID] = []
    distinct.reserveCapacity(members.count)
    for member in members.sorted() where member != distinct.last { distinct.append(member) }
    return distinct.count > 1 ? intern(node(distinct)) : distinct[0]
  }

  private mutating func intern(_ node: Node) -> ID {
    if let id = idOfNode[node] { return id }
    if budget.isExhausted, nodes.count > everything { return nothing }
    budget.spend(steps: 1, bytes: Self.bytesPerNode + node.memberCount * 2 * MemoryLayout<ID>.stride)
    let id = nodes.count
    nodes.append(node)
    matchesEmptyText.append(computeMatchesEmpty(node))
    idOfNode[node] = id
    return id
  }

  private func computeMatchesEmpty(_ node: Node) -> Bool {
    switch node {
    case .nothing, .bytes: false
    case .empty: true
    case .sequence(let first, let second): matchesEmpty(first) && matchesEmpty(second)
    case .union(let members): members.contains { matchesEmpty($0) }
    case .intersection(let members): members.allSatisfy { matchesEmpty($0) }
    case .complement(let inner): !matchesEmpty(inner)
    case .repetition(_, let minimum, _): minimum == 0
    case .multiple(_, let remainder): remainder == 0
    }
  }

  // MARK: Reading

  /// What may follow `byte` in the texts that begin with it.
  mutating func derivative(of expression: ID, by byte: UInt8) -> ID {
    switch nodes[expression] {
    case .nothing, .empty: return nothing
    case .bytes(let set): return set.contains(byte) ? empty : nothing
    case .sequence(let first, let second):
      if case .bytes(let set) = nodes[first] { return set.contains(byte) ? second : nothing }
    default: break
    }
    let step = Step(expression: expression, byte: byte)
    if let known = derivatives[step] { return known }
    guard !budget.isExhausted else { return nothing }
    budget.spend(steps: 1, bytes: Self.bytesPerStep)
    let result = computeDerivative(of: expression, by: byte)
    derivatives[step] = result
    return result
  }

  private mutating func computeDerivative(of expression: ID, by byte: UInt8) -> ID {
    switch nodes[expression] {
    case .nothing, .empty, .bytes: return derivative(of: expression, by: byte)
    case .sequence: return derivative(ofSequence: expression, by: byte)
    case .union(let members): return union(members.map { derivative(of: $0, by: byte) })
    case .intersection(let members): return intersection(members.map { derivative(of: $0, by: byte) })
    case .complement(let inner): return complement(derivative(of: inner, by: byte))
    case .repetition(let inner, let minimum, let maximum):
      let first = derivative(of: inner, by: byte)
      let rest = repetition(inner, max(minimum - 1, 0), maximum.map { $0 - 1 })
      return sequence(first, rest)
    case .multiple(let modulus, let remainder):
      guard let digit = byte.decimalDigit else { return byte == 0x2D || byte == 0x2E ? expression : nothing }
      return intern(.multiple(modulus: modulus, remainder: (remainder * 10 + digit) % modulus))
    }
  }

  /// Parts that may be empty let the byte belong to a later one; there may be thousands of them.
  private mutating func derivative(ofSequence expression: ID, by byte: UInt8) -> ID {
    var options: [ID] = []
    var rest = expression
    while case .sequence(let first, let second) = nodes[rest] {
      budget.spend(steps: 1)
      options.append(sequence(derivative(of: first, by: byte), second))
      guard matchesEmpty(first) else { return union(options) }
      rest = second
    }
    options.append(derivative(of: rest, by: byte))
    return union(options)
  }

  /// Numbers for the bytes, so that bytes which no expression tells apart have the same number.
  func byteClasses() -> (classes: [UInt8], representatives: [UInt8]) {
    var sets: Set<ByteSet> = []
    budget.spend(steps: nodes.count / 16)
    for node in nodes {
      switch node {
      case .bytes(let set): sets.insert(set)
      case .multiple: for byte in [0x2D, 0x2E] + Array(UInt8(0x30)...0x39) { sets.insert(ByteSet([byte])) }
      default: break
      }
    }
    var classes = [UInt8](repeating: 0, count: 256)
    var count = 1
    budget.spend(steps: sets.count * 32)
    // The order decides which number a class has.
    for set in sets.sorted() where !budget.isExhausted {
      // Splits every class that the set divides; the part inside the set gets a new number.
      var inside = [Int](repeating: -1, count: count)
      var hasOutside = [Bool](repeating: false, count: count)
      for byte in UInt8.min...UInt8.max where !set.contains(byte) {
        hasOutside[Int(classes[Int(byte)])] = true
      }
      for byte in UInt8.min...UInt8.max where set.contains(byte) {
        let old = Int(classes[Int(byte)])
        guard hasOutside[old] else { continue }
        if inside[old] < 0 {
          inside[old] = count
          count += 1
        }
        classes[Int(byte)] = UInt8(inside[old])
      }
    }
    var representatives = [UInt8](repeating: 0, count: count)
    for byte in (UInt8.min...UInt8.max).reversed() { representatives[Int(classes[Int(byte)])] = byte }
    return (classes, representatives)
  }
}

extension Expressions {
  /// What a node and its entry in the table take, about.
  fileprivate static let bytesPerNode = 144
  /// What a remembered derivative takes, about.
  fileprivate static let bytesPerStep = 48
}

extension Expressions.Node {
  fileprivate var memberCount: Int {
    switch self {
    case .union(let members), .intersection(let members): members.count
    default: 0
    }
  }
}

extension UInt8 {
  /// The value of an ASCII digit.
  var decimalDigit: Int? { self >= 0x30 && self <= 0x39 ? Int(self) - 0x30 : nil }
}

/// One way to read the bytes so far: a place in a terminal, and what has to follow it.
///
/// A text that a grammar can read in several ways has several parses, which go on side by side until the text
/// tells them apart.
struct Parse: Hashable, Sendable {
  /// The terminal's rule, or ``end`` when the text is complete.
  var rule: Int32
  /// A state of the terminal's automaton.
  var state: Int32
  /// Characters of the string so far, if they are counted.
  var characterCount: Int32
  /// The rules that follow.
  var frame: FrameID

  static let endRule: Int32 = -1
  /// A text with nothing to follow.
  static let end = Parse(rule: endRule, state: 0, characterCount: 0, frame: Frame.bottom)

  var isEnd: Bool { rule == Self.endRule }
}

/// A stack of rules by its number.
typealias FrameID = Int32

/// The top of a stack of rules that are still to be read, and the stack below.
struct Frame: Hashable, Sendable {
  var rule: Int32
  var parent: FrameID

  /// The empty stack.
  static let bottom: FrameID = -1
}

/// Every stack that constraints of one grammar have had. Each is stored once, so that equal stacks have equal
/// numbers.
struct FrameTable: Sendable {
  private var frames: [Frame] = []
  private var depths: [Int32] = []
  private var continuations: [[Parse]?] = []
  private var idOfFrame: [Frame: FrameID] = [:]

  subscript(id: FrameID) -> Frame { frames[Int(id)] }

  func depth(of id: FrameID) -> Int { id == Frame.bottom ? 0 : Int(depths[Int(id)]) }

  mutating func push(_ rule: RuleID, onto parent: FrameID) -> FrameID {
    let frame = Frame(rule: Int32(rule), parent: parent)
    if let id = idOfFrame[frame] { return id }
    let id = FrameID(frames.count)
    depths.append(Int32(depth(of: parent) + 1))
    frames.append(frame)
    continuations.append(nil)
    idOfFrame[frame] = id
    return id
  }

  /// The parses at the beginning of what a stack still has to read.
  mutating func parses(for id: FrameID, in grammar: Grammar) -> [Parse] {
    guard id != Frame.bottom else { return [.end] }
    if let known = continuations[Int(id)] { return known }
    let frame = frames[Int(id)]
    let result = parses(reading: RuleID(frame.rule), then: frame.parent, in: grammar)
    continuations[Int(id)] = result
    return result
  }

  /// The parses at the first terminals of a rule.
  ///
  /// Ways that would nest deeper than the limit, even by their shortest text, are left out.
  mutating func parses(reading rule: RuleID, then frame: FrameID, in grammar: Grammar) -> [Parse] {
    var result: [Parse] = []
    var pending = [(rule: rule, frame: frame)]
    while let (rule, frame) = pending.popLast() {
      guard depth(of: frame) + grammar.shortestDepths[rule] <= Machine.depthLimit(grammar) else { continue }
      switch grammar.rules[rule] {
      case .terminal(let terminal):
        result.append(
          Parse(rule: Int32(rule), state: Int32(terminal.automaton.start), characterCount: 0, frame: frame))
      case .sequence(let first, let second): pending.append((first, push(second, onto: frame)))
      case .choice(let options): for option in options.reversed() { pending.append((option, frame)) }
      }
    }
    return result
  }
}

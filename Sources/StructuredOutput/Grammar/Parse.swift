/// One way to read the bytes so far: a place in a terminal, and what has to follow it.
///
/// A text that a grammar can read in several ways has several parses, which go on side by side until the text
/// tells them apart.
struct Parse: Hashable, Sendable {
  /// The terminal's rule, or ``endRule`` when the text is complete.
  var rule: Int32
  /// A state of the terminal's automaton.
  var state: Int32
  /// Characters of the string so far, if they are counted.
  var characterCount: Int32 = 0
  /// The terminal's text so far, if it must differ from others.
  var text = UsedTexts.emptyText
  /// The rules that follow.
  var frame: FrameID

  static let endRule: Int32 = -1
  /// A text with nothing to follow.
  static let end = Parse(rule: endRule, state: 0, frame: Frame.bottom)

  var isEnd: Bool { rule == Self.endRule }
}

/// A stack of rules by its number.
typealias FrameID = Int32

/// The top of a stack of rules that are still to be read, and the stack below.
struct Frame: Hashable, Sendable {
  var rule: Int32
  var tally = Tally()
  var parent: FrameID

  /// The empty stack.
  static let bottom: FrameID = -1
}

/// Every stack that constraints of one grammar have had. Each is stored once, so that equal stacks have equal
/// numbers.
struct FrameTable: Sendable {
  private var frames: [Frame] = []
  private var depths: [Int32] = []
  /// Bytes of the shortest text that a stack still has to read.
  private var lengths: [Int] = []
  private var continuations: [[Parse]?] = []
  /// The stacks whose continuations are known, in the order in which they were found.
  private var known: [FrameID] = []
  private var idOfFrame: [Frame: FrameID] = [:]
  var used = UsedTexts()

  subscript(id: FrameID) -> Frame { frames[Int(id)] }

  func depth(of id: FrameID) -> Int { id == Frame.bottom ? 0 : Int(depths[Int(id)]) }

  func shortestLength(of id: FrameID) -> Int { id == Frame.bottom ? 0 : lengths[Int(id)] }

  mutating func push(
    _ rule: RuleID, _ tally: Tally = Tally(), onto parent: FrameID, in grammar: Grammar
  ) -> FrameID {
    let frame = Frame(rule: Int32(rule), tally: tally, parent: parent)
    if let id = idOfFrame[frame] { return id }
    let id = FrameID(frames.count)
    depths.append(Int32(depth(of: parent) + 1))
    var length = grammar.shortestLength(of: rule, tally)
    if case .terminal(let terminal) = grammar.rules[rule], terminal.isUnique, parent != Frame.bottom {
      length = terminal.shortestLength(without: used.count(of: frames[Int(parent)].tally.used))
    }
    lengths.append(length + shortestLength(of: parent))
    frames.append(frame)
    continuations.append(nil)
    idOfFrame[frame] = id
    return id
  }

  /// The stack after a text that must not come again: the top takes note of it.
  mutating func note(_ text: UsedTexts.TextID, in id: FrameID, _ grammar: Grammar) -> FrameID {
    guard id != Frame.bottom else { return id }
    var frame = frames[Int(id)]
    frame.tally.used = used.insert(text, into: frame.tally.used)
    return push(RuleID(frame.rule), frame.tally, onto: frame.parent, in: grammar)
  }

  /// The parses at the beginning of what a stack still has to read.
  mutating func parses(for id: FrameID, in grammar: Grammar) -> [Parse] {
    guard id != Frame.bottom else { return [.end] }
    if let known = continuations[Int(id)] { return known }
    let frame = frames[Int(id)]
    let result = parses(reading: RuleID(frame.rule), frame.tally, then: frame.parent, in: grammar)
    continuations[Int(id)] = result
    known.append(id)
    return result
  }

  /// The parses at the first terminals of a rule.
  ///
  /// Ways that would nest deeper than the limit, even by their shortest text, are left out.
  mutating func parses(
    reading rule: RuleID, _ tally: Tally = Tally(), then frame: FrameID, in grammar: Grammar
  ) -> [Parse] {
    var result: [Parse] = []
    var pending = [(rule: rule, tally: tally, frame: frame)]
    while let (rule, tally, frame) = pending.popLast() {
      guard depth(of: frame) + grammar.shortestDepths[rule] <= Machine.depthLimit(grammar) else { continue }
      switch grammar.rules[rule] {
      case .terminal(let terminal):
        result.append(Parse(rule: Int32(rule), state: Int32(terminal.automaton.start), frame: frame))
      case .sequence(let first, let second):
        pending.append((first, Tally(), push(second, onto: frame, in: grammar)))
      case .choice(let options):
        for option in options.reversed() { pending.append((option, Tally(), frame)) }
      case .elements(let elements):
        let room = Machine.depthLimit(grammar) - depth(of: frame)
        if grammar.shortestDepths[elements.item] + 1 <= room, elements.mayGoOn(tally, used, in: grammar) {
          let next = push(rule, elements.next(tally), onto: frame, in: grammar)
          pending.append((elements.comma, Tally(), push(elements.item, onto: next, in: grammar)))
        }
        if elements.mayEnd(tally) { pending.append((elements.close, Tally(), frame)) }
      case .members(let object, let place):
        let room = Machine.depthLimit(grammar) - depth(of: frame)
        for way in grammar.objects[object].ways(from: place, tally, used, room: room, in: grammar).reversed()
        {
          var top = frame
          if let then = way.then { top = push(then, way.tally, onto: top, in: grammar) }
          for rule in way.rules.dropFirst().reversed() { top = push(rule, onto: top, in: grammar) }
          pending.append((way.rules[0], Tally(), top))
        }
      }
    }
    return result
  }

  /// How much is stored.
  struct Mark {
    fileprivate var frameCount: Int
    fileprivate var knownCount: Int
    fileprivate var used: UsedTexts.Mark
  }

  var mark: Mark { Mark(frameCount: frames.count, knownCount: known.count, used: used.mark) }

  /// Forgets what was stored after a mark.
  mutating func forget(after mark: Mark) {
    while known.count > mark.knownCount, let id = known.popLast() { continuations[Int(id)] = nil }
    while frames.count > mark.frameCount, let frame = frames.popLast() {
      idOfFrame[frame] = nil
      depths.removeLast()
      lengths.removeLast()
      continuations.removeLast()
    }
    used.forget(after: mark.used)
  }
}

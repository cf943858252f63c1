import Synchronization

/// Reads bytes by a grammar, for all constraints that were made from it.
///
/// The state of a constraint is a list of parses, which are plain numbers. So it is cheap to copy it, and to
/// go back to an earlier one. What was found out on the way, which are stacks and walks over the vocabulary,
/// is shared.
final class Machine: Sendable {
  let schema: CompiledSchema
  let memory = Mutex(FrameTable())

  var grammar: Grammar { schema.grammar }
  var trie: TokenTrie { schema.trie }

  /// How deep arrays and objects may be nested; a schema that needs more gets more.
  private static let nestingLimit = 100
  /// How many parses that differ only in what has to follow are kept, unless they are the branches of one choice,
  /// which may all begin with a brace.
  ///
  /// Others are forgotten, which is safe: every parse that is kept can still be completed. Without a limit,
  /// schemas whose branches begin alike and contain themselves would double the parses with every level.
  static let ambiguityLimit = 16

  static func depthLimit(_ grammar: Grammar) -> Int {
    max(nestingLimit, grammar.shortestDepths[grammar.start])
  }

  init(_ schema: CompiledSchema) { self.schema = schema }

  /// The parses before the first byte.
  func start() -> [Parse] {
    memory.withLock { $0.parses(reading: grammar.start, then: Frame.bottom, in: grammar) }
  }

  /// The parses after `bytes`; none if they cannot come next.
  func advance(_ parses: [Parse], _ bytes: [UInt8]) -> [Parse] {
    memory.withLock { frames in
      var parses = parses
      for byte in bytes {
        var next: [Parse] = []
        for parse in parses { step(parse, byte, &frames, into: &next) }
        parses = Self.withoutDuplicates(next)
      }
      return Self.withinAmbiguityLimit(parses, frames)
    }
  }

  func step(_ parse: Parse, _ byte: UInt8, _ frames: inout FrameTable, into next: inout [Parse]) {
    guard !parse.isEnd else { return }
    if let moved = step(parse, byte, &frames) { next.append(moved) }
    for continuation in continuations(of: parse, &frames) { step(continuation, byte, &frames, into: &next) }
  }

  /// The parse after a byte inside its terminal, or `nil`.
  func step(_ parse: Parse, _ byte: UInt8, _ frames: inout FrameTable) -> Parse? {
    let terminal = terminal(of: parse)
    let state = terminal.automaton.next(Int(parse.state), byte)
    guard state != Automaton.dead else { return nil }
    var moved = parse
    moved.state = Int32(state)
    if terminal.isCounted {
      if terminal.automaton.startsCharacter(Int(parse.state), byte) {
        moved.characterCount = Int32(terminal.count(after: Int(parse.characterCount)))
        // Without room for one more, the count would not say so.
        if Int(parse.characterCount) >= terminal.maximumCharacters ?? .max { return nil }
      }
      guard terminal.allows(state, Int(moved.characterCount)) else { return nil }
    } else if let counts = terminal.textCounts {
      moved.text = frames.used.append(byte, to: parse.text)
      let used = frames.usedTexts(parse)
      if counts[state] < Int32.max, used != UsedTexts.none,
        frames.used.rests(of: used, after: moved.text).count >= Int(counts[state])
      {
        return nil
      }
    }
    return moved
  }

  /// The parses of what follows a parse whose terminal may end here; none if it may not.
  func continuations(of parse: Parse, _ frames: inout FrameTable) -> [Parse] {
    guard accepts(parse, frames) else { return [] }
    guard terminal(of: parse).isUnique else { return frames.parses(for: parse.frame, in: grammar) }
    return frames.parses(for: frames.note(parse.text, in: parse.frame, grammar), in: grammar)
  }

  func terminal(of parse: Parse) -> Terminal {
    guard case .terminal(let terminal) = grammar.rules[Int(parse.rule)] else {
      preconditionFailure("a parse is at a terminal")
    }
    return terminal
  }

  /// Whether a parse's terminal may end here.
  func accepts(_ parse: Parse, _ frames: FrameTable) -> Bool {
    guard !parse.isEnd else { return false }
    let terminal = terminal(of: parse)
    guard terminal.automaton.accepts(Int(parse.state)) else { return false }
    return !terminal.isUnique || !frames.used.contains(parse.text, in: frames.usedTexts(parse))
  }

  static func withoutDuplicates(_ parses: [Parse]) -> [Parse] {
    guard parses.count > 1 else { return parses }
    var seen: Set<Parse> = []
    return parses.filter { seen.insert($0).inserted }
  }

  private static func withinAmbiguityLimit(_ parses: [Parse], _ frames: FrameTable) -> [Parse] {
    guard parses.count > ambiguityLimit else { return parses }
    func below(_ parse: Parse) -> FrameID {
      parse.frame == Frame.bottom ? Frame.bottom : frames[parse.frame].parent
    }
    var places: [Parse: (below: FrameID, isOneChoice: Bool, count: Int)] = [:]
    for parse in parses {
      var place = places[parse.place] ?? (below(parse), true, 0)
      place.isOneChoice = place.isOneChoice && place.below == below(parse)
      places[parse.place] = place
    }
    return parses.filter { parse in
      guard var place = places[parse.place], !place.isOneChoice else { return true }
      place.count += 1
      places[parse.place] = place
      return place.count <= ambiguityLimit
    }
  }

  /// The parses without those that differ from many others only in what has to follow. No token reaches into
  /// them: it would be read in as many ways, at every level that it reaches into. Shorter tokens lead there.
  static func withoutCrowds(_ parses: [Parse]) -> [Parse] {
    guard parses.count > ambiguityLimit else { return parses }
    let counts = parses.reduce(into: [Parse: Int]()) { $0[$1.place, default: 0] += 1 }
    return parses.filter { counts[$0.place, default: 0] <= ambiguityLimit }
  }
}

extension Parse {
  /// The parse without what has to follow.
  var place: Parse {
    var place = self
    place.frame = Frame.bottom
    return place
  }
}

extension FrameTable {
  /// The texts that the one that a parse reads must differ from.
  func usedTexts(_ parse: Parse) -> UsedTexts.ID {
    parse.frame == Frame.bottom ? UsedTexts.none : self[parse.frame].tally.used
  }
}

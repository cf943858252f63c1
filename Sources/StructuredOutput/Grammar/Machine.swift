import Synchronization

/// Reads bytes by a grammar, for all constraints that were made from it.
///
/// The state of a constraint is a list of parses, which are plain numbers. So it is cheap to copy it, and to
/// go back to an earlier one. What was found out on the way, which are stacks and walks over the vocabulary,
/// is shared.
final class Machine: Sendable {
  let grammar: Grammar
  let trie: TokenTrie
  let memory: Mutex<Memory>

  /// What has been found out so far.
  struct Memory: Sendable {
    var frames = FrameTable()
    var walks: [WalkKey: TokenWalk] = [:]
  }

  struct WalkKey: Hashable, Sendable {
    var rule: Int32
    var state: Int32
  }

  /// How deep arrays and objects may be nested; a schema that needs more gets more.
  private static let nestingLimit = 100
  /// How many parses that differ only in what has to follow are kept.
  ///
  /// Others are forgotten, which is safe: every parse that is kept can still be completed. Without a limit,
  /// schemas whose branches begin alike and contain themselves would double the parses with every level.
  private static let ambiguityLimit = 16
  /// How many walks over the vocabulary are kept.
  static let walkLimit = 256

  static func depthLimit(_ grammar: Grammar) -> Int {
    max(nestingLimit, grammar.shortestDepths[grammar.start])
  }

  init(_ grammar: Grammar, _ trie: TokenTrie) {
    self.grammar = grammar
    self.trie = trie
    memory = Mutex(Memory())
  }

  /// The parses before the first byte.
  func start() -> [Parse] {
    memory.withLock { $0.frames.parses(reading: grammar.start, then: Frame.bottom, in: grammar) }
  }

  /// The parses after `bytes`; none if they cannot come next.
  func advance(_ parses: [Parse], _ bytes: [UInt8]) -> [Parse] {
    memory.withLock { memory in
      var parses = parses
      for byte in bytes {
        var next: [Parse] = []
        for parse in parses { step(parse, byte, &memory.frames, into: &next) }
        parses = Self.withoutDuplicates(next)
      }
      return Self.withinAmbiguityLimit(parses)
    }
  }

  private func step(_ parse: Parse, _ byte: UInt8, _ frames: inout FrameTable, into next: inout [Parse]) {
    guard !parse.isEnd else { return }
    if let moved = step(parse, byte) { next.append(moved) }
    if accepts(parse) {
      for continuation in frames.parses(for: parse.frame, in: grammar) {
        step(continuation, byte, &frames, into: &next)
      }
    }
  }

  /// The parse after a byte inside its terminal, or `nil`.
  func step(_ parse: Parse, _ byte: UInt8) -> Parse? {
    let terminal = terminal(of: parse)
    let state = terminal.automaton.next(Int(parse.state), byte)
    guard state != Automaton.dead else { return nil }
    var moved = parse
    moved.state = Int32(state)
    if terminal.automaton.characterBoundary == Int(parse.state) {
      if byte == 0x22 {
        guard Int(parse.characterCount) >= terminal.minimumCharacters else { return nil }
        moved.characterCount = 0
      } else {
        let maximum = terminal.maximumCharacters
        guard Int(parse.characterCount) < maximum ?? .max else { return nil }
        // Without a maximum, characters past the minimum make no difference.
        if maximum != nil || Int(parse.characterCount) < terminal.minimumCharacters {
          moved.characterCount += 1
        }
      }
    }
    return moved
  }

  func terminal(of parse: Parse) -> Grammar.Terminal {
    guard case .terminal(let terminal) = grammar.rules[Int(parse.rule)] else {
      preconditionFailure("a parse is at a terminal")
    }
    return terminal
  }

  func accepts(_ parse: Parse) -> Bool {
    !parse.isEnd && terminal(of: parse).automaton.accepts(Int(parse.state))
  }

  private static func withoutDuplicates(_ parses: [Parse]) -> [Parse] {
    guard parses.count > 1 else { return parses }
    var seen: Set<Parse> = []
    return parses.filter { seen.insert($0).inserted }
  }

  private static func withinAmbiguityLimit(_ parses: [Parse]) -> [Parse] {
    guard parses.count > ambiguityLimit else { return parses }
    var counts: [Parse: Int] = [:]
    return parses.filter { parse in
      var place = parse
      place.frame = Frame.bottom
      counts[place, default: 0] += 1
      return counts[place, default: 0] <= ambiguityLimit
    }
  }
}

import Synchronization

/// Reads bytes by a grammar, for all constraints that were made from it.
///
/// The state of a constraint is a list of threads, which are plain numbers: copying it is cheap, and so is going
/// back to an earlier one. What was found out on the way (stacks, walks over the vocabulary) is shared.
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

  /// Arrays and objects inside each other, at most; a schema that needs more gets more.
  private static let nestingLimit = 100
  /// Ways of reading the same text that are followed at once, of those that differ only in what has to follow.
  ///
  /// More are forgotten: each that is left can still be completed. Schemas whose branches begin alike and contain
  /// themselves would else double them with every level.
  private static let ambiguityLimit = 16
  /// Walks over the vocabulary that are kept.
  static let walkLimit = 256

  static func depthLimit(_ grammar: Grammar) -> Int {
    max(nestingLimit, grammar.shortestDepths[grammar.start])
  }

  init(_ grammar: Grammar, _ trie: TokenTrie) {
    self.grammar = grammar
    self.trie = trie
    memory = Mutex(Memory())
  }

  /// The threads before the first byte.
  func start() -> [Thread] {
    memory.withLock { $0.frames.threads(reading: grammar.start, then: Frame.bottom, in: grammar) }
  }

  /// The threads after `bytes`; none if they cannot come next.
  func advance(_ threads: [Thread], _ bytes: [UInt8]) -> [Thread] {
    memory.withLock { memory in
      var threads = threads
      for byte in bytes {
        var next: [Thread] = []
        for thread in threads { step(thread, byte, &memory.frames, into: &next) }
        threads = Self.withoutDuplicates(next)
      }
      return Self.withinAmbiguityLimit(threads)
    }
  }

  private func step(_ thread: Thread, _ byte: UInt8, _ frames: inout FrameTable, into next: inout [Thread]) {
    guard !thread.isEnd else { return }
    if let moved = step(thread, byte) { next.append(moved) }
    if accepts(thread) {
      for continuation in frames.threads(for: thread.frame, in: grammar) {
        step(continuation, byte, &frames, into: &next)
      }
    }
  }

  /// The thread after a byte inside its terminal, or `nil`.
  func step(_ thread: Thread, _ byte: UInt8) -> Thread? {
    let terminal = terminal(of: thread)
    let state = terminal.automaton.next(Int(thread.state), byte)
    guard state != Automaton.dead else { return nil }
    var moved = thread
    moved.state = Int32(state)
    if terminal.automaton.characterBoundary == Int(thread.state) {
      if byte == 0x22 {
        guard Int(thread.characterCount) >= terminal.minimumCharacters else { return nil }
        moved.characterCount = 0
      } else {
        let maximum = terminal.maximumCharacters
        guard Int(thread.characterCount) < maximum ?? .max else { return nil }
        // Without a maximum, characters past the minimum make no difference.
        if maximum != nil || Int(thread.characterCount) < terminal.minimumCharacters {
          moved.characterCount += 1
        }
      }
    }
    return moved
  }

  func terminal(of thread: Thread) -> Grammar.Terminal {
    guard case .terminal(let terminal) = grammar.rules[Int(thread.rule)] else {
      preconditionFailure("a thread is at a terminal")
    }
    return terminal
  }

  func accepts(_ thread: Thread) -> Bool {
    !thread.isEnd && terminal(of: thread).automaton.accepts(Int(thread.state))
  }

  private static func withoutDuplicates(_ threads: [Thread]) -> [Thread] {
    guard threads.count > 1 else { return threads }
    var seen: Set<Thread> = []
    return threads.filter { seen.insert($0).inserted }
  }

  private static func withinAmbiguityLimit(_ threads: [Thread]) -> [Thread] {
    guard threads.count > ambiguityLimit else { return threads }
    var counts: [Thread: Int] = [:]
    return threads.filter { thread in
      var place = thread
      place.frame = Frame.bottom
      counts[place, default: 0] += 1
      return counts[place, default: 0] <= ambiguityLimit
    }
  }
}

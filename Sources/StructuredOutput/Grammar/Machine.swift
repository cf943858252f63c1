import GPTOSSTokenizer
import Synchronization

/// Reads bytes by a grammar, for all constraints that were made from it.
///
/// The state of a constraint is a list of threads, which are plain numbers: copying it is cheap, and so is going
/// back to an earlier one. What was found out on the way (stacks, walks over the vocabulary) is shared.
final class Machine: Sendable {
  let grammar: Grammar
  let trie: TokenTrie
  private let memory: Mutex<Memory>

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
  private static let walkLimit = 256

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

  // MARK: The end

  /// Whether the text may end here.
  func canEnd(_ threads: [Thread]) -> Bool {
    memory.withLock { memory in threads.contains { canEnd($0, &memory.frames) } }
  }

  private func canEnd(_ thread: Thread, _ frames: inout FrameTable) -> Bool {
    if thread.isEnd { return true }
    guard accepts(thread) else { return false }
    return frames.threads(for: thread.frame, in: grammar).contains { canEnd($0, &frames) }
  }

  /// Whether the text has to end here.
  func mustEnd(_ threads: [Thread]) -> Bool {
    memory.withLock { memory in threads.allSatisfy { mustEnd($0, &memory.frames) } }
  }

  private func mustEnd(_ thread: Thread, _ frames: inout FrameTable) -> Bool {
    if thread.isEnd { return true }
    guard accepts(thread), terminal(of: thread).automaton.isFinal(Int(thread.state)) else { return false }
    return frames.threads(for: thread.frame, in: grammar).allSatisfy { mustEnd($0, &frames) }
  }

  /// How many bytes the shortest way to complete the text takes.
  func shortestLength(_ threads: [Thread]) -> Int {
    memory.withLock { memory in threads.map { length(toEnd: $0, memory.frames) }.min() ?? 0 }
  }

  /// The fewest bytes that complete the text.
  func shortestCompletion(_ threads: [Thread]) -> [UInt8] {
    memory.withLock { memory in
      let frames = memory.frames
      guard let thread = threads.min(by: { length(toEnd: $0, frames) < length(toEnd: $1, frames) }),
        !thread.isEnd
      else { return [] }
      let terminal = terminal(of: thread)
      var result = Self.shortestCompletion(terminal, Int(thread.state), Int(thread.characterCount))
      var frame = thread.frame
      while frame != Frame.bottom {
        appendShortestText(of: RuleID(frames[frame].rule), to: &result)
        frame = frames[frame].parent
      }
      return result
    }
  }

  private func length(toEnd thread: Thread, _ frames: FrameTable) -> Int {
    guard !thread.isEnd else { return 0 }
    let terminal = terminal(of: thread)
    var length = terminal.automaton.distance(from: Int(thread.state))
    length += max(terminal.minimumCharacters - Int(thread.characterCount), 0)
    var frame = thread.frame
    while frame != Frame.bottom {
      length += grammar.shortestLengths[Int(frames[frame].rule)]
      frame = frames[frame].parent
    }
    return length
  }

  private func appendShortestText(of rule: RuleID, to text: inout [UInt8]) {
    var pending = [rule]
    while let rule = pending.popLast() {
      switch grammar.rules[rule] {
      case .terminal(let terminal):
        text += Self.shortestCompletion(terminal, terminal.automaton.start, 0)
      case .sequence(let first, let second): pending += [second, first]
      case .choice(let options): if let option = grammar.shortestOption(options) { pending.append(option) }
      }
    }
  }

  /// The shortest rest of a terminal: to the end of the character, then as many characters as the minimum asks for.
  private static func shortestCompletion(
    _ terminal: Grammar.Terminal, _ state: Int, _ characterCount: Int
  ) -> [UInt8] {
    var result = terminal.automaton.shortestCompletion(from: state)
    let missing = terminal.minimumCharacters - characterCount
    if missing > 0, result.last == 0x22 {
      result.insert(contentsOf: [UInt8](repeating: 0x78, count: missing), at: result.count - 1)
    }
    return result
  }

  // MARK: Tokens

  /// The tokens that may come next, one bit a token.
  func allowedTokens(_ threads: [Thread]) -> [UInt64] {
    memory.withLock { memory in
      var words = [UInt64](repeating: 0, count: (trie.vocabulary.count + 63) / 64)
      for thread in threads { allow(thread, &memory, &words) }
      return words
    }
  }

  /// Adds the tokens that begin in a thread.
  private func allow(_ thread: Thread, _ memory: inout Memory, _ words: inout [UInt64]) {
    guard !thread.isEnd else { return }
    if accepts(thread) {
      for continuation in memory.frames.threads(for: thread.frame, in: grammar) {
        allow(continuation, &memory, &words)
      }
    }
    let terminal = terminal(of: thread)
    let walk = walk(from: thread, terminal, &memory)
    let count = Int(thread.characterCount)
    let limit = (terminal.maximumCharacters ?? .max) - count
    walk.formUnion(of: &words, characterLimit: limit)
    guard !walk.exits.isEmpty else { return }
    let continuations = memory.frames.threads(for: thread.frame, in: grammar)
    let isInsideString = terminal.automaton.characterBoundary != nil
    for exit in walk.exits {
      let characters = Int(exit.characterCount)
      if isInsideString, characters > limit || count + characters < terminal.minimumCharacters { continue }
      allow(exitAt: Int(exit.node), continuations, &memory, &words)
    }
  }

  /// Adds a token that ends with its terminal, and those that go on with what follows it.
  private func allow(
    exitAt index: Int, _ continuations: [Thread], _ memory: inout Memory, _ words: inout [UInt64]
  ) {
    let node = trie.nodes[index]
    if node.token != TokenTrie.noToken { words[Int(node.token) / 64] |= 1 << UInt64(node.token % 64) }
    guard Int(node.end) > index + 1 else { return }
    for continuation in continuations { allow(continuation, below: index, &memory, &words) }
  }

  /// Adds the tokens below a node that go on with a thread which begins there.
  private func allow(_ thread: Thread, below top: Int, _ memory: inout Memory, _ words: inout [UInt64]) {
    guard !thread.isEnd else { return }
    if accepts(thread) {
      for continuation in memory.frames.threads(for: thread.frame, in: grammar) {
        allow(continuation, below: top, &memory, &words)
      }
    }
    let topNode = trie.nodes[top]
    // The threads at the nodes from `top` down to the one that is read.
    var path = [thread]
    var index = top + 1
    while index < Int(topNode.end) {
      let node = trie.nodes[index]
      let depth = Int(node.depth - topNode.depth)
      guard let next = step(path[depth - 1], node.byte) else {
        index = Int(node.end)
        continue
      }
      path.removeSubrange(depth...)
      path.append(next)
      if node.token != TokenTrie.noToken { words[Int(node.token) / 64] |= 1 << UInt64(node.token % 64) }
      if accepts(next), Int(node.end) > index + 1 {
        for continuation in memory.frames.threads(for: next.frame, in: grammar) {
          allow(continuation, below: index, &memory, &words)
        }
      }
      index += 1
    }
  }

  private func walk(from thread: Thread, _ terminal: Grammar.Terminal, _ memory: inout Memory) -> TokenWalk {
    if terminal.automaton === Automaton.anyString { return trie.stringWalk(from: Int(thread.state)) }
    let key = WalkKey(rule: thread.rule, state: thread.state)
    if let walk = memory.walks[key] { return walk }
    let walk = TokenWalk(trie, terminal.automaton, from: Int(thread.state))
    if memory.walks.count == Self.walkLimit { memory.walks.removeAll() }
    memory.walks[key] = walk
    return walk
  }
}

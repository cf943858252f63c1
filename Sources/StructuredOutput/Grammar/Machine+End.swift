import Synchronization

extension Machine {
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
}

import Synchronization

extension Machine {
  /// Whether the text may end here.
  func canEnd(_ parses: [Parse]) -> Bool {
    memory.withLock { memory in parses.contains { canEnd($0, &memory.frames) } }
  }

  private func canEnd(_ parse: Parse, _ frames: inout FrameTable) -> Bool {
    if parse.isEnd { return true }
    guard accepts(parse) else { return false }
    return frames.parses(for: parse.frame, in: grammar).contains { canEnd($0, &frames) }
  }

  /// Whether the text has to end here.
  func mustEnd(_ parses: [Parse]) -> Bool {
    memory.withLock { memory in parses.allSatisfy { mustEnd($0, &memory.frames) } }
  }

  private func mustEnd(_ parse: Parse, _ frames: inout FrameTable) -> Bool {
    if parse.isEnd { return true }
    guard accepts(parse), terminal(of: parse).automaton.isFinal(Int(parse.state)) else { return false }
    return frames.parses(for: parse.frame, in: grammar).allSatisfy { mustEnd($0, &frames) }
  }

  /// How many bytes the shortest way to complete the text takes.
  func shortestLength(_ parses: [Parse]) -> Int {
    memory.withLock { memory in parses.map { length(toEnd: $0, memory.frames) }.min() ?? 0 }
  }

  /// The fewest bytes that complete the text.
  func shortestCompletion(_ parses: [Parse]) -> [UInt8] {
    memory.withLock { memory in
      let frames = memory.frames
      guard let parse = parses.min(by: { length(toEnd: $0, frames) < length(toEnd: $1, frames) }),
        !parse.isEnd
      else { return [] }
      let terminal = terminal(of: parse)
      var result = Self.shortestCompletion(terminal, Int(parse.state), Int(parse.characterCount))
      var frame = parse.frame
      while frame != Frame.bottom {
        appendShortestText(of: RuleID(frames[frame].rule), to: &result)
        frame = frames[frame].parent
      }
      return result
    }
  }

  private func length(toEnd parse: Parse, _ frames: FrameTable) -> Int {
    guard !parse.isEnd else { return 0 }
    let terminal = terminal(of: parse)
    var length = terminal.automaton.distance(from: Int(parse.state))
    length += max(terminal.minimumCharacters - Int(parse.characterCount), 0)
    var frame = parse.frame
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

  /// The shortest rest of a terminal: the rest of the character, then as many characters as the minimum asks
  /// for.
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

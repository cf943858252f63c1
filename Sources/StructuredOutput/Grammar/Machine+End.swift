import Synchronization

extension Machine {
  /// Whether the text may end here.
  func canEnd(_ parses: [Parse]) -> Bool {
    memory.withLock { frames in parses.contains { canEnd($0, &frames) } }
  }

  private func canEnd(_ parse: Parse, _ frames: inout FrameTable) -> Bool {
    parse.isEnd || continuations(of: parse, &frames).contains { canEnd($0, &frames) }
  }

  /// Whether the text has to end here.
  func mustEnd(_ parses: [Parse]) -> Bool {
    memory.withLock { frames in parses.allSatisfy { mustEnd($0, &frames) } }
  }

  private func mustEnd(_ parse: Parse, _ frames: inout FrameTable) -> Bool {
    if parse.isEnd { return true }
    guard accepts(parse, frames), terminal(of: parse).automaton.isFinal(Int(parse.state)) else {
      return false
    }
    return continuations(of: parse, &frames).allSatisfy { mustEnd($0, &frames) }
  }

  /// Whether a minimum, of a string's characters or of elements, asks for more: what repeats itself here may
  /// have to.
  func asksForMore(_ parses: [Parse]) -> Bool {
    memory.withLock { frames in
      parses.allSatisfy { parse in
        guard !parse.isEnd else { return false }
        if terminal(of: parse).asksForMore(Int(parse.characterCount)) { return true }
        var frame = parse.frame
        while frame != Frame.bottom {
          if case .elements(let elements) = grammar.rules[Int(frames[frame].rule)],
            !elements.mayEnd(frames[frame].tally)
          {
            return true
          }
          frame = frames[frame].parent
        }
        return false
      }
    }
  }

  /// How many bytes the shortest way to complete the text takes, at most.
  func shortestLength(_ parses: [Parse]) -> Int {
    memory.withLock { frames in parses.map { length(toEnd: $0, &frames) }.min() ?? 0 }
  }

  /// The fewest bytes that complete the text.
  func shortestCompletion(_ parses: [Parse]) -> [UInt8] {
    memory.withLock { frames in
      var best: (parse: Parse, length: Int)?
      for parse in parses {
        let length = length(toEnd: parse, &frames)
        if length < best?.length ?? .max { best = (parse, length) }
      }
      guard let parse = best?.parse, !parse.isEnd else { return [] }
      let (text, isUnique) = rest(of: parse, &frames)
      var result = text
      var frame = parse.frame
      // Only the top of the stack has to take note of a text.
      var noted = isUnique ? frames.used.bytes(of: parse.text) + text : nil
      while frame != Frame.bottom {
        let top = frames[frame]
        frame = top.parent
        if case .terminal(let terminal) = grammar.rules[Int(top.rule)], terminal.isUnique {
          let used = frame == Frame.bottom ? UsedTexts.none : frames[frame].tally.used
          let text = Self.shortest(terminal, terminal.automaton.start, frames.used.rests(of: used))
          result += text
          noted = text
        } else {
          append(top, noted, frames, to: &result)
          noted = nil
        }
      }
      return result
    }
  }

  private func append(_ frame: Frame, _ noted: [UInt8]?, _ frames: FrameTable, to text: inout [UInt8]) {
    var used: Set<[UInt8]> = []
    if frame.tally.used != UsedTexts.none || noted != nil {
      used = Set(frames.used.texts(of: frame.tally.used).map { frames.used.bytes(of: $0) })
      if let noted { used.insert(noted) }
    }
    switch grammar.rules[Int(frame.rule)] {
    case .elements(let elements):
      elements.appendShortestText(frame.tally, except: used, in: grammar, to: &text)
    case .members(let object, let place):
      grammar.objects[object].appendShortestText(place, frame.tally, except: used, in: grammar, to: &text)
    default: grammar.appendShortestText(of: RuleID(frame.rule), to: &text)
    }
  }

  /// The shortest rest of a parse's terminal, and whether it must differ from others.
  private func rest(of parse: Parse, _ frames: inout FrameTable) -> (text: [UInt8], isUnique: Bool) {
    let terminal = terminal(of: parse)
    guard terminal.isUnique else {
      return (terminal.shortestCompletion(from: Int(parse.state), Int(parse.characterCount)), false)
    }
    let used = frames.used.rests(of: frames.usedTexts(parse), after: parse.text)
    return (Self.shortest(terminal, Int(parse.state), used), true)
  }

  /// The shortest rest of a text that is none of some others.
  private static func shortest(_ terminal: Terminal, _ state: Int, _ others: [[UInt8]]) -> [UInt8] {
    let others = Set(others)
    return terminal.automaton.shortestTexts(from: state, count: 1) { !others.contains($0) }.first ?? []
  }

  private func length(toEnd parse: Parse, _ frames: inout FrameTable) -> Int {
    guard !parse.isEnd else { return 0 }
    let terminal = terminal(of: parse)
    let rest =
      terminal.isUnique
      ? self.rest(of: parse, &frames).text.count
      : terminal.shortestLength(from: Int(parse.state), Int(parse.characterCount))
    return rest + frames.shortestLength(of: parse.frame)
  }
}

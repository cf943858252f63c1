import Synchronization

extension Machine {
  /// The ways in which a text may go on.
  struct Ways {
    /// More bytes than this are as good as any.
    private static let limit = 8

    /// The bytes that may come next, unless there are ``isMany``.
    private(set) var bytes: [UInt8] = []
    /// Whether there are more than can be looked at one by one.
    var isMany = false
    /// Whether the text may end.
    var mayEnd = false

    /// Whether the text has to end.
    var isEnd: Bool { mayEnd && !isMany && bytes.isEmpty }

    /// The one byte that has to come; nil if there is a choice.
    var only: UInt8? { !isMany && !mayEnd && bytes.count == 1 ? bytes[0] : nil }

    mutating func insert(_ byte: UInt8) {
      guard !bytes.contains(byte) else { return }
      if bytes.count == Self.limit { isMany = true } else { bytes.append(byte) }
    }
  }

  /// With more parses than this, what has to come is not looked for: nothing bounds them between two tokens.
  private static let followedParses = 512

  /// The bytes that have to come next, at most `limit`, and the ways to go on behind them.
  ///
  /// - Complexity: O(`limit` × 256) for each parse; where there is a choice at once, a few steps.
  func forcedBytes(_ parses: [Parse], atMost limit: Int) -> (bytes: [UInt8], behind: Ways) {
    memory.withLock { frames in
      var parses = parses
      var bytes: [UInt8] = []
      var ways = self.ways(parses, &frames)
      while let byte = ways.only {
        guard bytes.count < limit else {
          ways.isMany = true
          break
        }
        bytes.append(byte)
        var next: [Parse] = []
        for parse in parses { step(parse, byte, &frames, into: &next) }
        parses = Self.withoutDuplicates(next)
        guard parses.count <= Self.followedParses else {
          ways.isMany = true
          break
        }
        ways = self.ways(parses, &frames)
      }
      return (bytes, ways)
    }
  }

  private func ways(_ parses: [Parse], _ frames: inout FrameTable) -> Ways {
    var ways = Ways()
    for parse in parses { add(parse, to: &ways, &frames) }
    return ways
  }

  private func add(_ parse: Parse, to ways: inout Ways, _ frames: inout FrameTable) {
    guard !ways.isMany else { return }
    guard !parse.isEnd else {
      ways.mayEnd = true
      return
    }
    for continuation in continuations(of: parse, &frames) { add(continuation, to: &ways, &frames) }
    let terminal = terminal(of: parse)
    for byte in UInt8.min ... .max where !ways.isMany {
      guard terminal.automaton.next(Int(parse.state), byte) != Automaton.dead else { continue }
      // Whoever counts characters may have had all of them. A text that must differ from others may have to
      // avoid the byte, which makes it no less of a choice.
      if terminal.isCounted, step(parse, byte, &frames) == nil { continue }
      ways.insert(byte)
    }
  }
}

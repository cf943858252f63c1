package import GPTOSSTokenizer

/// What a generation goes on from.
package struct Prompt: Sendable, Equatable {
  /// The tokens, at least one.
  package private(set) var tokens: [TokenID] = []
  /// The stretches that the model generated itself.
  ///
  /// They are read as finely as they were when they were generated, so that a conversation that is read again comes to the same
  /// keys and values (``LoadOptions/precision``).
  package private(set) var generated: [Range<Int>] = []
  /// Positions that a later prompt may go back to: the ends of messages.
  package private(set) var checkpoints: [Int] = []

  /// Nothing yet.
  package init() {}

  init(_ tokens: [TokenID]) { self.tokens = tokens }

  /// Adds tokens at the end.
  package mutating func append(_ more: [TokenID], isGenerated: Bool = false) {
    if isGenerated { generated.append(tokens.count..<tokens.count + more.count) }
    tokens += more
  }

  /// Adds another prompt at the end.
  mutating func append(_ other: Prompt) {
    let offset = tokens.count
    tokens += other.tokens
    generated += other.generated.map { $0.lowerBound + offset..<$0.upperBound + offset }
    checkpoints += other.checkpoints.map { $0 + offset }
  }

  /// Makes the end a point to go back to.
  package mutating func markCheckpoint() { checkpoints.append(tokens.count) }

  /// Whether the token at `position` was generated.
  func isGenerated(_ position: Int) -> Bool { generated.contains { $0.contains(position) } }

  /// The first position from `position` on, at most `end`, whose token is of the other kind.
  func endOfStretch(from position: Int, atMost end: Int) -> Int {
    let kind = isGenerated(position)
    let borders = generated.flatMap { [$0.lowerBound, $0.upperBound] }
    return borders.filter { $0 > position && $0 < end && isGenerated($0) != kind }.min() ?? end
  }
}

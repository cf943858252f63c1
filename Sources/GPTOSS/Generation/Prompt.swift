package import GPTOSSTokenizer

/// What a generation goes on from.
package struct Prompt: Sendable, Equatable {
  /// The tokens, at least one.
  package private(set) var tokens: [TokenID] = []
  /// The stretches that the model generated itself, and the opening of an answer, which is part of the message that follows.
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

  /// The tokens as they are read.
  ///
  /// - Parameter generatedAreFiner: whether only what was generated is read finely, and not everything.
  func readTokens(generatedAreFiner: Bool) -> [ReadToken] {
    var isFine = [Bool](repeating: !generatedAreFiner, count: tokens.count)
    for position in generated.joined() { isFine[position] = true }
    return zip(tokens, isFine).map { ReadToken(id: $0, isFine: $1) }
  }
}

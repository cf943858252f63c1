package import GPTOSSHarmony
package import GPTOSSSampling
package import GPTOSSTokenizer

/// What is to be generated, and who hears of it.
package struct GenerationRequest: Sendable {
  var prompt: TokenizedPrompt
  var options: GenerationOptions
  /// What the tokens are held to; nil for nothing.
  var constraint: (any TokenConstraining)?
  /// The conversation whose sequence is to be used; nil if there is none.
  var owner: ConversationIdentity?
  /// Called on the model's thread with every event. A reason that it returns ends the generation after this
  /// token.
  var yield: @Sendable (GenerationEvent) -> StopReason?

  package init(
    prompt: TokenizedPrompt, options: GenerationOptions, constraint: (any TokenConstraining)? = nil,
    owner: ConversationIdentity? = nil,
    yield: @escaping @Sendable (GenerationEvent) -> StopReason?
  ) {
    self.prompt = prompt
    self.options = options
    self.constraint = constraint
    self.owner = owner
    self.yield = yield
  }
}

/// What a generation goes on from.
package struct TokenizedPrompt: Sendable, Equatable {
  /// The tokens, at least one.
  package private(set) var tokens: [TokenID] = []
  /// The stretches that the model generated itself, and the opening of an answer, which belongs to the
  /// message that follows.
  ///
  /// They are read as finely as they were when they were generated. So a conversation that is read again has
  /// the same keys and values (``LoadOptions/precision``).
  package private(set) var generated: [Range<Int>] = []
  /// Positions that a later prompt may go back to: the ends of messages.
  package private(set) var checkpoints: [Int] = []

  /// The messages that it consists of, as far as it consists of messages.
  private(set) var messages: [MessageEnd] = []

  /// Where a message ends, and whose it is.
  struct MessageEnd: Sendable, Equatable {
    var position: Int
    let role: Role
  }

  /// Nothing yet.
  package init() {}

  /// Tokens without messages. The same ones again can go on before the last, whose logits are wanted.
  init(_ tokens: [TokenID]) {
    self.tokens = tokens
    if tokens.count > 1 { checkpoints = [tokens.count - 1] }
  }

  /// Adds tokens at the end.
  package mutating func append(_ more: [TokenID], isGenerated: Bool = false) {
    if isGenerated { generated.append(tokens.count..<tokens.count + more.count) }
    tokens += more
  }

  /// Adds another prompt at the end.
  mutating func append(_ other: TokenizedPrompt) {
    let offset = tokens.count
    tokens += other.tokens
    generated += other.generated.map { $0.lowerBound + offset..<$0.upperBound + offset }
    checkpoints += other.checkpoints.map { $0 + offset }
    messages += other.messages.map { MessageEnd(position: $0.position + offset, role: $0.role) }
  }

  /// Makes the end a point to go back to.
  ///
  /// - Parameter role: whose message ends here; nil for none.
  package mutating func markCheckpoint(endOf role: Role? = nil) {
    checkpoints.append(tokens.count)
    if let role { messages.append(MessageEnd(position: tokens.count, role: role)) }
  }

  /// The tokens as they are read.
  ///
  /// - Parameter generatedAreFiner: whether only what was generated is read finely, and not everything.
  func readTokens(generatedAreFiner: Bool) -> [ReadToken] {
    var isFine = [Bool](repeating: !generatedAreFiner, count: tokens.count)
    for position in generated.joined() { isFine[position] = true }
    return zip(tokens, isFine).map { ReadToken(id: $0, isFine: $1) }
  }
}

/// What generated tokens are held to: a state machine that is told every token.
///
/// `remaining` is how many tokens may still be generated, the one that is chosen now included.
package protocol TokenConstraining: Sendable {
  /// The tokens that may come next; nil for any.
  mutating func allowedTokens(remaining: Int) throws(GPTOSSError) -> TokenMask?

  /// The only token that may come next, with which ``allowedTokens(remaining:)`` agrees; nil where there is a
  /// choice.
  mutating func forcedToken(remaining: Int) throws(GPTOSSError) -> TokenID?

  /// Takes note of the token that was chosen.
  ///
  /// - Returns: that token, or the one that has to take its place for the text to end in time.
  mutating func take(_ token: TokenID, remaining: Int) throws(GPTOSSError) -> TokenID

  /// Takes note that the text has begun to repeat itself.
  ///
  /// - Returns: whether it goes on with something else; if not, the generation ends.
  mutating func leaveLoop() -> Bool

  /// Why the text was ended early, in the shortest way that fits; nil if it was not.
  var cutShort: StopReason? { get }
}

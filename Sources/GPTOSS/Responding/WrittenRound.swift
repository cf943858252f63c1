package import GPTOSSHarmony
package import GPTOSSTokenizer

/// What a model wrote in one round.
package struct WrittenRound: Sendable {
  package var messages: [WrittenMessage] = []
  /// All tokens in order.
  package var tokens: [TokenID] = []
  package var repairs: [Repair] = []
  package var reasoning = ReasoningMeter()
  package var statistics = GenerationStatistics(stopReason: .stopToken, seed: 0)
}

/// A message that the model wrote, and the tokens with which it stands in the history.
package struct WrittenMessage: Sendable, Equatable {
  package var message: Message
  /// As generated, from `<|start|>` to the token that ends the message, with `<|end|>` in place of
  /// `<|return|>`. nil where the output was malformed and the message has to be rendered.
  package var tokens: [TokenID]?

  package init(message: Message, tokens: [TokenID]?) {
    self.message = message
    self.tokens = tokens
  }
}

/// Cuts generated tokens into messages.
struct MessageCutter {
  private let encoding: HarmonyEncoding
  private let opening: [TokenID]
  private(set) var messages: [WrittenMessage] = []
  /// The number of the parser's messages that are in `messages`.
  private(set) var reportedCount = 0
  /// The tokens since the last message.
  private var tokens: [TokenID]
  private var repairCount = 0

  init(_ encoding: HarmonyEncoding) {
    self.encoding = encoding
    opening = encoding.assistantOpening
    tokens = opening
  }

  /// Takes a token that the parser has just processed.
  mutating func add(_ token: TokenID, _ parser: TolerantParser) {
    let ends = [Marker.end, .return, .call].contains { encoding.token(of: $0) == token }
    tokens.append(token == encoding.token(of: .return) ? encoding.token(of: .end) : token)
    if parser.messages.count > reportedCount { take(parser, isWhole: ends) }
    if ends { begin(parser) }
  }

  /// Takes the end, after `parser.finish()`.
  mutating func finish(_ parser: TolerantParser) {
    guard parser.messages.count > reportedCount else { return }
    let isCall = parser.messages[parser.messages.count - 1].recipient != nil
    tokens.append(encoding.token(of: isCall ? .call : .end))
    take(parser, isWhole: true)
    begin(parser)
  }

  private mutating func take(_ parser: TolerantParser, isWhole: Bool) {
    let new = parser.messages[reportedCount...]
    let isPlain =
      isWhole && new.count == 1 && parser.repairs.count == repairCount && tokens.starts(with: opening)
    messages += new.map { WrittenMessage(message: $0, tokens: isPlain ? tokens : nil) }
    reportedCount = parser.messages.count
    // A message that ended without its marker has given its end to the next one.
    if !isWhole { repairCount = -1 }
  }

  private mutating func begin(_ parser: TolerantParser) {
    tokens = []
    repairCount = parser.repairs.count
  }
}

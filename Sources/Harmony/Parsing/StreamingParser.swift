public import GPTOSSTokenizer

/// A state machine that takes one token at a time and says after each what it knows.
///
/// It does no input or output and can be copied at any point. There are two:
/// ``TolerantParser``, which cannot fail and is what the engine uses, and ``ReferenceParser``, which
/// does exactly what OpenAI's library does.
///
///     var parser = TolerantParser(encoding: encoding)
///     for token in generated {
///       parser.process(token)
///       if let delta = parser.delta { show(delta, on: parser.header?.channel) }
///     }
///     parser.finish()
public protocol StreamingParser: Sendable {
  /// What it throws: `Never` if it takes any input.
  associatedtype Failure: Error

  /// Where in a message it stands.
  var phase: ParserPhase { get }
  /// The text that the last token added to a message's content, whole characters only.
  var delta: String? { get }
  /// The header of the message that is being read.
  var header: MessageHeader? { get }
  /// The role of the message that is being read or, before its header, the one that was announced.
  var role: Role? { get }
  /// The content so far of the message that is being read.
  var content: String { get }
  /// The messages that are complete.
  var messages: [Message] { get }

  /// Takes the next token.
  ///
  /// - Throws: `Failure` for a token that cannot come here.
  mutating func process(_ token: TokenID) throws(Failure)
  /// Takes the end of the input.
  ///
  /// - Throws: `Failure` if the input cannot end here.
  mutating func finish() throws(Failure)
}

/// Where in a message a parser stands.
public enum ParserPhase: String, Sendable, Hashable {
  /// Between messages.
  case expectStart
  /// Between `<|start|>` and `<|message|>`.
  case header
  /// Behind `<|message|>`.
  case content
}

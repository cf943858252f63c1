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
  mutating func process(_ token: TokenID) throws(Failure)
  /// Takes the end of the input.
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

/// What stands before a message's content.
public struct MessageHeader: Sendable, Hashable {
  /// Who speaks.
  public var author: Author
  /// Who is spoken to.
  public var recipient: String?
  /// What the message is for.
  public var channel: Channel?
  /// How the content is to be read.
  public var contentType: String?

  /// A header.
  public init(
    author: Author, recipient: String? = nil, channel: Channel? = nil, contentType: String? = nil
  ) {
    self.author = author
    self.recipient = recipient
    self.channel = channel
    self.contentType = contentType
  }
}

extension Message {
  /// A message of text with this header.
  init(_ header: MessageHeader, text: String) {
    self.init(
      author: header.author, content: [.text(text)], channel: header.channel,
      recipient: header.recipient, contentType: header.contentType)
  }
}

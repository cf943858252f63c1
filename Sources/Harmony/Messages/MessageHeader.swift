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

extension MessageHeader: CustomStringConvertible {
  /// Who speaks, to whom and where: `assistant to functions.get_weather on commentary`.
  public var description: String {
    var words = author.role.rawValue
    if let name = author.name { words += " \(name)" }
    if let recipient { words += " to \(recipient)" }
    if let channel { words += " on \(channel)" }
    return words
  }
}

extension Message {
  /// What stands before the content.
  var header: MessageHeader {
    MessageHeader(author: author, recipient: recipient, channel: channel, contentType: contentType)
  }

  /// A message of text with this header.
  init(_ header: MessageHeader, text: String) {
    self.init(
      author: header.author, content: [.text(text)], channel: header.channel,
      recipient: header.recipient, contentType: header.contentType)
  }
}

/// Who speaks.
public enum Role: String, Sendable, Hashable, CaseIterable {
  /// The person.
  case user
  /// The model.
  case assistant
  /// The platform: identity, effort, dates, channels and built-in tools.
  case system
  /// The app: instructions and function tools.
  case developer
  /// A tool answering a call; its messages carry the tool's name.
  case tool
}

/// The author of a message: a role and perhaps a name, which tools always have and others rarely.
public struct Author: Sendable, Hashable {
  /// Who speaks.
  public var role: Role
  /// The tool's name, such as `functions.get_weather`, or the user's.
  public var name: String?

  /// An author with a role and perhaps a name.
  public init(_ role: Role, name: String? = nil) {
    self.role = role
    self.name = name
  }
}

/// What a message of the assistant is for.
///
/// Any name is possible; the model was trained on three.
public struct Channel: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// The name as it stands in a header.
  public let rawValue: String

  /// A channel with any name.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// A channel with any name.
  public init(stringLiteral value: String) { self.init(rawValue: value) }

  /// The name.
  public var description: String { rawValue }

  /// The model's reasoning, and its calls of built-in tools.
  public static let analysis: Channel = "analysis"
  /// Calls of function tools, and preambles that the user sees.
  public static let commentary: Channel = "commentary"
  /// The answer.
  public static let final: Channel = "final"

  /// The three that the model was trained on.
  public static let trained: [Channel] = [.analysis, .commentary, .final]
}

extension Message {
  /// What a message of the assistant is to an app.
  public enum Purpose: Sendable, Hashable {
    /// Reasoning, which a user sees only on request.
    case reasoning
    /// What the model says to the user before it calls tools.
    case preamble
    /// The answer. A message without a channel, or on one that the format does not know, counts as an answer,
    /// so that nothing meant for the user is lost.
    case answer
    /// A call of a tool.
    case call
  }

  /// What this message is to an app; nil if it is not the assistant's.
  public var purpose: Purpose? {
    header.purpose
  }
}

extension MessageHeader {
  /// What the message is to an app; nil if it is not the assistant's.
  public var purpose: Message.Purpose? {
    guard author.role == .assistant else { return nil }
    if recipient != nil { return .call }
    switch channel {
    case .analysis: return .reasoning
    case .commentary: return .preamble
    default: return .answer
    }
  }
}

/// A message in which the assistant calls a tool.
///
/// It is told by its recipient, not by its channel: models call functions on `analysis` too.
public struct ToolCall: Sendable, Hashable {
  /// The tool's full name, such as `functions.get_weather`, `browser.search` or `python`.
  public let recipient: String
  /// How the content is to be read, as the model wrote it.
  public let contentType: String?
  /// The arguments as the model wrote them, nearly always a JSON object; code for `python`.
  public let content: String

  /// A call.
  public init(recipient: String, contentType: String? = nil, content: String) {
    self.recipient = recipient
    self.contentType = contentType
    self.content = content
  }

  /// The name without `functions.`; nil if this calls a built-in tool.
  public var functionName: String? { ToolName.function(in: recipient) }
}

extension Message {
  /// The call that this message is; nil if it is none.
  public var toolCall: ToolCall? {
    guard author.role == .assistant, let recipient else { return nil }
    return ToolCall(recipient: recipient, contentType: contentType, content: text)
  }

  /// What a message of the assistant is to an app.
  public enum Purpose: Sendable, Hashable {
    /// Reasoning, which a user sees only on request.
    case reasoning
    /// What the model says to the user before it calls tools.
    case preamble
    /// The answer. A message without a channel, or on one that the format does not know, counts as
    /// one, so that nothing meant for the user is lost.
    case answer
    /// A call of a tool.
    case call
  }

  /// What this message is to an app; nil if it is not the assistant's.
  public var purpose: Purpose? {
    MessageHeader(author: author, recipient: recipient, channel: channel).purpose
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

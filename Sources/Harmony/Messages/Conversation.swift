public import GPTOSSJSON

/// Messages in order.
public struct Conversation: Sendable, Equatable {
  /// The messages in order.
  public var messages: [Message]

  /// A conversation of these messages.
  public init(_ messages: [Message]) { self.messages = messages }
}

extension Conversation: JSONCodable {
  /// Reads `{"messages": […]}`.
  public init(json: JSONValue) throws(JSONError) {
    messages = []
    for field in try JSONField(json).required("messages").elements() {
      messages.append(try Message(field: field))
    }
  }

  /// The conversation as `{"messages": […]}`.
  public var json: JSONValue { ["messages": .array(messages.map(\.json))] }
}

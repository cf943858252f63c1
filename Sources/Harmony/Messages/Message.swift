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
  ///
  /// - Throws: `JSONError` for a field that is missing or is not what the schema says.
  public init(json: JSONValue) throws(JSONError) {
    messages = []
    for field in try JSONField(json).required("messages").elements() {
      messages.append(try Message(field: field))
    }
  }

  /// The conversation as `{"messages": […]}`.
  public var json: JSONValue { ["messages": .array(messages.map(\.json))] }
}

/// One message of a conversation, as the model reads and writes it.
public struct Message: Sendable, Equatable {
  /// Who speaks.
  public var author: Author
  /// Who is spoken to: a tool's name in a call, `assistant` in a tool's answer, else nil.
  public var recipient: String?
  /// What the message is for; only the assistant and tools use channels.
  public var channel: Channel?
  /// How the content is to be read, as the model wrote it: `<|constrain|>json`, `json`, `code`.
  public var contentType: String?
  /// The content, nearly always one piece.
  public var content: [Content]

  /// A message of any author with any content.
  public init(
    author: Author, content: [Content], channel: Channel? = nil, recipient: String? = nil,
    contentType: String? = nil
  ) {
    self.author = author
    self.content = content
    self.channel = channel
    self.recipient = recipient
    self.contentType = contentType
  }

  /// A message of text.
  public init(
    _ role: Role, _ text: String, channel: Channel? = nil, recipient: String? = nil,
    contentType: String? = nil
  ) {
    self.init(
      author: Author(role), content: [.text(text)], channel: channel, recipient: recipient,
      contentType: contentType)
  }

  /// A system message.
  public static func system(_ content: SystemContent) -> Message {
    Message(author: Author(.system), content: [.system(content)])
  }

  /// A developer message.
  public static func developer(_ content: DeveloperContent) -> Message {
    Message(author: Author(.developer), content: [.developer(content)])
  }

  /// The answer of a tool with this full name, addressed to the assistant on the channel of its call.
  public static func toolResult(
    _ text: String, from name: String, channel: Channel? = .commentary
  ) -> Message {
    Message(
      author: Author(.tool, name: name), content: [.text(text)], channel: channel,
      recipient: Role.assistant.rawValue)
  }

  /// The text of all pieces of text.
  public var text: String {
    var text = ""
    for case .text(let piece) in content { text += piece }
    return text
  }
}

extension Message: CustomStringConvertible {
  /// The header and the content, content that is not text as JSON: `user: Hello`.
  public var description: String {
    let pieces = content.map { piece in
      if case .text(let text) = piece { text } else { piece.json.text }
    }
    return "\(header): \(pieces.joined())"
  }
}

extension Message: JSONCodable {
  /// Reads a message in either form of the reference library: content as a string or as a list.
  ///
  /// - Throws: `JSONError` for a field that is missing or is not what the schema says.
  public init(json: JSONValue) throws(JSONError) { try self.init(field: JSONField(json)) }

  init(field: JSONField) throws(JSONError) {
    let roleField = try field.required("role")
    guard let role = Role(rawValue: try roleField.string()) else { throw roleField.unknownValue() }
    author = Author(role, name: try field.optional("name")?.string())
    recipient = try field.optional("recipient")?.string()
    channel = (try field.optional("channel")?.string()).map(Channel.init(rawValue:))
    contentType = try field.optional("content_type")?.string()
    content = try Self.content(of: field.required("content"))
  }

  private static func content(of field: JSONField) throws(JSONError) -> [Content] {
    if let text = field.value.stringValue { return [.text(text)] }
    guard field.value.arrayValue != nil else { throw field.wrongType("string or array") }
    var content: [Content] = []
    for element in try field.elements() { content.append(try Content(field: element)) }
    return content
  }

  /// The message in the form of the reference library's `to_dict`: always with `name`, and with its content
  /// as a list.
  public var json: JSONValue {
    var object = JSONObject([
      (key: "role", value: .string(author.role.rawValue)),
      (key: "name", value: author.name.map(JSONValue.string) ?? .null),
      (key: "content", value: .array(content.map(\.json))),
    ])
    object.set("channel", channel?.rawValue)
    object.set("recipient", recipient)
    object.set("content_type", contentType)
    return .object(object)
  }
}

/// A piece of a message.
public enum Content: Sendable, Equatable {
  /// Plain text. What looks like a special token in it stays text.
  case text(String)
  /// What a system message consists of.
  case system(SystemContent)
  /// What a developer message consists of.
  case developer(DeveloperContent)
}

extension Content: JSONCodable {
  /// Reads one object with a `type` of `text`, `system_content` or `developer_content`.
  ///
  /// - Throws: `JSONError` for a field that is missing or is not what the schema says.
  public init(json: JSONValue) throws(JSONError) { try self.init(field: JSONField(json)) }

  init(field: JSONField) throws(JSONError) {
    let type = try field.required("type")
    switch try type.string() {
    case "text": self = .text(try field.required("text").string())
    case "system_content": self = .system(try SystemContent(field: field))
    case "developer_content": self = .developer(try DeveloperContent(field: field))
    default: throw type.unknownValue()
    }
  }

  /// The object with its `type`.
  public var json: JSONValue {
    switch self {
    case .text(let text): ["type": "text", "text": .string(text)]
    case .system(let content): content.json
    case .developer(let content): content.json
    }
  }
}

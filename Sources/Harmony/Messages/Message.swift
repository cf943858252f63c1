public import GPTOSSJSON

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

extension Message: JSONCodable {
  /// Reads a message in either form of the reference library: content as a string or as a list.
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

  /// The message as the reference library's `to_dict` has it: `name` always, content as a list.
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

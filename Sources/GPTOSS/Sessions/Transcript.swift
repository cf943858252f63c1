public import GPTOSSHarmony
import GPTOSSJSON
public import GPTOSSTokenizer

/// What was said in a conversation: the user's messages, the model's, and the results of tools.
///
/// It keeps the tokens with which each message stands in the model's memory. Tokens that the model generated
/// are never made from text again, since other tokens could spell the same text.
///
/// It is `Codable`. It does not depend on a model until it has tokens, which are of the vocabulary of the
/// model that it was used with.
public struct Transcript: Sendable, Equatable {
  /// One message.
  public struct Entry: Sendable, Equatable {
    /// The message.
    public var message: Message
    /// Its tokens, from `<|start|>` to the token that ends it; nil until it has been read, or if the model has
    /// none to show.
    public internal(set) var tokens: [TokenID]? {
      didSet { tokenCount = tokens?.count }
    }
    /// How many tokens it has; nil until a model has measured it.
    public var tokenCount: Int?
    /// Whether the model generated these tokens.
    public internal(set) var isGenerated: Bool

    /// A message that the model has not read yet.
    public init(_ message: Message) {
      self.message = message
      isGenerated = false
    }

    init(_ written: WrittenMessage) {
      message = written.message
      tokens = written.tokens
      tokenCount = tokens?.count
      isGenerated = written.tokens != nil
    }
  }

  /// The messages in order.
  public private(set) var entries: [Entry] = []

  /// A transcript of messages; none for a new conversation.
  public init(_ messages: [Message] = []) {
    entries = messages.map(Entry.init)
  }

  /// The messages in order.
  public var messages: [Message] { entries.map(\.message) }

  /// Adds a message.
  public mutating func append(_ message: Message) { entries.append(Entry(message)) }

  /// Adds messages that the model wrote.
  mutating func append(_ written: [WrittenMessage]) { entries += written.map(Entry.init) }

  /// Goes back: forgets everything from the entry at `index` on.
  ///
  /// - Precondition: `0 <= index <= entries.count`.
  public mutating func removeEntries(from index: Int) { entries.removeSubrange(index...) }

  /// The turns. Each begins with a message of the user, except what stands before the first.
  var turns: [Range<Int>] {
    let starts = entries.indices.filter { entries[$0].message.author.role == .user || $0 == 0 }
    return zip(starts, starts.dropFirst() + [entries.count]).map { $0..<$1 }
  }

  /// Lets a model count the tokens of the messages that have not been counted.
  mutating func measure(_ model: any ConversationModel) throws(GPTOSSError) { try model.measure(&entries) }
}

extension Transcript: Codable {
  /// Reads what ``encode(to:)`` wrote.
  ///
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    entries = try decoder.singleValueContainer().decode([Entry].self)
  }

  /// Writes an array of messages with their tokens.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(entries)
  }
}

extension Transcript.Entry: Codable {
  private enum CodingKeys: String, CodingKey {
    case role, name, channel, recipient, contentType, text, content, tokens, isGenerated
  }

  /// Reads what ``encode(to:)`` wrote.
  ///
  /// - Throws: `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .role)
    guard let role = Role(rawValue: name) else {
      throw DecodingError.dataCorruptedError(
        forKey: .role, in: container, debugDescription: "unknown role \"\(name)\"")
    }
    message = Message(
      author: Author(role, name: try container.decodeIfPresent(String.self, forKey: .name)),
      content: try Self.content(from: container),
      channel: try container.decodeIfPresent(String.self, forKey: .channel).map(Channel.init(rawValue:)),
      recipient: try container.decodeIfPresent(String.self, forKey: .recipient),
      contentType: try container.decodeIfPresent(String.self, forKey: .contentType))
    tokens = try container.decodeIfPresent([TokenID].self, forKey: .tokens)
    tokenCount = tokens?.count
    isGenerated = try container.decodeIfPresent(Bool.self, forKey: .isGenerated) ?? false
  }

  private static func content(from container: KeyedDecodingContainer<CodingKeys>) throws -> [Content] {
    guard let json = try container.decodeIfPresent(String.self, forKey: .content) else {
      return [.text(try container.decode(String.self, forKey: .text))]
    }
    do {
      return try (JSONValue(parsing: json).arrayValue ?? []).map(Content.init(json:))
    } catch {
      throw DecodingError.dataCorruptedError(
        forKey: .content, in: container, debugDescription: "\(error)")
    }
  }

  /// Writes the message's header and text, and the tokens if it has any.
  ///
  /// Content that is more than one text is written as JSON in a string, since the keys of tools' schemas have
  /// an order, which encoders do not keep.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(message.author.role.rawValue, forKey: .role)
    try container.encodeIfPresent(message.author.name, forKey: .name)
    try container.encodeIfPresent(message.channel?.rawValue, forKey: .channel)
    try container.encodeIfPresent(message.recipient, forKey: .recipient)
    try container.encodeIfPresent(message.contentType, forKey: .contentType)
    if message.content == [.text(message.text)] {
      try container.encode(message.text, forKey: .text)
    } else {
      try container.encode(JSONValue.array(message.content.map(\.json)).text, forKey: .content)
    }
    try container.encodeIfPresent(tokens, forKey: .tokens)
    if isGenerated { try container.encode(true, forKey: .isGenerated) }
  }
}

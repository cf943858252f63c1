public import GPTOSSJSON

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

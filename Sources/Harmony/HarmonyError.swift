public import GPTOSSTokenizer

/// Everything that rendering, strict parsing and JSON coding refuse.
///
/// ``TolerantParser`` throws none of these: it repairs and says so with a ``Repair``.
public enum HarmonyError: Error, Equatable, Sendable {
  /// The text is not JSON; `byteOffset` is where reading stopped.
  case malformedJSON(JSONFault, byteOffset: Int)
  /// A field that the schema requires is absent. `path` is like `messages[2].content`.
  case missingField(path: String)
  /// A field holds another type than the schema has.
  case wrongType(path: String, expected: String, actual: String)
  /// A field's text is not one of the values that the schema allows.
  case unknownValue(path: String, value: String)

  /// The vocabulary lacks a special token that the format needs.
  case missingSpecialToken(Marker)
  /// A message of a tool has no name, which its header consists of.
  case toolWithoutName
  /// System content outside a system message, or developer content outside a developer message.
  case contentInWrongRole(content: String, role: Role)

  /// The parser expected `<|start|>` and got this token.
  case unexpectedToken(TokenID)
  /// A header holds an unknown token id or bytes that are not UTF-8.
  case undecodableHeader
  /// `<|channel|>` with no name after it.
  case emptyChannel
  /// A header without a role.
  case missingRole
  /// A header whose role is none of the five and that has nothing else in it.
  case unknownRole(String)
  /// Words in a header that are neither role, recipient, channel nor content type.
  case unexpectedHeaderText(String)
  /// The input ended inside a header.
  case unexpectedEnd
}

/// Why a text is not JSON.
public enum JSONFault: Error, Equatable, Sendable {
  /// The text ends inside a value.
  case unexpectedEnd
  /// A byte that cannot stand here.
  case unexpectedByte(UInt8)
  /// More text follows the value.
  case trailingText
  /// A number that the grammar does not allow, such as `01` or `1.`.
  case malformedNumber
  /// A backslash followed by something other than an escape.
  case malformedEscape
  /// Half of a surrogate pair.
  case loneSurrogate
  /// A control character that stands in a string without being escaped.
  case controlCharacter(UInt8)
  /// Bytes that are not UTF-8.
  case invalidUTF8
  /// Arrays and objects nested deeper than the limit.
  case tooDeep(limit: Int)
}

extension HarmonyError: CustomStringConvertible {
  /// One line that names the cause.
  public var description: String {
    switch self {
    case .malformedJSON(let fault, let byteOffset): "malformed JSON at byte \(byteOffset): \(fault)"
    case .missingField(let path): "\(path) is missing"
    case .wrongType(let path, let expected, let actual):
      "\(path.isEmpty ? "the value" : path) has to be of type \(expected), not \(actual)"
    case .unknownValue(let path, let value): "\(path) has the unknown value \"\(value)\""
    case .missingSpecialToken(let marker):
      "the vocabulary lacks the special token \(marker.rawValue): is it gpt-oss's?"
    case .toolWithoutName: "a message of a tool needs the tool's name"
    case .contentInWrongRole(let content, let role):
      "\(content) cannot stand in a message of the role \(role.rawValue)"
    case .unexpectedToken(let token): "token \(token) came where <|start|> was expected"
    case .undecodableHeader: "a message's header has unknown tokens or is not UTF-8"
    case .emptyChannel: "no channel follows <|channel|>"
    case .missingRole: "a message's header has no role"
    case .unknownRole(let role): "a message's header has the unknown role \"\(role)\""
    case .unexpectedHeaderText(let text): "a message's header has more in it: \"\(text)\""
    case .unexpectedEnd: "the tokens end within a message's header"
    }
  }
}

extension JSONFault: CustomStringConvertible {
  /// A few words that name the fault.
  public var description: String {
    switch self {
    case .unexpectedEnd: "it ends within a value"
    case .unexpectedByte(let byte): "unexpected \(Character(Unicode.Scalar(byte)).debugDescription)"
    case .trailingText: "text follows the value"
    case .malformedNumber: "malformed number"
    case .malformedEscape: "malformed escape"
    case .loneSurrogate: "half a surrogate pair"
    case .controlCharacter(let byte): "control character \(byte) in a string"
    case .invalidUTF8: "not UTF-8"
    case .tooDeep(let limit): "nested deeper than \(limit)"
    }
  }
}

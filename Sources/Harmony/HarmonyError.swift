import GPTOSSPlatform
public import GPTOSSTokenizer

#if canImport(FoundationEssentials)
  public import protocol FoundationEssentials.LocalizedError
#else
  public import protocol Foundation.LocalizedError
#endif

/// Everything that rendering and strict parsing refuse.
///
/// ``TolerantParser`` throws none of these: it repairs and says so with a ``Repair``.
public enum HarmonyError: Error, Equatable, Sendable {
  /// The vocabulary lacks a special token that the format needs.
  case missingSpecialToken(Marker)
  /// A message from a tool lacks the tool's name, which its header consists of.
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
  /// A header with nothing in it but a role, which is none of the five.
  case unknownRole(String)
  /// Words in a header that are neither role, recipient, channel nor content type.
  case unexpectedHeaderText(String)
  /// The input ended inside a header.
  case unexpectedEnd
}

extension HarmonyError: CustomStringConvertible {
  /// One line that names the cause.
  public var description: String { text.inert }

  private var text: String {
    switch self {
    case .missingSpecialToken(let marker):
      "the vocabulary lacks the special token \(marker.rawValue): is it gpt-oss's?"
    case .toolWithoutName: "a message from a tool needs the tool's name"
    case .contentInWrongRole(let content, let role):
      "\(content) cannot be in a message whose role is \(role.rawValue)"
    case .unexpectedToken(let token): "token \(token) came where <|start|> was expected"
    case .undecodableHeader: "a message's header has unknown tokens or is not UTF-8"
    case .emptyChannel: "no channel's name follows <|channel|>"
    case .missingRole: "a message's header has no role"
    case .unknownRole(let role): "a message's header has the unknown role \"\(role)\""
    case .unexpectedHeaderText(let text): "a message's header has unexpected text: \"\(text)\""
    case .unexpectedEnd: "the tokens end inside a message's header"
    }
  }
}

extension HarmonyError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

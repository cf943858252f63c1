/// A message in which the assistant calls a tool.
///
/// A call is recognized by its recipient, not by its channel: models call functions on `analysis`, too.
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

  /// The name without `functions.`; nil if this calls a built-in tool, or one of another namespace.
  public var functionName: String? { ToolName.function(in: recipient) }
}

extension ToolCall: CustomStringConvertible {
  /// The call as code has it: `get_weather({"city":"Oslo"})`, a built-in tool by its full name.
  public var description: String { "\(functionName ?? recipient)(\(content))" }
}

extension Message {
  /// The call that this message is; nil if it is none.
  public var toolCall: ToolCall? {
    guard author.role == .assistant, let recipient else { return nil }
    return ToolCall(recipient: recipient, contentType: contentType, content: text)
  }
}

/// How tools are named.
///
/// Headers have full names: a namespace, a point and the tool's own name. An app's own tools stand in
/// `functions` unless it has put them into a namespace of another name; built-in tools have others, such as
/// `browser.search` and `python`.
package enum ToolName {
  /// The namespace of an app's own tools.
  package static let functions = "functions"
  private static let prefix = "functions."

  /// Whether the name of a tool or a namespace is one that models and APIs take: 1 to 64 characters, each a
  /// letter, a digit, `_`, `-` or `.`.
  ///
  /// - Parameter limit: the most characters, in an API that takes more.
  package static func isValid(_ name: String, limit: Int = 64) -> Bool {
    (1...limit).contains(name.utf8.count)
      && name.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x5F || $0 == 0x2D || $0 == 0x2E }
  }

  /// The full name of an app's own tool: `functions.get_weather` for `get_weather`, `crm.find` for `find` in
  /// the namespace `crm`.
  package static func full(_ name: String, in namespace: String = functions) -> String {
    "\(namespace).\(name)"
  }

  /// The name of an app's own tool without `functions.`; nil for the full name of any other tool.
  package static func function(in fullName: String) -> String? {
    fullName.hasPrefix(prefix) ? String(fullName.dropFirst(prefix.count)) : nil
  }
}

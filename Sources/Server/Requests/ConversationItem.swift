import GPTOSSJSON

/// A piece of a conversation. The messages of chat and the items of Responses are both read as such items.
package enum ConversationItem: Equatable, Sendable {
  /// The app's instructions: `system` and `developer` mean the same.
  case instructions(String)
  /// A message of the user.
  case user(String)
  /// The model's reasoning.
  case reasoning(String)
  /// A message of the model; its phase is nil where the API does not say.
  case assistant(String, Phase?)
  /// A call of a function.
  case call(id: String, name: String, arguments: String)
  /// A function's result. `path` is that of the field with its origin.
  case result(of: Origin, String, path: String)

  /// The call or the function that a result belongs to.
  package enum Origin: Equatable, Sendable {
    case call(id: String)
    case function(String)
  }

  /// What a message of the model is to the user.
  package enum Phase: String, CaseIterable, Sendable {
    /// Text before a call of tools.
    case preamble = "commentary"
    case answer = "final_answer"
  }
}

extension JSONField {
  /// The text of a message's content: a string, or a list of parts of text.
  ///
  /// The parts of a message are joined without anything in between. The model reads text only: images, sounds
  /// and files are refused.
  func contentText() throws -> String {
    if let text = value.stringValue { return text }
    guard value.arrayValue != nil else { throw wrongType("string or array") }
    return try elements().map { try $0.partText() }.joined()
  }

  private func partText() throws -> String {
    if let text = value.stringValue { return text }
    let type = try required("type")
    switch try type.string() {
    case "text", "input_text", "output_text", "reasoning_text", "summary_text":
      return try required("text").string()
    case "refusal": return try required("refusal").string()
    case let other:
      throw ServerError.unsupported(
        parameter: type.path, what: "parts of type '\(other)'; the model reads text only")
    }
  }
}

import GPTOSSJSON

/// A piece of a conversation, which the messages of chat and the items of Responses are both read as.
package enum ConversationItem: Equatable, Sendable {
  /// What the app tells the model: `system` and `developer` mean the same.
  case instructions(String)
  /// What the user says.
  case user(String)
  /// What the model thought.
  case reasoning(String)
  /// What the model said; nil where the API does not tell a preamble from an answer.
  case assistant(String, Phase?)
  /// A function that the model called.
  case call(id: String, name: String, arguments: String)
  /// What a function answered: to a call, or under its own name. `path` leads to what names the call.
  case result(of: Origin, String, path: String)

  /// What names the function that answered.
  package enum Origin: Equatable, Sendable {
    case call(id: String)
    case function(String)
  }

  /// What the model's words to the user are.
  package enum Phase: String, CaseIterable, Sendable {
    /// Said before tools are called.
    case preamble = "commentary"
    case answer = "final_answer"
  }
}

extension JSONField {
  /// The text of a message's content: a string, or a list of parts of text.
  ///
  /// The parts of one message follow each other without anything in between. A model of text cannot see images, hear
  /// sounds or open files: such parts are refused.
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

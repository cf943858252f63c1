import GPTOSSHarmony
import GPTOSSJSON

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

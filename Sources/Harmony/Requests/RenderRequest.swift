package import GPTOSSJSON

/// A JSON request for the tokens of a conversation, as `gptoss harmony render` reads it: one object per line.
///
///     {"conversation": {"messages": […]}, "mode": "completion", "next_role": "assistant",
///      "auto_drop_analysis": true}
///
/// Other fields are refused, except those of a test case (``caseFields``).
package struct RenderRequest {
  private enum Mode: String {
    case completion, conversation, training
  }

  private let conversation: Conversation
  private let mode: Mode
  private let nextRole: Role
  private let history: History

  /// - Throws: `JSONError` for what is missing, has the wrong type or is not known.
  package init(json: JSONValue) throws(JSONError) {
    let line = JSONField(json)
    try line.checkFields(
      ["conversation", "mode", "next_role", "auto_drop_analysis"], ignored: caseFields + ["text", "tokens"])
    conversation = try Conversation(json: line.required("conversation").value)
    mode = try line.choice("mode") ?? .completion
    nextRole = try line.choice("next_role") ?? .assistant
    history = try line.optional("auto_drop_analysis")?.bool() ?? true ? .reference : .everything
  }

  /// `{"tokens": […], "text": "…"}`.
  ///
  /// - Throws: `HarmonyError` for a conversation that has no rendering.
  package func answer(_ encoding: HarmonyEncoding) throws(HarmonyError) -> JSONValue {
    let renderer = Renderer(history: history)
    let segments =
      switch mode {
      case .completion: try renderer.segmentsForCompletion(of: conversation, nextRole: nextRole)
      case .conversation: try renderer.segments(of: conversation)
      case .training: try renderer.segmentsForTraining(of: conversation)
      }
    return [
      "tokens": .array(encoding.tokens(of: segments).map { JSONValue($0) }),
      "text": .string(segments.map(\.description).joined()),
    ]
  }
}

/// What a test case says about itself, besides the answer that is expected of it: a file of cases is also a
/// file of requests.
let caseFields = ["kind", "id", "error"]

extension JSONField {
  /// The value for a key, one of a few texts; nil when it is absent or null.
  func choice<Choice: RawRepresentable<String>>(_ key: String) throws(JSONError) -> Choice? {
    guard let field = try optional(key) else { return nil }
    guard let choice = Choice(rawValue: try field.string()) else { throw field.unknownValue() }
    return choice
  }
}

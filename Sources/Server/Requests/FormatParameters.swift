import GPTOSS
import GPTOSSJSON

/// The form that an answer must have: `response_format` of chat, `text.format` of Responses.
package struct FormatParameters: Equatable {
  var format = ResponseFormat.text
  /// The schema as the model reads it in the prompt.
  package var note: String?
  /// The path of the schema in the request, for errors.
  var schemaPath: String?

  /// - Parameter field: the format; nil for text.
  init(_ field: JSONField?, layout: ToolParameters.Layout) throws {
    guard let field else { return }
    let type = try field.required("type")
    switch try type.string() {
    case "text": return
    case "json_object": format = .jsonObject
    case "json_schema":
      let description = layout == .chat ? try field.required("json_schema") : field
      let schema = try description.required("schema")
      format = .schema(schema.value)
      schemaPath = schema.path
      note = Self.note(
        name: try description.text("name") ?? "answer", description: try description.text("description"),
        schema: schema.value)
    default:
      throw type.unknownValue(try type.string(), allowed: ["text", "json_object", "json_schema"])
    }
  }

  /// The section that OpenAI's description of Harmony ends a developer message with.
  private static func note(name: String, description: String?, schema: JSONValue) -> String {
    let comment = description.map { "// \($0)\n" } ?? ""
    return "# Response Formats\n\n## \(name)\n\n\(comment)\(schema.text)"
  }
}

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
    case "json_object":
      // As llama.cpp's server and others have it.
      guard let schema = try field.optional("schema") else {
        format = .jsonObject
        return
      }
      hold(to: schema)
    case "json_schema":
      let description = layout == .chat ? try field.required("json_schema") : field
      let schema = try description.required("schema")
      format = .schema(schema.value)
      schemaPath = schema.path
      note = format.section(
        name: try description.text("name") ?? "answer", description: try description.text("description"))
    default:
      throw type.unknownValue(try type.string(), allowed: ["text", "json_object", "json_schema"])
    }
  }

  /// Reads the spellings of other servers beside the format: what asks for JSON of a schema is held, what asks
  /// for anything else is refused.
  ///
  /// - Throws: ``ServerError`` or `JSONError` with the parameter's path.
  mutating func readOtherSpellings(_ request: JSONField) throws {
    for name in ["guided_json", "json_schema"] {
      if let field = try request.optional(name) { try read(other: field) }
    }
    if let field = try request.optional("structured_outputs") {
      for (key, value) in try field.entries() where value.value != .null && key != "json" {
        throw ServerError.unsupported(parameter: value.path, what: "only 'json' is enforced")
      }
      if let schema = try field.optional("json") { try read(other: schema) }
    }
    for name in ["grammar", "guided_grammar", "guided_regex", "guided_choice", "structural_tag"] {
      guard try request.optional(name) == nil else {
        throw ServerError.unsupported(
          parameter: request.path(of: name), what: "give the schema of JSON in 'response_format'")
      }
    }
  }

  /// A schema, or the text of one.
  private mutating func read(other field: JSONField) throws {
    guard format == .text else {
      throw ServerError.invalid(parameter: field.path, problem: "the request has another format, too")
    }
    guard let text = field.value.stringValue else { return hold(to: field) }
    do throws(JSONError) {
      hold(to: JSONField(try JSONValue(parsing: text), path: field.path))
    } catch { throw ServerError.invalid(parameter: field.path, problem: "\(error)") }
  }

  private mutating func hold(to schema: JSONField) {
    format = .schema(schema.value)
    schemaPath = schema.path
    note = format.section()
  }
}

import GPTOSS
package import GPTOSSHarmony
import GPTOSSJSON

/// The tools of a request, and which of them the model may call.
package struct ToolParameters: Equatable {
  /// The declared functions in order.
  package var functions: [ToolDescription] = []
  var choice = ToolChoice.auto
  var allowsParallelCalls = true

  /// Where a tool has its function: chat in `function`, Responses in the tool itself.
  enum Layout {
    case chat, responses
  }

  /// Reads `tools`, `tool_choice` and `parallel_tool_calls`.
  init(parameters request: JSONField, layout: Layout) throws {
    for tool in try request.optional("tools")?.elements() ?? [] {
      let function = try Self.function(tool, layout)
      guard !functions.contains(where: { $0.name == function.name }) else {
        throw ServerError.invalid(
          parameter: tool.path, problem: "the function '\(function.name)' is declared twice")
      }
      functions.append(function)
    }
    if let field = try request.optional("tool_choice") { choice = try choice(field, layout) }
    allowsParallelCalls = try request.flag("parallel_tool_calls") ?? true
  }

  private static func function(_ tool: JSONField, _ layout: Layout) throws -> ToolDescription {
    let type = try tool.required("type").string()
    guard type == "function" else {
      throw ServerError.unsupported(
        parameter: tool.path(of: "type"), what: "tools of type '\(type)'; there are only functions")
    }
    let function = layout == .chat ? try tool.required("function") : tool
    let name = try function.required("name")
    let text = try name.string()
    guard ToolName.isValid(text) else {
      throw ServerError.invalid(
        parameter: name.path, problem: "'\(text)' has to be 1 to 64 letters, digits, '_', '-' or '.'")
    }
    let parameters = try function.optional("parameters")
    if let parameters, parameters.value.objectValue == nil { throw parameters.wrongType("object") }
    return ToolDescription(
      name: text, description: try function.text("description") ?? "", parameters: parameters?.value)
  }

  private func choice(_ field: JSONField, _ layout: Layout) throws -> ToolChoice {
    let modes = ["none", "auto", "required"]
    if let mode = field.value.stringValue {
      switch mode {
      case "none": return .none
      case "auto": return .auto
      case "required" where functions.isEmpty:
        throw ServerError.invalid(parameter: field.path, problem: "a tool is required, but 'tools' has none")
      case "required": return .required
      default: throw field.unknownValue(mode, allowed: modes)
      }
    }
    guard field.value.objectValue != nil else { throw field.wrongType("string or object") }
    let type = try field.required("type").string()
    guard type == "function" else {
      throw ServerError.unsupported(
        parameter: field.path(of: "type"),
        what: "'\(type)'; give 'function' or one of \(modes.joined(separator: ", "))")
    }
    let name = try (layout == .chat ? field.required("function") : field).required("name")
    let text = try name.string()
    guard functions.contains(where: { $0.name == text }) else {
      throw ServerError.invalid(parameter: name.path, problem: "'tools' has no function '\(text)'")
    }
    return .tool(text)
  }
}

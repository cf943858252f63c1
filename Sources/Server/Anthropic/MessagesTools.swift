import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON

extension ToolParameters {
  /// The most characters of a tool's name in Messages.
  private static let nameLimit = 128

  /// Reads `tools` and `tool_choice` of Messages.
  ///
  /// Tools of other types than `custom` are Anthropic's own, or the client's in a form that only Anthropic's
  /// models know. They are left out.
  ///
  /// - Throws: ``ServerError`` or `JSONError` with the parameter's path.
  package init(messages request: JSONField) throws {
    self.init()
    for tool in try request.optional("tools")?.elements() ?? [] {
      let type = try tool.text("type") ?? "custom"
      if type == "custom" {
        try declared.declare(
          Self.description(of: tool), isStrict: tool.flag("strict") ?? false, at: tool.path)
      } else {
        try declared.leaveOut(type: type, at: tool.path)
      }
    }
    if let field = try request.optional("tool_choice") { try read(messagesChoice: field) }
  }

  private static func description(of tool: JSONField) throws -> ToolDescription {
    let schema = try tool.required("input_schema")
    guard schema.value.objectValue != nil else { throw schema.wrongType("object") }
    return ToolDescription(
      name: try DeclaredTools.name(of: tool, limit: nameLimit),
      description: try tool.text("description") ?? "", parameters: schema.value)
  }

  private mutating func read(messagesChoice field: JSONField) throws {
    let type = try field.required("type")
    switch try type.string() {
    case "auto": choice = .auto
    case "none": choice = .none
    case "any": choice = try Self.choice("required", field, among: !declared.isEmpty)
    case "tool":
      require(try tool(namedBy: field, takesText: false, of: "'tools'"))
    case let other: throw type.unknownValue(other, allowed: ["auto", "any", "tool", "none"])
    }
    allowsParallelCalls = try !(field.flag("disable_parallel_tool_use") ?? false)
  }
}

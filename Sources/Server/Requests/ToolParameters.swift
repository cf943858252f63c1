package import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON

/// The tools of a request, and which of them the model may call.
package struct ToolParameters: Equatable {
  package var declared = DeclaredTools()
  package var choice = ToolChoice.auto
  /// The full names of the tools that may be called; nil for all.
  package var callable: Set<String>?
  package var allowsParallelCalls = true
  /// Whether the request speaks of `functions`, as chat did before there were tools. Its answer does, too.
  package var isLegacy = false

  /// Where a tool has its function: chat in `function`, Responses in the tool itself.
  package enum Layout {
    case chat, responses
  }

  package init() {}
}

extension ToolParameters {
  /// Reads `tools`, `tool_choice` and `parallel_tool_calls`, and chat's `functions` and `function_call`.
  ///
  /// - Parameters:
  ///   - loaded: tools that stand in the conversation, to be declared like those in `tools`.
  ///   - offers: the tools of MCP servers that stand in `tools`.
  /// - Throws: ``ServerError`` or `JSONError` with the parameter's path.
  package init(
    parameters request: JSONField, layout: Layout, loaded: [JSONField] = [], offers: [ServerOffer] = []
  ) throws {
    if let tools = try request.optional("tools") {
      try declared.read(tools: tools, layout, otherThan: Set(offers.map(\.path)))
    }
    for offer in offers { try declared.declare(offer) }
    declared.readLoaded(loaded, layout)
    allowsParallelCalls = try request.flag("parallel_tool_calls") ?? true
    if layout == .chat {
      if try request.optional("web_search_options") != nil {
        try declared.leaveOut(type: "web_search", at: request.path(of: "web_search_options"))
      }
      try readFunctions(request)
      try readFunctionCall(request)
    }
    if let field = try request.optional("tool_choice") { try read(choice: field, layout) }
  }

  // MARK: Legacy functions

  private mutating func readFunctions(_ request: JSONField) throws {
    guard let functions = try request.optional("functions") else { return }
    guard try request.optional("tools") == nil else {
      throw ServerError.invalid(
        parameter: functions.path, problem: "it cannot be given with 'tools', which replaces it")
    }
    for function in try functions.elements() {
      try declared.declare(DeclaredTools.function(function), at: function.path)
    }
    isLegacy = true
    allowsParallelCalls = false
  }

  private mutating func readFunctionCall(_ request: JSONField) throws {
    guard let choice = try request.optional("function_call") else { return }
    guard try request.optional("tool_choice") == nil else {
      throw ServerError.invalid(
        parameter: choice.path, problem: "it cannot be given with 'tool_choice', which replaces it")
    }
    if let mode = choice.value.stringValue {
      guard mode == "none" || mode == "auto" else {
        throw choice.unknownValue(mode, allowed: ["none", "auto"])
      }
      self.choice = mode == "none" ? .none : .auto
    } else {
      guard choice.value.objectValue != nil else { throw choice.wrongType("string or object") }
      require(try tool(namedBy: choice, takesText: false, of: "'functions'"))
    }
  }

  // MARK: Choice

  private static let modes = ["none", "auto", "required"]

  private mutating func read(choice field: JSONField, _ layout: Layout) throws {
    if let mode = field.value.stringValue {
      choice = try Self.choice(mode, field, among: !declared.isEmpty)
      return
    }
    guard field.value.objectValue != nil else { throw field.wrongType("string or object") }
    let type = try field.required("type").string()
    if type == "allowed_tools" {
      let allowed = layout == .chat ? try field.required(type) : field
      let names = try allowed.required("tools").elements().flatMap { try tools(namedBy: $0, layout) ?? [] }
      callable = Set(names.map(\.fullName))
      let mode = try allowed.required("mode")
      choice = try Self.choice(try mode.string(), mode, among: !names.isEmpty)
    } else if type != "namespace", let tools = try tools(namedBy: field, layout) {
      require(tools)
    } else {
      throw ServerError.unsupported(
        parameter: field.path(of: "type"),
        what:
          "'\(type)'; give 'function', 'custom', 'mcp', 'allowed_tools' or one of "
          + Self.modes.joined(separator: ", "))
    }
  }

  /// Lets the model call this tool alone, and has it call it.
  package mutating func require(_ tool: APITool) { require([tool]) }

  /// Lets the model call these tools alone, and has it call one.
  private mutating func require(_ tools: [APITool]) {
    callable = Set(tools.map(\.fullName))
    choice = .required
  }

  /// - Parameter hasTools: whether there is a tool that can be called.
  static func choice(_ mode: String, _ field: JSONField, among hasTools: Bool) throws -> ToolChoice {
    switch mode {
    case "none": return .none
    case "auto": return .auto
    case "required" where hasTools: return .required
    case "required":
      throw ServerError.invalid(
        parameter: field.path, problem: "a tool is required, but there is none that can be called")
    default: throw field.unknownValue(mode, allowed: modes)
    }
  }

  /// The tools that an object with a type and a name means; nil for a kind of tool that cannot be run.
  private func tools(namedBy field: JSONField, _ layout: Layout) throws -> [APITool]? {
    let type = try field.required("type").string()
    switch type {
    case "function", "custom":
      let named = layout == .chat ? try field.required(type) : field
      return [try tool(namedBy: named, takesText: type == "custom", of: "'tools'")]
    case "namespace":
      let name = try field.required("name")
      let tools = declared.tools(of: try name.string())
      guard !tools.isEmpty else {
        throw ServerError.invalid(
          parameter: name.path, problem: "'tools' has no namespace '\(try name.string())' with tools")
      }
      return tools
    case "mcp" where layout == .responses:
      let label = try field.required("server_label")
      let name = try field.text("name")
      let tools = try declared.serverTools.filter { tool in
        try tool.origin?.label == label.string() && name.map { $0 == tool.origin?.name } ?? true
      }
      guard !tools.isEmpty else {
        throw ServerError.invalid(
          parameter: label.path, problem: "'tools' has no such tool of the MCP server '\(try label.string())'"
        )
      }
      return tools
    default: return nil
    }
  }

  /// The declared tool that an object names.
  func tool(namedBy field: JSONField, takesText: Bool, of list: String) throws -> APITool {
    let name = try field.required("name")
    let text = try name.string()
    guard let tool = declared.tool(named: text, in: try field.text("namespace"), takesText: takesText) else {
      throw ServerError.invalid(
        parameter: name.path, problem: "\(list) has no \(takesText ? "custom tool" : "function") '\(text)'")
    }
    return tool
  }
}

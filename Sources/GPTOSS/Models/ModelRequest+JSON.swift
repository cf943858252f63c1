import GPTOSSHarmony
package import GPTOSSJSON

// What an answer is held to, for a request that is sent to another process: `{"tools": [{"name",
// "parameters" or "text", "strict", "built_in"}], "tool_choice", "callable", "parallel_tool_calls", "format",
// "reasoning_budget"}`.

extension ModelRequest {
  /// Whether anything is asked of the answer but to be one.
  package var hasRules: Bool {
    !tools.isEmpty || options.format != .text || options.toolChoice != .auto || options.reasoningBudget != nil
  }

  /// Tools, format and budget as JSON.
  package var rules: JSONValue {
    var object = JSONObject([
      (key: "tools", value: .array(tools.map { json(of: $0) })),
      (key: "tool_choice", value: options.toolChoice.json),
      (key: "parallel_tool_calls", value: .bool(options.allowsParallelToolCalls)),
      (key: "format", value: options.format.json),
    ])
    if let callable = options.callableTools {
      object["callable"] = .array(callable.sorted().map(JSONValue.string))
    }
    object["reasoning_budget"] = options.reasoningBudget.map { .string($0.text) }
    return .object(object)
  }

  private func json(of tool: DeclaredTool) -> JSONValue {
    var object = JSONObject([(key: "name", value: .string(tool.recipient))])
    object["parameters"] = tool.parameters
    object["text"] = tool.text.map(\.json)
    if options.strictTools.contains(tool.recipient) { object["strict"] = true }
    if !tool.isOwn { object["built_in"] = true }
    return .object(object)
  }

  /// A request without messages that asks what `rules` say.
  ///
  /// - Parameters:
  ///   - field: as ``rules`` writes it.
  ///   - generation: how tokens are chosen.
  /// - Throws: `JSONError` with the path of what is wrong.
  package init(rules field: JSONField, _ generation: GenerationOptions) throws(JSONError) {
    try field.checkFields([
      "tools", "tool_choice", "callable", "parallel_tool_calls", "format", "reasoning_budget",
    ])
    var options = ResponseOptions()
    options.generation = generation
    var tools: [DeclaredTool] = []
    for tool in try field.optional("tools")?.elements() ?? [] {
      try tool.checkFields(["name", "parameters", "text", "strict", "built_in"])
      let declared = DeclaredTool(
        recipient: try tool.required("name").string(), parameters: try tool.optional("parameters")?.value,
        text: try tool.optional("text").map { (text) throws(JSONError) in try TextInput(rules: text) },
        isOwn: try tool.optional("built_in")?.bool() != true)
      if try tool.optional("strict")?.bool() == true { options.strictTools.insert(declared.recipient) }
      tools.append(declared)
    }
    if let choice = try field.optional("tool_choice") { options.toolChoice = try ToolChoice(rules: choice) }
    if let callable = try field.optional("callable") {
      var names: Set<String> = []
      for name in try callable.elements() { names.insert(try name.string()) }
      options.callableTools = names
    }
    options.allowsParallelToolCalls = try field.optional("parallel_tool_calls")?.bool() ?? false
    if let format = try field.optional("format") { options.format = try ResponseFormat(rules: format) }
    if let budget = try field.optional("reasoning_budget") {
      options.reasoningBudget = ReasoningBudget(try budget.string())
      if options.reasoningBudget == nil { throw budget.unknownValue() }
    }
    self.init(entries: [], tools: tools, options: options)
  }
}

extension ToolChoice {
  fileprivate var json: JSONValue {
    switch self {
    case .auto: "auto"
    case .none: "none"
    case .required: "required"
    case .tool(let name): ["name": .string(name)]
    }
  }

  fileprivate init(rules field: JSONField) throws(JSONError) {
    switch field.value {
    case "auto": self = .auto
    case "none": self = .none
    case "required": self = .required
    case .object: self = .tool(try field.required("name").string())
    default: throw field.unknownValue()
    }
  }
}

extension ResponseFormat {
  fileprivate var json: JSONValue {
    switch self {
    case .text: "text"
    case .jsonObject: "json_object"
    case .schema(let schema): ["schema": schema]
    }
  }

  fileprivate init(rules field: JSONField) throws(JSONError) {
    switch field.value {
    case "text": self = .text
    case "json_object": self = .jsonObject
    case .object: self = .schema(try field.required("schema").value)
    default: throw field.unknownValue()
    }
  }
}

extension TextInput {
  fileprivate var json: JSONValue {
    switch self {
    case .any: "any"
    case .pattern(let pattern): ["pattern": .string(pattern)]
    case .grammar(let grammar): ["grammar": .string(grammar)]
    }
  }

  fileprivate init(rules field: JSONField) throws(JSONError) {
    if field.value == "any" {
      self = .any
    } else if let pattern = try field.optional("pattern") {
      self = .pattern(try pattern.string())
    } else {
      self = .grammar(try field.required("grammar").string())
    }
  }
}

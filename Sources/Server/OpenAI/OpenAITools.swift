import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON

/// How OpenAI's APIs write tools.
///
/// There are functions, custom tools, which are called with text, and namespaces of both. Tools of all other
/// types, hosted ones and those of tomorrow, are left out.
extension DeclaredTools {
  /// Reads `tools`.
  ///
  /// - Parameter paths: the places of tools that have been read already.
  /// - Throws: ``ServerError`` or `JSONError` with the path of what is malformed.
  mutating func read(
    tools: JSONField, _ layout: ToolParameters.Layout, otherThan paths: Set<String> = []
  ) throws {
    for tool in try Self.elements(of: tools) where !paths.contains(tool.path) { try read(tool, layout) }
  }

  /// Adds the tools of an MCP server.
  ///
  /// - Throws: ``ServerError`` for tools that cannot be declared.
  mutating func declare(_ offer: ServerOffer) throws(ServerError) {
    for (entry, description) in zip(offer.entries, try offer.toolbox().descriptions) {
      try declare(description, origin: entry.origin, at: offer.path)
    }
  }

  private static func elements(of list: JSONField) throws -> [JSONField] {
    let count = list.value.arrayValue?.count ?? 0
    guard count <= limit else {
      throw ServerError.outOfRange(
        parameter: list.path, expected: "at most \(limit) tools", actual: String(count))
    }
    return try list.elements()
  }

  private mutating func read(_ tool: JSONField, _ layout: ToolParameters.Layout) throws {
    let type = try tool.required("type").string()
    guard type == "namespace", layout == .responses else { return try read(tool, type, layout) }
    let name = try Self.name(of: tool)
    let description = try tool.text("description").flatMap { $0.isEmpty ? nil : $0 }
    for inner in try tool.optional("tools").map(Self.elements(of:)) ?? [] {
      try read(inner, try inner.required("type").string(), layout, in: name, description)
    }
  }

  /// Reads tools that a conversation has brought with it. What is known already, malformed or too much is
  /// passed over: a conversation does not end because of it.
  mutating func readLoaded(_ tools: [JSONField], _ layout: ToolParameters.Layout) {
    for tool in tools.prefix(Self.limit) {
      let before = self
      do { try read(tool, layout) } catch { self = before }
    }
  }

  private mutating func read(
    _ tool: JSONField, _ type: String, _ layout: ToolParameters.Layout,
    in namespace: String = ToolName.functions, _ description: String? = nil
  ) throws {
    switch type {
    case "function":
      let function = layout == .chat ? try tool.required(type) : tool
      try declare(
        Self.function(function), in: namespace, description: description,
        isStrict: function.flag("strict") ?? false, at: tool.path)
    case "custom":
      let custom = try customTool(layout == .chat ? tool.required(type) : tool, layout)
      try declare(custom, in: namespace, description: description, at: tool.path)
    default: try leaveOut(type: type, at: tool.path)
    }
  }

  // MARK: Functions

  /// A function's name, description and parameters.
  static func function(_ function: JSONField) throws -> ToolDescription {
    let name = try name(of: function)
    let parameters = try function.optional("parameters")
    if let parameters, parameters.value.objectValue == nil { throw parameters.wrongType("object") }
    if let type = try parameters?.optional("type"),
      !(type.value.arrayValue ?? [type.value]).contains("object")
    {
      throw ServerError.invalid(
        parameter: type.path, problem: "a function takes an object: its parameters are of the type 'object'")
    }
    return ToolDescription(
      name: name, description: try function.text("description") ?? "", parameters: parameters?.value)
  }

  // MARK: Custom tools

  /// A tool that is called with text. The prompt has the grammar, if there is one, in words.
  private mutating func customTool(
    _ tool: JSONField, _ layout: ToolParameters.Layout
  ) throws -> ToolDescription {
    var lines = [try tool.text("description") ?? "", "Call it with plain text, not with JSON."]
    var text = TextInput.any
    if let format = try tool.optional("format") {
      switch try format.required("type").string() {
      case "text": break
      case "grammar":
        let grammar = layout == .chat ? try format.required("grammar") : format
        let syntax = try grammar.required("syntax").string()
        let definition = try grammar.required("definition").string()
        lines.append("The text has to fit this grammar (\(syntax)):\n\(definition)")
        switch syntax {
        case "regex": text = .pattern(definition)
        case "lark": text = .grammar(definition)
        default: noteUnenforcedFormat(at: format.path)
        }
      default: noteUnenforcedFormat(at: format.path)
      }
    }
    return ToolDescription(
      name: try Self.name(of: tool), description: lines.filter { !$0.isEmpty }.joined(separator: "\n"),
      text: text)
  }
}

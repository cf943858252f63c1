package import GPTOSSHarmony
package import GPTOSSJSON

/// A tool as an API names it.
package struct APITool: Hashable, Sendable {
  package var name: String
  /// `functions` for tools that the client put into none.
  package var namespace = ToolName.functions
  /// Whether it is called with text as it is, in place of a JSON object.
  package var takesText = false
  /// Whose it is, if it is one of an MCP server; nil for tools that the client carries out.
  package var origin: ToolOrigin?

  package init(
    name: String, namespace: String = ToolName.functions, takesText: Bool = false, origin: ToolOrigin? = nil
  ) {
    self.name = name
    self.namespace = namespace
    self.takesText = takesText
    self.origin = origin
  }

  /// The name by which the model calls it.
  package var fullName: String { ToolName.full(name, in: namespace) }
  /// The namespace as the client gave it; nil for none.
  package var ownNamespace: String? { namespace == ToolName.functions ? nil : namespace }
}

/// The tools of a request: those that the model may be shown, and what of the others the client is told.
///
/// A tool that nobody here can run is left out of the prompt and named in the answer and in the log, so that
/// it does not refuse what can be run.
package struct DeclaredTools: Equatable, Sendable {
  /// A tool that was left out.
  package struct Unsupported: Equatable, Sendable {
    /// Its type, such as `web_search`.
    package let type: String
    /// Where it stands in the request.
    package let path: String
  }

  /// The most tools of a request.
  static let limit = 1024
  /// The most bytes of a type that the log and the answer repeat.
  private static let typeLimit = 64

  /// The tools that the model sees, by namespace.
  package private(set) var namespaces: [ToolNamespace] = []
  /// Those that were left out.
  package private(set) var unsupported: [Unsupported] = []
  /// The paths of formats that are in the prompt alone, because they cannot be enforced.
  package private(set) var unenforcedFormats: [String] = []
  private var tools: [String: APITool] = [:]
  private var indexOfNamespace: [String: Int] = [:]
  /// The full names of the tools whose schemas have to be held whole.
  package private(set) var strict: Set<String> = []

  package init() {}

  /// Whether the model can call none.
  package var isEmpty: Bool { tools.isEmpty }

  // MARK: Declaring

  /// The name of a tool or a namespace.
  ///
  /// - Parameter limit: the most characters of a name.
  /// - Throws: ``ServerError`` or `JSONError` with the name's path.
  static func name(of field: JSONField, limit: Int = 64) throws -> String {
    let name = try field.required("name")
    let text = try name.string()
    guard ToolName.isValid(text, limit: limit) else {
      throw ServerError.invalid(
        parameter: name.path,
        problem: "'\(text)' has to be 1 to \(limit) letters, digits, '_', '-' or '.'")
    }
    return text
  }

  /// Adds a tool that the model may call.
  ///
  /// - Parameters:
  ///   - description: what a namespace is for, if this is its first tool.
  ///   - isStrict: whether its schema has to be held whole.
  ///   - origin: whose it is, if it is one of an MCP server.
  ///   - path: where the request has the tool.
  /// - Throws: ``ServerError`` for a name that its namespace already has, and for too many tools.
  package mutating func declare(
    _ tool: ToolDescription, in namespace: String = ToolName.functions, description: String? = nil,
    isStrict: Bool = false, origin: ToolOrigin? = nil, at path: String
  ) throws(ServerError) {
    let declared = APITool(
      name: tool.name, namespace: namespace, takesText: tool.text != nil, origin: origin)
    guard tools[declared.fullName] == nil else {
      throw .invalid(
        parameter: path,
        problem: "the \(tool.text == nil ? "function" : "tool") '\(tool.name)' is declared twice")
    }
    try count(at: path)
    tools[declared.fullName] = declared
    if isStrict { strict.insert(declared.fullName) }
    if let index = indexOfNamespace[namespace] {
      namespaces[index].tools.append(tool)
    } else {
      indexOfNamespace[namespace] = namespaces.count
      namespaces.append(ToolNamespace(name: namespace, description: description, tools: [tool]))
    }
  }

  /// Notes a tool that cannot be run here.
  ///
  /// - Throws: ``ServerError`` for too many tools.
  package mutating func leaveOut(type: String, at path: String) throws(ServerError) {
    try count(at: path)
    let type = String(decoding: type.utf8.prefix(Self.typeLimit), as: UTF8.self)
    unsupported.append(Unsupported(type: type, path: path))
  }

  private func count(at path: String) throws(ServerError) {
    guard tools.count + unsupported.count < Self.limit else {
      throw .outOfRange(parameter: path, expected: "at most \(Self.limit) tools", actual: "more")
    }
  }

  /// Notes a format that the prompt has, but that the model is not held to.
  package mutating func noteUnenforcedFormat(at path: String) { unenforcedFormats.append(path) }

  // MARK: Finding

  /// The tool that the model calls by a full name.
  package func tool(calledAs recipient: String) -> APITool {
    tools[recipient] ?? APITool(name: ToolName.function(in: recipient) ?? recipient)
  }

  /// The tool that a client means by a name: without a namespace one in `functions`, else the only one of
  /// that name.
  package func tool(named name: String, in namespace: String?, takesText: Bool) -> APITool? {
    if let tool = tools[ToolName.full(name, in: namespace ?? ToolName.functions)] {
      return tool.takesText == takesText ? tool : nil
    }
    guard namespace == nil else { return nil }
    let candidates = tools.values.filter { $0.name == name && $0.takesText == takesText }
    return candidates.count == 1 ? candidates[0] : nil
  }

  /// All tools of MCP servers.
  package var serverTools: [APITool] { tools.values.filter { $0.origin != nil } }

  /// The full names of the tools that somebody else carries out, or has to agree to first.
  package var foreign: Set<String> { Set(tools.filter { $0.value.origin?.needsApproval ?? true }.keys) }

  /// All tools of a namespace.
  package func tools(of namespace: String) -> [APITool] {
    tools.values.filter { $0.namespace == namespace }
  }

  // MARK: Telling

  /// What an answer says about tools that were left out and formats that are not enforced; nothing if there
  /// are none.
  package var notes: JSONObject {
    var notes = JSONObject()
    if !unsupported.isEmpty {
      notes["unsupported_tools"] = .array(
        unsupported.map { ["type": .string($0.type), "param": .string($0.path)] })
    }
    if !unenforcedFormats.isEmpty {
      notes["unenforced_formats"] = .array(unenforcedFormats.map(JSONValue.string))
    }
    return notes
  }

  /// The types of the tools that were left out, each once and few of them, for the log.
  package var unsupportedTypes: [String] {
    var types: [String] = []
    for tool in unsupported where types.count < 16 && !types.contains(tool.type) { types.append(tool.type) }
    return types
  }
}

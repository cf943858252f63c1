public import GPTOSSJSON

/// What the app tells the model: instructions, and the tools it can call.
public struct DeveloperContent: Sendable, Equatable {
  /// What other models call the system prompt.
  public var instructions: String?
  /// Tools by namespace.
  public var tools: ToolNamespaces?

  /// Instructions, and function tools in the namespace `functions`.
  public init(instructions: String? = nil, functions: [ToolDescription]? = nil) {
    self.init(instructions: instructions, tools: functions.map { ToolNamespaces([.functions($0)]) })
  }

  /// Instructions, and tools of any namespaces.
  public init(instructions: String? = nil, tools: ToolNamespaces?) {
    self.instructions = instructions
    self.tools = tools
  }
}

extension DeveloperContent: JSONCodable {
  /// Reads `developer_content`.
  ///
  /// - Throws: `JSONError` for a field that is missing or is not what the schema says.
  public init(json: JSONValue) throws(JSONError) { try self.init(field: JSONField(json)) }

  init(field: JSONField) throws(JSONError) {
    instructions = try field.optional("instructions")?.string()
    tools = try ToolNamespaces(field: field.optional("tools"))
  }

  /// `developer_content` without the parts that are nil.
  public var json: JSONValue {
    var object = JSONObject()
    object.set("instructions", instructions)
    object["tools"] = tools?.json
    object.set("type", "developer_content")
    return .object(object)
  }
}

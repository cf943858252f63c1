import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSMCP

/// What a conversation has of MCP servers: calls, and what was said about those that waited for it.
struct ServerCalls {
  /// A call that the client has agreed to and that is still to be carried out.
  struct Approved {
    /// The id of the item that asked.
    let id: String
    let call: ToolCall
  }

  private struct Response {
    let isApproved: Bool
    let reason: String?
  }

  private let tools: [ToolOrigin: APITool]
  private var responses: [String: Response] = [:]
  private var requests: Set<String> = []
  /// The ids of requests whose calls were carried out.
  private var done: Set<String> = []
  /// The calls to be carried out, in order.
  private(set) var approved: [Approved] = []

  /// - Parameters:
  ///   - items: the conversation's items.
  ///   - tools: the tools that can be called.
  /// - Throws: ``ServerError`` or `JSONError` with a path such as `input[2].approve`.
  init(_ items: [JSONField], _ tools: [APITool]) throws {
    self.tools = Dictionary(tools.compactMap { tool in tool.origin.map { ($0.key, tool) } }) { $1 }
    for item in items {
      switch item.value["type"]?.stringValue {
      case "mcp_call": if let id = try item.text("approval_request_id") { done.insert(id) }
      case "mcp_approval_request": requests.insert(try item.required("id").string())
      case "mcp_approval_response":
        let id = try item.required("approval_request_id")
        guard requests.contains(try id.string()) else {
          throw ServerError.invalid(
            parameter: id.path, problem: "no earlier item asks for approval with the id '\(try id.string())'")
        }
        responses[try id.string()] = Response(
          isApproved: try item.required("approve").bool(), reason: try item.text("reason"))
      default: break
      }
    }
    for item in items where item.value["type"] == "mcp_approval_request" {
      let id = try item.required("id").string()
      guard !done.contains(id), responses[id]?.isApproved == true, let tool = try knownTool(item) else {
        continue
      }
      let call = ToolCall(recipient: tool.fullName, content: try item.required("arguments").string())
      approved.append(Approved(id: id, call: call))
    }
  }

  /// The pieces of the conversation that an item stands for.
  ///
  /// - Returns: nil for an item that has nothing to do with servers.
  /// - Throws: `JSONError`.
  func items(of item: JSONField) throws -> [ConversationItem]? {
    switch item.value["type"]?.stringValue {
    // The prompt declares the tools that there are now.
    case "mcp_list_tools": return []
    case "mcp_call":
      let failure = try item.optional("error").map { "Error: \($0.value.stringValue ?? $0.value.text)" }
      let result = try failure ?? item.optional("output")?.resultText() ?? "Error: it was not called"
      return [
        try call(item), .result(of: .call(id: try item.required("id").string()), result, path: item.path),
      ]
    case "mcp_approval_request":
      let id = try item.required("id").string()
      guard !done.contains(id) else { return [] }
      return [try call(item)]
        + (responses[id] == nil ? [refusal(id, "the user has not allowed it", item)] : [])
    case "mcp_approval_response":
      let id = try item.required("approval_request_id").string()
      guard !done.contains(id), let response = responses[id] else { return [] }
      guard response.isApproved else {
        let reason = response.reason.map { ": \($0)" } ?? ""
        return [refusal(id, "the user did not allow this call\(reason)", item)]
      }
      // Its result is still to come.
      if approved.contains(where: { $0.id == id }) { return [] }
      return [refusal(id, "its MCP server is no longer there", item)]
    default: return nil
    }
  }

  private func refusal(_ id: String, _ words: String, _ item: JSONField) -> ConversationItem {
    .result(of: .call(id: id), "Error: \(words)", path: item.path)
  }

  private func call(_ item: JSONField) throws -> ConversationItem {
    let name = try item.required("name").string()
    let label = try item.required("server_label").string()
    var names = ToolNames()
    let tool = try knownTool(item) ?? APITool(name: names.name(of: name, server: label))
    return .call(
      ConversationItem.Call(
        id: try item.required("id").string(), tool: tool, content: try item.required("arguments").string()))
  }

  /// The tool that an item is about, if it can be called.
  private func knownTool(_ item: JSONField) throws -> APITool? {
    tools[
      ToolOrigin.key(
        label: try item.required("server_label").string(), name: try item.required("name").string())]
  }
}

extension ToolOrigin {
  fileprivate var key: ToolOrigin { .key(label: label, name: name) }

  /// The origin without what a request wants of it.
  fileprivate static func key(label: String, name: String) -> ToolOrigin {
    ToolOrigin(label: label, name: name, needsApproval: false)
  }
}

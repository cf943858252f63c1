import GPTOSSJSON

extension Connection {
  /// The most pages and tools of a server; together they may be as long as one message.
  private static let pageLimit = 200
  private static let toolLimit = 2_000

  /// Asks for all tools.
  ///
  /// - Throws: `MCPError`, `CancellationError`.
  func listTools(until deadline: ContinuousClock.Instant) async throws -> ToolList {
    var list = ToolList()
    var cursor: String?
    var cursors: Set<String> = []
    var byteCount = 0
    for _ in 0..<Self.pageLimit {
      var parameters = JSONObject()
      if let cursor { parameters["cursor"] = .string(cursor) }
      let result: JSONObject
      do {
        result = try await request(Method.listTools, parameters, timeout: deadline - .now)
      } catch let refusal as Refusal { throw refusal.error }
      guard let entries = result["tools"]?.arrayValue else {
        throw MCPError.malformed(method: Method.listTools, problem: "it has no list \"tools\"")
      }
      for entry in entries.prefix(Self.toolLimit - list.tools.count) {
        byteCount += entry.text.utf8.count
        guard byteCount <= MessageLimit.bytes else { throw MCPError.tooLong(limit: MessageLimit.bytes) }
        if let tool = ToolDefinition(entry), !list.tools.contains(where: { $0.name == tool.name }) {
          list.tools.append(tool)
        } else {
          list.unusableCount += 1
        }
      }
      if let milliseconds = result["ttlMs"]?.intValue {
        let lifetime = Duration.milliseconds(max(0, min(milliseconds, 86_400_000)))
        list.lifetime = min(list.lifetime ?? lifetime, lifetime)
      }
      cursor = result["nextCursor"]?.stringValue
      // A server whose pages run in a circle would never come to an end.
      guard let next = cursor, cursors.insert(next).inserted, list.tools.count < Self.toolLimit else { break }
    }
    return list
  }

  /// The most times that a server may ask something in the course of a call.
  private static let inputLimit = 8

  /// Calls a tool.
  ///
  /// - Throws: `MCPError`, `CancellationError`.
  func call(_ tool: ToolDefinition, _ arguments: JSONObject, timeout: Duration) async throws -> CallResult {
    var parameters = JSONObject([("name", .string(tool.name)), ("arguments", .object(arguments))])
    let headers = tool.headerParameters?.headers(for: arguments) ?? []
    for _ in 0...Self.inputLimit {
      let result: JSONObject
      do {
        result = try await request(Method.callTool, parameters, timeout: timeout) { message in
          (message.name, message.parameterHeaders) = (tool.name, headers)
        }
      } catch let refusal as Refusal { throw refusal.error }
      switch result["resultType"]?.stringValue {
      case nil, "complete": return CallResult(result)
      case "input_required": try await addInput(to: &parameters, for: result)
      case let type?:
        throw MCPError.malformed(
          method: Method.callTool, problem: "nobody knows results of the type \(type.prefix(40))")
      }
    }
    throw MCPError.malformed(
      method: Method.callTool, problem: "the server asked for input more than \(Self.inputLimit) times")
  }

  /// Answers what the server asks, for the next attempt at the call.
  private func addInput(to parameters: inout JSONObject, for result: JSONObject) async throws {
    parameters.remove("inputResponses")
    parameters.remove("requestState")
    let requests = result["inputRequests"]?.objectValue
    guard requests != nil || result["requestState"] != nil else {
      throw MCPError.malformed(method: Method.callTool, problem: "it wants input but does not say which")
    }
    var answers = JSONObject()
    for (key, request) in requests?.entries ?? [] {
      guard request["method"]?.stringValue == Method.elicit else {
        throw MCPError.malformed(
          method: Method.callTool,
          problem:
            "it wants \(request["method"]?.stringValue?.prefix(40) ?? "something"), which is not offered")
      }
      try Task.checkCancellation()
      answers[key] = .object(await elicit(request["params"]?.objectValue ?? JSONObject()).json)
    }
    if requests != nil { parameters["inputResponses"] = .object(answers) }
    parameters["requestState"] = result["requestState"]
  }

  /// Asks a server without sessions to tell when its tools change; comes back when it no longer does.
  ///
  /// - Throws: `MCPError`, `CancellationError`.
  func listenForToolChanges() async throws {
    let filter: JSONValue = ["toolsListChanged": true]
    _ = try await request(Method.listen, JSONObject([("notifications", filter)]), timeout: nil)
  }
}

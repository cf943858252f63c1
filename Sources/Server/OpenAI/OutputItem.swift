import GPTOSS
import GPTOSSJSON

/// An item of a response's `output` that is being written.
struct OutputItem {
  let id: String
  /// Its place in `output`.
  let index: Int
  var kind: Kind
  /// What has been written of it: the text of reasoning and messages, the arguments or the text of calls.
  var text = ""
  /// Those of a message, if they are asked for.
  var logProbabilities: [JSONValue] = []
  /// What a server's tool gave, as the model reads it, and whether it failed.
  var result: (text: String, isError: Bool)?

  enum Kind: Equatable {
    case reasoning
    case message
    /// A call that the client carries out.
    case call(id: String, APITool)
    /// A call of a server's tool: its number among the calls, and the id of the item that asked for it.
    case serverCall(Int, ToolOrigin, approval: String?)
    /// A call that the client has to agree to.
    case approvalRequest(ToolOrigin)
  }

  /// The prefix of ids.
  static func prefix(of kind: Kind) -> String {
    switch kind {
    case .reasoning: "rs_"
    case .message: "msg_"
    case .call(_, let tool): tool.takesText ? "ctc_" : "fc_"
    case .serverCall: "mcp_"
    case .approvalRequest: "mcpr_"
    }
  }

  /// The item as it is announced: without text.
  var opening: JSONValue { json(status: "in_progress", content: [], arguments: "") }

  /// The item as it stands when it is complete, or was cut off.
  ///
  /// - Parameter phase: what a message was: a preamble or the answer.
  func closing(isComplete: Bool, phase: ConversationItem.Phase) -> JSONValue {
    let item = json(
      status: isComplete ? "completed" : "incomplete", content: part.map { [$0] } ?? [], arguments: text)
    return kind == .message ? item.adding(["phase": .string(phase.rawValue)]) : item
  }

  /// Whether the model calls a tool with it.
  var isCall: Bool {
    switch kind {
    case .reasoning, .message: false
    case .call, .serverCall, .approvalRequest: true
    }
  }

  /// A server's call whose arguments are complete, before its result has come.
  var calling: JSONValue { json(status: "calling", content: [], arguments: text) }

  /// The part that reasoning and messages consist of; nil for calls.
  var part: JSONValue? {
    switch kind {
    case .reasoning: ["type": "reasoning_text", "text": .string(text)]
    case .message:
      [
        "type": "output_text", "annotations": [], "logprobs": .array(logProbabilities), "text": .string(text),
      ]
    case .call, .serverCall, .approvalRequest: nil
    }
  }

  /// The type of the events that tell pieces of the text; nil if only the whole is told.
  var textDelta: String? { textEnd.map { $0.type.replacing(".done", with: ".delta") } }

  /// The event that tells the whole text: its type, and its fields beside the place; nil if the item alone
  /// has it.
  var textEnd: (type: String, fields: JSONValue)? {
    switch kind {
    case .reasoning: ("response.reasoning_text.done", ["text": .string(text)])
    case .message:
      ("response.output_text.done", ["text": .string(text), "logprobs": .array(logProbabilities)])
    case .call(_, let tool) where tool.takesText:
      ("response.custom_tool_call_input.done", ["input": .string(text)])
    case .call(_, let tool):
      ("response.function_call_arguments.done", ["name": .string(tool.name), "arguments": .string(text)])
    case .serverCall: ("response.mcp_call_arguments.done", ["arguments": .string(text)])
    case .approvalRequest: nil
    }
  }

  private func json(status: JSONValue, content: [JSONValue], arguments: String) -> JSONValue {
    switch kind {
    case .reasoning:
      [
        "id": .string(id), "type": "reasoning", "status": status, "summary": [], "content": .array(content),
      ]
    case .message:
      [
        "id": .string(id), "type": "message", "status": status, "role": "assistant",
        "content": .array(content),
      ]
    case .call(let callID, let tool): call(status, callID, tool, arguments)
    case .serverCall(_, let origin, let approval):
      [
        "id": .string(id), "type": "mcp_call", "status": result?.isError == true ? "failed" : status,
        "approval_request_id": .optional(approval), "arguments": .string(arguments), "error": error,
        "name": .string(origin.name), "output": .optional(result.flatMap { $0.isError ? nil : $0.text }),
        "server_label": .string(origin.label),
      ]
    case .approvalRequest(let origin):
      [
        "id": .string(id), "type": "mcp_approval_request", "arguments": .string(arguments),
        "name": .string(origin.name), "server_label": .string(origin.label),
      ]
    }
  }

  /// Why a server's tool gave no result, as OpenAI's API has it.
  private var error: JSONValue {
    guard let result, result.isError else { return .null }
    return [
      "type": "mcp_tool_execution_error", "content": [["type": "text", "text": .string(result.text)]],
    ]
  }

  private func call(_ status: JSONValue, _ callID: String, _ tool: APITool, _ text: String) -> JSONValue {
    var call = JSONObject([
      (key: "id", value: .string(id)),
      (key: "type", value: tool.takesText ? "custom_tool_call" : "function_call"),
      (key: "status", value: status), (key: "call_id", value: .string(callID)),
      (key: "name", value: .string(tool.name)),
    ])
    if let namespace = tool.ownNamespace { call["namespace"] = .string(namespace) }
    call[tool.takesText ? "input" : "arguments"] = .string(text)
    return .object(call)
  }
}

extension ServerOffer {
  /// The list of a server's tools as an item of `output`.
  func item(id: String) -> JSONValue {
    let tools = entries.map { entry -> JSONValue in
      [
        "annotations": ["read_only": .bool(entry.claimsReadOnly)],
        "description": .string(entry.tool.description), "input_schema": entry.schema,
        "name": .string(entry.origin.name),
      ]
    }
    let item = opening(id: id).adding(["error": .optional(failure)])
    guard case .object(var object) = item else { return item }
    object["tools"] = .array(tools)
    return .object(object)
  }

  /// The item as it is announced: without tools.
  func opening(id: String) -> JSONValue {
    ["id": .string(id), "type": "mcp_list_tools", "server_label": .string(label), "tools": []]
  }
}

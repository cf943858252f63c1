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

  enum Kind: Equatable {
    case reasoning
    case message
    case call(id: String, APITool)
  }

  /// The prefix of ids.
  static func prefix(of kind: Kind) -> String {
    switch kind {
    case .reasoning: "rs_"
    case .message: "msg_"
    case .call(_, let tool): tool.takesText ? "ctc_" : "fc_"
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

  /// The part that reasoning and messages consist of; nil for calls.
  var part: JSONValue? {
    switch kind {
    case .reasoning: ["type": "reasoning_text", "text": .string(text)]
    case .message:
      [
        "type": "output_text", "annotations": [], "logprobs": .array(logProbabilities), "text": .string(text),
      ]
    case .call: nil
    }
  }

  /// The event that tells the whole text: its type, and its fields beside the place.
  var textEnd: (type: String, fields: JSONValue) {
    switch kind {
    case .reasoning: ("response.reasoning_text.done", ["text": .string(text)])
    case .message:
      ("response.output_text.done", ["text": .string(text), "logprobs": .array(logProbabilities)])
    case .call(_, let tool) where tool.takesText:
      ("response.custom_tool_call_input.done", ["input": .string(text)])
    case .call(_, let tool):
      ("response.function_call_arguments.done", ["name": .string(tool.name), "arguments": .string(text)])
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
    }
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

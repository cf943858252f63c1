import GPTOSSJSON

/// An item of a response's `output` that is being written.
struct OutputItem {
  let id: String
  /// Its place in `output`.
  let index: Int
  var kind: Kind
  /// What has been written of it: the text of reasoning and messages, the arguments of calls.
  var text = ""
  /// Those of a message, if they are asked for.
  var logProbabilities: [JSONValue] = []

  enum Kind: Equatable {
    case reasoning
    case message
    case call(id: String, name: String)
  }

  /// The prefix of ids.
  static func prefix(of kind: Kind) -> String {
    switch kind {
    case .reasoning: "rs_"
    case .message: "msg_"
    case .call: "fc_"
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
    case .call(let callID, let name):
      [
        "id": .string(id), "type": "function_call", "status": status, "call_id": .string(callID),
        "name": .string(name), "arguments": .string(arguments),
      ]
    }
  }
}

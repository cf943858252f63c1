import GPTOSSJSON

/// A block of a message's `content` that is being written.
struct ContentBlock {
  /// Stands where Anthropic has a proof that the thinking is its model's own. Clients take thinking without
  /// one for that of another server.
  private static let signature: JSONValue = "Z3B0LW9zcw=="

  /// Its place in the stream.
  let index: Int
  let kind: Kind
  /// What has been written of it.
  var text = ""
  /// The arguments of a call that is complete.
  var input: JSONObject?

  enum Kind: Equatable {
    case thinking
    case text
    case call(id: String, name: String)
  }

  /// The block as it is announced: empty.
  var opening: JSONValue { json(text: "", signature: "", input: JSONObject()) }

  /// The whole block; nil for a call that was cut off.
  var whole: JSONValue? {
    if case .call = kind, input == nil { return nil }
    return json(text: text, signature: Self.signature, input: input ?? JSONObject())
  }

  /// The change that a piece of text is.
  func delta(_ piece: String) -> JSONValue {
    switch kind {
    case .thinking: ["type": "thinking_delta", "thinking": .string(piece)]
    case .text: ["type": "text_delta", "text": .string(piece)]
    case .call: ["type": "input_json_delta", "partial_json": .string(piece)]
    }
  }

  /// The change that completes the block; nil if there is none.
  var lastDelta: JSONValue? {
    if kind == .thinking { return ["type": "signature_delta", "signature": Self.signature] }
    return nil
  }

  private func json(text: String, signature: JSONValue, input: JSONObject) -> JSONValue {
    switch kind {
    case .thinking: ["type": "thinking", "thinking": .string(text), "signature": signature]
    case .text: ["type": "text", "text": .string(text)]
    case .call(let id, let name):
      ["type": "tool_use", "id": .string(id), "name": .string(name), "input": .object(input)]
    }
  }
}

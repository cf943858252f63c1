import GPTOSSHarmony
package import GPTOSSJSON

extension ConversationItem {
  /// The messages of chat completions.
  ///
  /// - Throws: `ServerError` or `JSONError` with a path such as `messages[2].content`.
  package static func read(messages: JSONField) throws -> [ConversationItem] {
    let elements = try messages.elements()
    guard !elements.isEmpty else {
      throw ServerError.outOfRange(parameter: messages.path, expected: "at least one message", actual: "none")
    }
    return try elements.flatMap(items(of:))
  }

  private static func items(of message: JSONField) throws -> [ConversationItem] {
    let role = try message.required("role")
    switch try role.string() {
    case "system", "developer": return [.instructions(try message.required("content").contentText())]
    case "user": return [.user(try message.required("content").contentText())]
    case "assistant": return try assistantItems(of: message)
    case "tool":
      let call = try message.required("tool_call_id")
      return [
        .result(
          of: .call(id: try call.string()), try message.optional("content")?.contentText() ?? "",
          path: call.path)
      ]
    case "function":
      let name = try message.required("name")
      return [
        .result(
          of: .function(try name.string()), try message.optional("content")?.contentText() ?? "",
          path: name.path)
      ]
    case let other:
      throw role.unknownValue(
        other, allowed: ["system", "developer", "user", "assistant", "tool", "function"])
    }
  }

  /// What an assistant's message holds, in the order in which the model writes: reasoning, text, calls.
  private static func assistantItems(of message: JSONField) throws -> [ConversationItem] {
    var items: [ConversationItem] = []
    if let reasoning = try message.text("reasoning") ?? message.text("reasoning_content"), !reasoning.isEmpty
    {
      items.append(.reasoning(reasoning))
    }
    let calls = try message.optional("tool_calls")?.elements() ?? []
    let text = try message.optional("content")?.contentText() ?? message.text("refusal")
    if let text, !text.isEmpty {
      items.append(.assistant(text, calls.isEmpty ? .answer : .preamble))
    }
    for call in calls {
      let function = try call.required("function")
      items.append(
        .call(
          id: try call.required("id").string(), name: try function.required("name").string(),
          arguments: try function.required("arguments").argumentsText()))
    }
    // An empty message is left out; one without any content is a mistake.
    if items.isEmpty, text == nil { throw JSONError.missingField(path: message.path(of: "content")) }
    return items
  }
}

extension JSONField {
  /// A call's arguments: JSON text, or the object itself, which some clients send.
  func argumentsText() throws -> String {
    if value.objectValue != nil { return value.text }
    return try string()
  }
}

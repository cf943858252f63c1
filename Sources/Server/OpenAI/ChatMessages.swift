import GPTOSSHarmony
package import GPTOSSJSON
import GPTOSSPlatform

extension ConversationItem {
  /// The messages of chat completions.
  ///
  /// - Throws: `ServerError` or `JSONError` with a path such as `messages[2].content`.
  package static func read(messages: JSONField) throws -> [ConversationItem] {
    try messages.elements(atLeastOne: "message").flatMap(items(of:))
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
          of: .call(id: try call.string()), try message.optional("content")?.resultText() ?? "",
          path: call.path)
      ]
    case "function":
      let name = try message.required("name")
      return [
        .result(
          of: .tool(APITool(name: try name.string())),
          try message.optional("content")?.resultText() ?? "", path: name.path)
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
    var calls = try (message.optional("tool_calls")?.elements() ?? []).map(Self.call)
    if let call = try message.optional("function_call") {
      calls.append(.call(Call(id: nil, tool: try APITool(function: call), content: try call.arguments())))
    }
    let text = try message.optional("content")?.contentText(.named) ?? message.text("refusal")
    if let text, !text.isEmpty {
      items.append(.assistant(text, calls.isEmpty ? .answer : .preamble))
    }
    items += calls
    // An empty message is left out; one without any content is a mistake.
    if items.isEmpty, text == nil { throw JSONError.missingField(path: message.path(of: "content")) }
    return items
  }

  /// An element of `tool_calls`: a call of a function or of a custom tool; any other in words.
  private static func call(_ call: JSONField) throws -> ConversationItem {
    switch try call.text("type") ?? "function" {
    case "function":
      let function = try call.required("function")
      return .call(
        Call(
          id: try call.required("id").string(), tool: try APITool(function: function),
          content: try function.arguments()))
    case "custom":
      let custom = try call.required("custom")
      return .call(
        Call(
          id: try call.required("id").string(),
          tool: APITool(name: try custom.required("name").string(), takesText: true),
          content: try custom.required("input").string()))
    case let type:
      return .note("[\(type.shortened(to: 64)): \(call.value.summary(without: ["id", "type"]) ?? "{}")]")
    }
  }
}

extension APITool {
  /// The function that a call in a conversation names; it need not be declared.
  init(function: JSONField) throws {
    self.init(
      name: try function.required("name").string(),
      namespace: try function.text("namespace") ?? ToolName.functions)
  }
}

extension JSONField {
  /// A call's arguments: JSON text, which may be malformed, or the object itself, which some clients send.
  func arguments() throws -> String {
    let arguments = try required("arguments")
    return arguments.value.objectValue == nil ? try arguments.string() : arguments.value.text
  }
}

import GPTOSSHarmony
package import GPTOSSJSON

extension ConversationItem {
  /// The items that an item of Responses' `input` stands for.
  ///
  /// - Throws: `ServerError` or `JSONError` with a path such as `input[2].call_id`.
  package static func items(of item: JSONField, _ store: ResponseStore) throws -> [ConversationItem] {
    switch try item.text("type") ?? "message" {
    case "message": return [try message(item)]
    case "reasoning":
      // The model continues from its own reasoning; a summary is written for people.
      let text = try item.optional("content")?.contentText() ?? ""
      return text.isEmpty ? [] : [.reasoning(text)]
    case "function_call":
      return [
        .call(
          id: try item.required("call_id").string(), name: try item.required("name").string(),
          arguments: try item.required("arguments").argumentsText())
      ]
    case "function_call_output":
      let call = try item.required("call_id")
      return [
        .result(of: .call(id: try call.string()), try item.required("output").contentText(), path: call.path)
      ]
    case "item_reference":
      let field = try item.required("id")
      let id = try field.string()
      guard let kept = store.item(id) else {
        throw ServerError.invalid(parameter: field.path, problem: "no item with the id '\(id)' is kept")
      }
      return try items(of: JSONField(kept, path: item.path), store)
    case let other:
      throw ServerError.unsupported(
        parameter: item.path(of: "type"),
        what:
          "items of type '\(other)'; there are message, reasoning, function_call, function_call_output and "
          + "item_reference")
    }
  }

  private static func message(_ item: JSONField) throws -> ConversationItem {
    let role = try item.required("role")
    let text = try item.required("content").contentText()
    switch try role.string() {
    case "system", "developer": return .instructions(text)
    case "user": return .user(text)
    case "assistant": return .assistant(text, try item.choice("phase"))
    case let other: throw role.unknownValue(other, allowed: ["system", "developer", "user", "assistant"])
    }
  }
}

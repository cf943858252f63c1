import GPTOSSHarmony
package import GPTOSSJSON
import GPTOSSPlatform

extension ConversationItem {
  /// The items that an item of Responses' `input` stands for.
  ///
  /// Items of hosted tools, which other servers wrote, and those of types that nobody knows yet are kept as
  /// calls, results and notes: a conversation does not end because of them.
  ///
  /// - Parameter item: one that refers to no other (``resolved(_:_:)``).
  /// - Throws: `ServerError` or `JSONError` with a path such as `input[2].call_id`.
  package static func items(ofInput item: JSONField) throws -> [ConversationItem] {
    switch try item.text("type") ?? "message" {
    case "message": return [try message(item)]
    case "reasoning":
      // The model continues from its own reasoning; a summary is written for people.
      let text = try item.optional("content")?.contentText(.named) ?? ""
      return text.isEmpty ? [] : [.reasoning(text)]
    case "function_call":
      return [
        .call(Call(id: try callID(item), tool: try APITool(function: item), content: try item.arguments()))
      ]
    case "custom_tool_call":
      var tool = try APITool(function: item)
      tool.takesText = true
      return [.call(Call(id: try callID(item), tool: tool, content: try item.required("input").string()))]
    case "function_call_output", "custom_tool_call_output": return [try result(item)]
    case let type: return otherItems(of: item.value, type: type, path: item.path)
    }
  }

  /// The items that are meant: those that refer to kept ones are replaced by them.
  ///
  /// - Throws: `ServerError` for an id that is not kept, `JSONError`.
  package static func resolved(_ items: [JSONField], _ store: ResponseStore) throws -> [JSONField] {
    let references = try items.map { item in
      item.value.isItemReference ? try item.required("id").string() : nil
    }
    let kept = store.items(Set(references.compactMap(\.self)))
    return try zip(items, references).map { item, id in
      guard let id else { return item }
      guard let value = kept[id] else {
        throw ServerError.invalid(
          parameter: "\(item.path).id", problem: "no item with the id '\(id)' is kept")
      }
      return JSONField(value, path: item.path)
    }
  }

  private static func callID(_ item: JSONField) throws -> String { try item.required("call_id").string() }

  private static func message(_ item: JSONField) throws -> ConversationItem {
    let role = try item.required("role")
    let content = try item.required("content")
    switch try role.string() {
    case "system", "developer": return .instructions(try content.contentText())
    case "user": return .user(try content.contentText())
    case "assistant": return .assistant(try content.contentText(.named), try item.choice("phase"))
    case let other: throw role.unknownValue(other, allowed: ["system", "developer", "user", "assistant"])
    }
  }

  /// A tool's result, which names its call or, without one, the tool.
  private static func result(_ item: JSONField) throws -> ConversationItem {
    let text = try item.required("output").resultText()
    if try item.optional("call_id") == nil, let name = try item.optional("name") {
      return .result(of: .tool(try APITool(function: item)), text, path: name.path)
    }
    let call = try item.required("call_id")
    return .result(of: .call(id: try call.string()), text, path: call.path)
  }

  // MARK: Items of other tools

  /// Members that say nothing to the model.
  private static let plumbing: Set<String> = ["type", "id", "call_id", "status", "encrypted_content"]

  /// An item of a tool that cannot be run here: a call, if it has an id for its result, a result, or a note.
  private static func otherItems(of item: JSONValue, type: String, path: String) -> [ConversationItem] {
    let summary = item.summary(without: plumbing)
    if let tool = tool(of: type, ending: "_call"), let id = item["call_id"]?.stringValue {
      return [.call(Call(id: id, tool: tool, content: summary ?? "{}"))]
    }
    if let tool = tool(of: type, ending: "_call_output") ?? tool(of: type, ending: "_output") {
      let text = item["output"]?.stringValue ?? summary ?? ""
      return [.result(of: .tool(tool), text, path: path)]
    }
    return summary.map { [.note("[\(type.shortened(to: 64)): \($0)]")] } ?? []
  }

  /// The tool that a type such as `local_shell_call` belongs to.
  private static func tool(of type: String, ending: String) -> APITool? {
    guard type.hasSuffix(ending), ToolName.isValid(type) else { return nil }
    let name = String(type.dropLast(ending.count))
    return name.isEmpty ? nil : APITool(name: name)
  }
}

extension JSONValue {
  /// Whether it stands for an item that was kept.
  var isItemReference: Bool { self["type"] == "item_reference" }
}

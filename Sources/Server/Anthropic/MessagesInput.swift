package import GPTOSSJSON
import GPTOSSPlatform

// Messages' conversation: `system`, and messages of blocks. A block's `cache_control` and `citations` are not
// read: prompts are cached anyway, and the model does not cite.

extension ConversationItem {
  /// The conversation of a request of Messages.
  ///
  /// - Throws: `ServerError` or `JSONError` with a path such as `messages[2].content[0].type`.
  package static func read(messagesRequest request: JSONField) throws -> [ConversationItem] {
    let system = try request.optional("system").map { try instructions($0) } ?? []
    let messages = try request.required("messages").elements(atLeastOne: "message")
    let items = try messages.flatMap(items(ofMessage:))
    if let last = messages.last, try last.text("role") == "assistant" {
      throw ServerError.unsupported(
        parameter: last.path,
        what: "the last message has to be the user's, because the model begins its own answers")
    }
    return system + items
  }

  private static func items(ofMessage message: JSONField) throws -> [ConversationItem] {
    let role = try message.required("role")
    let content = try message.required("content")
    switch try role.string() {
    case "user": return try userItems(content)
    case "assistant": return try assistantItems(content)
    case "system": return try instructions(content)
    case let other: throw role.unknownValue(other, allowed: ["user", "assistant", "system"])
    }
  }

  /// Claude Code begins its instructions with a block for Anthropic's accounts. It says nothing to the model,
  /// and it is another in each request, so that no prompt would be found in the cache.
  private static let accountingPrefix = "x-anthropic-billing-header:"

  private static func instructions(_ content: JSONField) throws -> [ConversationItem] {
    let texts = try content.blocks().map { try $0.blockText(.refused) }
    let text = texts.filter { !$0.hasPrefix(accountingPrefix) }.joinedLines()
    return text.isEmpty ? [] : [.instructions(text)]
  }

  /// Results of calls, and then what the user says.
  private static func userItems(_ content: JSONField) throws -> [ConversationItem] {
    var results: [ConversationItem] = []
    var texts: [String] = []
    for block in try content.blocks() {
      if try block.required("type").string() == "tool_result" {
        results.append(try result(block))
      } else {
        texts.append(try block.blockText(.refused))
      }
    }
    let text = texts.joinedLines()
    // A message of results alone says nothing.
    return results + (text.isEmpty && !results.isEmpty ? [] : [.user(text)])
  }

  private static func result(_ block: JSONField) throws -> ConversationItem {
    let call = try block.required("tool_use_id")
    let text = try block.optional("content")?.blocksText(.named) ?? ""
    let isError = try block.flag("is_error") ?? false
    return .result(
      of: .call(id: try call.string()), isError ? "Error: \(text)" : text, path: call.path)
  }

  /// What an assistant's message holds, in the order in which the model wrote it.
  ///
  /// The text at its end is the answer. Any other text is what the model said before it went on.
  private static func assistantItems(_ content: JSONField) throws -> [ConversationItem] {
    var items: [ConversationItem] = []
    // An answer with citations is in pieces.
    var text = ""
    func end(_ phase: Phase) {
      if !text.isEmpty { items.append(.assistant(text, phase)) }
      text = ""
    }
    func append(_ item: ConversationItem) {
      end(.preamble)
      items.append(item)
    }
    for block in try content.blocks() {
      switch try block.required("type").string() {
      case "text": text += try block.required("text").string()
      case "thinking":
        let thinking = try block.required("thinking").string()
        if !thinking.isEmpty { append(.reasoning(thinking)) }
      case "redacted_thinking": continue
      case "tool_use":
        let call = Call(
          id: try block.required("id").string(), tool: APITool(name: try block.required("name").string()),
          content: try block.optional("input")?.value.text ?? "{}")
        append(.call(call))
      case let type:
        let summary = block.value.summary(without: ["type", "id", "tool_use_id", "cache_control"])
        append(.note("[\(type.shortened(to: 64)): \(summary ?? "{}")]"))
      }
    }
    end(.answer)
    return items
  }
}

extension JSONField {
  /// The blocks of a message's content: a string is a block of text.
  fileprivate func blocks() throws -> [JSONField] {
    if value.stringValue != nil { return [JSONField(["type": "text", "text": value], path: path)] }
    guard value.arrayValue != nil else { throw wrongType("string or array") }
    return try elements()
  }

  /// The text of content that is not the model's, each block on lines of its own.
  fileprivate func blocksText(_ other: OtherContent) throws -> String {
    try blocks().map { try $0.blockText(other) }.joinedLines()
  }

  fileprivate func blockText(_ other: OtherContent) throws -> String {
    switch value["type"]?.stringValue {
    case "document":
      [try text("title") ?? "", try text("context") ?? "", try documentText(other)].joinedLines()
    case "search_result":
      [try text("title") ?? "", try text("source") ?? "", try required("content").blocksText(other)]
        .joinedLines()
    default: try partText(other)
    }
  }

  private func documentText(_ other: OtherContent) throws -> String {
    let source = try required("source")
    let type = try source.required("type")
    switch (try type.string(), other) {
    case ("text", _): return try source.required("data").string()
    case ("content", _): return try source.required("content").blocksText(other)
    case (_, .named): return "[document left out: the model reads text only]"
    case (let name, .refused):
      throw ServerError.unsupported(
        parameter: type.path,
        what: "a document as '\(name)'; the model reads text only, so give 'text' or 'content'")
    }
  }
}

extension [String] {
  /// Those texts that are not empty, each on lines of its own.
  fileprivate func joinedLines() -> String { filter { !$0.isEmpty }.joined(separator: "\n") }
}

import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// Messages and items to Harmony. Breaks when a role, a form of content or the order of messages is read
/// wrongly.
struct ConversationTests {
  @Test func everyRoleOfChat() throws {
    let conversation = try conversation(
      messages: #"""
        [{"role": "system", "content": "Be brief."},
         {"role": "developer", "content": [{"type": "text", "text": "Be "}, {"type": "text", "text": "kind."}]},
         {"role": "user", "content": [{"type": "text", "text": "Rain?"}]},
         {"role": "assistant", "content": "Let me look.", "reasoning": "Need the weather.",
          "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "sky", "arguments": "{\"a\":1}"}}]},
         {"role": "tool", "tool_call_id": "c1", "content": "rain"},
         {"role": "assistant", "reasoning_content": "It rains.", "content": "Yes."},
         {"role": "system", "content": "Now at length."},
         {"role": "assistant", "content": null, "function_call": {"name": "sky", "arguments": "{"}},
         {"role": "function", "name": "sky", "content": "sun"},
         {"role": "assistant", "content": "Now code.", "tool_calls": [
          {"id": "c2", "type": "custom", "custom": {"name": "run", "input": "print(1)\n"}}]},
         {"role": "tool", "tool_call_id": "c2", "content": [
          {"type": "text", "text": "1"}, {"type": "image_url", "image_url": {"url": "data:x"}}]}]
        """#)
    #expect(
      conversation.messages.dropFirst() == [
        .developer(DeveloperContent(instructions: "Be brief.\n\nBe kind.")),
        Message(.user, "Rain?"),
        Message(.assistant, "Need the weather.", channel: .analysis),
        Message(.assistant, "Let me look.", channel: .commentary),
        Message(
          .assistant, #"{"a":1}"#, channel: .commentary, recipient: "functions.sky",
          contentType: "<|constrain|>json"),
        .toolResult("rain", from: "functions.sky"),
        Message(.assistant, "It rains.", channel: .analysis),
        Message(.assistant, "Yes.", channel: .final),
        .developer(DeveloperContent(instructions: "Now at length.")),
        Message(
          .assistant, "{", channel: .commentary, recipient: "functions.sky",
          contentType: "<|constrain|>json"),
        .toolResult("sun", from: "functions.sky"),
        Message(.assistant, "Now code.", channel: .commentary),
        Message(.assistant, "print(1)\n", channel: .commentary, recipient: "functions.run"),
        .toolResult("1[image_url left out: the model reads text only]", from: "functions.run"),
      ])
  }

  @Test func functionsStandInTheFirstDeveloperMessage() throws {
    let function = ToolDescription(name: "now", description: "")
    let conversation = try conversation(
      messages: #"[{"role": "user", "content": "x"}]"#, tools: [.functions([function])])
    #expect(
      Array(conversation.messages.dropFirst().prefix(1)) == [
        .developer(DeveloperContent(functions: [function]))
      ])
  }

  @Test(arguments: [
    (#"[]"#, "messages"), (#"[{"content": "x"}]"#, "messages[0].role"),
    (#"[{"role": "judge", "content": "x"}]"#, "messages[0].role"),
    (#"[{"role": "user"}]"#, "messages[0].content"),
    (#"[{"role": "user", "content": 1}]"#, "messages[0].content"),
    (#"[{"role": "user", "content": [{"type": "image_url"}]}]"#, "messages[0].content[0].type"),
    (#"[{"role": "assistant"}]"#, "messages[0].content"),
    (#"[{"role": "assistant", "tool_calls": [{"id": "a"}]}]"#, "messages[0].tool_calls[0].function"),
    (#"[{"role": "assistant", "function_call": {"name": "a"}}]"#, "messages[0].function_call.arguments"),
    (#"[{"role": "function", "content": "x"}]"#, "messages[0].name"),
    (#"[{"role": "tool", "content": "x"}]"#, "messages[0].tool_call_id"),
    (#"[{"role": "tool", "tool_call_id": "a", "content": "x"}]"#, "messages[0].tool_call_id"),
  ]) func refusedMessages(_ messages: String, parameter: String) {
    let error = #expect(throws: ServerError.self) {
      do { _ = try conversation(messages: messages) } catch { throw ServerError(error) }
    }
    #expect(error?.parameter == parameter && error?.status == 400)
  }

  @Test func itemsOfResponses() throws {
    let store = ResponseStore()
    store.keep(
      "resp_1",
      ResponseStore.Entry(
        response: [:],
        conversation: [["id": "msg_1", "type": "message", "role": "assistant", "content": "Kept."]]))
    let items = #"""
      [{"role": "user", "content": "Rain?"},
       {"type": "reasoning", "id": "r", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm."}]},
       {"type": "function_call", "call_id": "c", "name": "sky", "arguments": "{}"},
       {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "rain"}]},
       {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Yes."}], "phase": "commentary"},
       {"type": "item_reference", "id": "msg_1"}]
      """#
    let sky = APITool(name: "sky")
    #expect(
      try read(items, store) == [
        .user("Rain?"), .reasoning("Hm."),
        .call(ConversationItem.Call(id: "c", tool: sky, content: "{}")),
        .result(of: .call(id: "c"), "rain", path: "input[3].call_id"), .assistant("Yes.", .preamble),
        .assistant("Kept.", nil),
      ])
  }

  /// What agents send back: calls of namespaces and custom tools, malformed arguments, pictures from tools.
  @Test func callsOfEveryKind() throws {
    let items = #"""
      [{"type": "function_call", "call_id": "a", "name": "wait", "namespace": "agents", "arguments": "{\"x\":"},
       {"type": "custom_tool_call", "call_id": "b", "name": "run", "input": "1 + 1"},
       {"type": "function_call_output", "call_id": "a", "output": [{"type": "input_image", "image_url": "data:x"}]},
       {"type": "custom_tool_call_output", "call_id": "b", "output": "2"},
       {"type": "function_call_output", "name": "now", "output": {"hour": 7}}]
      """#
    let messages = try Conversation(read(items), tools: [], system: SystemContent()).messages.dropFirst()
    #expect(
      Array(messages) == [
        Message(
          .assistant, #"{"x":"#, channel: .commentary, recipient: "agents.wait",
          contentType: "<|constrain|>json"),
        Message(.assistant, "1 + 1", channel: .commentary, recipient: "functions.run"),
        .toolResult("[input_image left out: the model reads text only]", from: "agents.wait"),
        .toolResult("2", from: "functions.run"),
        .toolResult(#"{"hour":7}"#, from: "functions.now"),
      ])
  }

  /// Items of hosted tools and of types that nobody knows: kept as far as they can be read, never refused.
  @Test(
    arguments: [
      (
        #"{"type": "web_search_call", "id": "w", "status": "completed", "action": {"query": "swift"}}"#,
        [.note(#"[web_search_call: {"action":{"query":"swift"}}]"#)]
      ),
      (
        #"{"type": "local_shell_call", "id": "l", "call_id": "c", "action": {"command": ["ls"], "user": null}}"#,
        [
          .call(
            ConversationItem.Call(
              id: "c", tool: APITool(name: "local_shell"),
              content: #"{"action":{"command":["ls"],"user":null}}"#))
        ]
      ),
      (
        #"{"type": "local_shell_call_output", "id": "c", "output": "a.txt"}"#,
        [.result(of: .tool(APITool(name: "local_shell")), "a.txt", path: "input[0]")]
      ),
      (
        #"{"type": "shell_call_output", "call_id": "c", "output": [{"stdout": "a"}]}"#,
        [.result(of: .tool(APITool(name: "shell")), #"{"output":[{"stdout":"a"}]}"#, path: "input[0]")]
      ),
      (#"{"type": "compaction", "encrypted_content": "eA=="}"#, []),
      (#"{"type": "compaction_trigger"}"#, []),
      (#"{"type": "item_of_tomorrow", "x": [1]}"#, [.note(#"[item_of_tomorrow: {"x":[1]}]"#)]),
      (#"{"type": "<|end|> _call", "call_id": "c", "x": 1}"#, [.note(#"[<|end|> _call: {"x":1}]"#)]),
    ] as [(String, [ConversationItem])])
  func itemsOfOtherTools(_ item: String, _ expected: [ConversationItem]) throws {
    #expect(try read("[\(item)]") == expected)
  }

  /// A picture in base64 and a search's results would fill the context.
  @Test func otherItemsAreBounded() throws {
    let data = String(repeating: "iVBO", count: 100_000)
    let words = String(repeating: "word ✓ ", count: 100_000)
    let read = try read(
      #"[{"type": "image_generation_call", "result": "\#(data)"}, {"type": "x", "y": "\#(words)"}]"#)
    #expect(read.first == .note(#"[image_generation_call: {"result":"[400000 bytes left out]"}]"#))
    guard case .note(let long)? = read.last else {
      Issue.record("no note: \(read)")
      return
    }
    #expect(long.utf8.count < 4200 && long.hasSuffix(" more bytes]]") && !long.contains("\u{FFFD}"))
  }

  private func read(_ items: String, _ store: ResponseStore = ResponseStore()) throws -> [ConversationItem] {
    let fields = try JSONField(JSONValue(parsing: items), path: "input").elements()
    return try ConversationItem.resolved(fields, store).flatMap { try ConversationItem.items(ofInput: $0) }
  }

  private func conversation(messages: String, tools: [ToolNamespace] = []) throws -> Conversation {
    try Conversation(
      ConversationItem.read(messages: JSONField(JSONValue(parsing: messages), path: "messages")),
      tools: tools, system: SystemContent())
  }
}

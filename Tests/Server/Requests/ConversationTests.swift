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
         {"role": "function", "name": "sky", "content": "sun"}]
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
        .toolResult("sun", from: "functions.sky"),
      ])
  }

  @Test func functionsStandInTheFirstDeveloperMessage() throws {
    let function = ToolDescription(name: "now", description: "")
    let conversation = try conversation(
      messages: #"[{"role": "user", "content": "x"}]"#, functions: [function])
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
    let read = try JSONField(JSONValue(parsing: items), path: "input").elements()
      .flatMap { try ConversationItem.items(of: $0, store) }
    #expect(
      read == [
        .user("Rain?"), .reasoning("Hm."), .call(id: "c", name: "sky", arguments: "{}"),
        .result(of: .call(id: "c"), "rain", path: "input[3].call_id"), .assistant("Yes.", .preamble),
        .assistant("Kept.", nil),
      ])
  }

  private func conversation(messages: String, functions: [ToolDescription] = []) throws -> Conversation {
    try Conversation(
      ConversationItem.read(messages: JSONField(JSONValue(parsing: messages), path: "messages")),
      functions: functions, system: SystemContent())
  }
}

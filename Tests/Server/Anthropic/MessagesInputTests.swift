import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// Messages and blocks to Harmony. Breaks when a role, a block or their order is read wrongly.
struct MessagesInputTests {
  @Test func everyBlockThatClientsSendBack() throws {
    let conversation = try conversation(
      #"""
      {"system": [{"type": "text", "text": "x-anthropic-billing-header: cc_version=1; cch=2"},
                  {"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}},
                  {"type": "text", "text": "Be kind."}],
       "messages": [
        {"role": "user", "content": "Rain?"},
        {"role": "assistant", "content": [
          {"type": "thinking", "thinking": "Need the weather.", "signature": ""},
          {"type": "redacted_thinking", "data": "eA=="},
          {"type": "text", "text": "Let me "}, {"type": "text", "text": "look."},
          {"type": "tool_use", "id": "a", "name": "sky", "input": {"b": 1, "a": 2},
           "caller": {"type": "direct"}},
          {"type": "tool_use", "id": "b", "name": "sea"}]},
        {"role": "user", "content": [
          {"type": "tool_result", "tool_use_id": "b"},
          {"type": "text", "text": "And tomorrow?"},
          {"type": "tool_result", "tool_use_id": "a", "is_error": true, "content": [
            {"type": "text", "text": "no sky"},
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "eA=="}}]}]},
        {"role": "assistant", "content": "Sun."},
        {"role": "system", "content": "Now at length."},
        {"role": "user", "content": [
          {"type": "document", "title": "Sky",
           "source": {"type": "text", "media_type": "text/plain", "data": "blue"}},
          {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": "grey"}]}},
          {"type": "search_result", "title": "T", "source": "S",
           "content": [{"type": "text", "text": "red"}]},
          {"type": "text", "text": "Which?"}]}]}
      """#)
    #expect(
      conversation.messages.dropFirst() == [
        .developer(DeveloperContent(instructions: "Be brief.\nBe kind.")),
        Message(.user, "Rain?"),
        Message(.assistant, "Need the weather.", channel: .analysis),
        Message(.assistant, "Let me look.", channel: .commentary),
        call("sky", #"{"b":1,"a":2}"#), call("sea", "{}"),
        .toolResult("", from: "functions.sea"),
        .toolResult(
          "Error: no sky\n[image left out: the model reads text only]", from: "functions.sky"),
        Message(.user, "And tomorrow?"),
        Message(.assistant, "Sun.", channel: .final),
        .developer(DeveloperContent(instructions: "Now at length.")),
        Message(.user, "Sky\nblue\ngrey\nT\nS\nred\nWhich?"),
      ])
  }

  /// What Anthropic's own tools did stays in the conversation as text, and what follows it is the answer.
  @Test func blocksOfToolsThatRanElsewhere() throws {
    let conversation = try conversation(
      #"""
      {"messages": [
        {"role": "user", "content": "Rain?"},
        {"role": "assistant", "content": [
          {"type": "text", "text": "I look."},
          {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "rain"}},
          {"type": "web_search_tool_result", "tool_use_id": "s", "content": []},
          {"type": "text", "text": "It rains."}]},
        {"role": "user", "content": "And tomorrow?"}]}
      """#)
    let assistant = conversation.messages.filter { $0.author.role == .assistant }
    #expect(assistant.map(\.channel) == [.commentary, .commentary, .commentary, .final])
    #expect(assistant[1].text.contains("web_search") && assistant[1].text.contains("rain"))
    #expect(assistant[3].text == "It rains.")
  }

  @Test(arguments: [
    (#"{}"#, "messages"), (#"{"messages": []}"#, "messages"), (#"{"messages": "x"}"#, "messages"),
    (#"{"messages": [{"content": "x"}]}"#, "messages[0].role"),
    (#"{"messages": [{"role": "judge", "content": "x"}]}"#, "messages[0].role"),
    (#"{"messages": [{"role": "user"}]}"#, "messages[0].content"),
    (#"{"messages": [{"role": "user", "content": 1}]}"#, "messages[0].content"),
    (#"{"messages": [{"role": "user", "content": ["x"]}]}"#, "messages[0].content[0]"),
    (#"{"messages": [{"role": "user", "content": [{"type": "image"}]}]}"#, "messages[0].content[0].type"),
    (#"{"messages": [{"role": "user", "content": [{"type": "text"}]}]}"#, "messages[0].content[0].text"),
    (
      #"{"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "base64"}}]}]}"#,
      "messages[0].content[0].source.type"
    ),
    (
      #"{"messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a"}]}]}"#,
      "messages[0].content[0].tool_use_id"
    ),
    (
      #"{"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "It is"}]}"#,
      "messages[1]"
    ),
    (
      #"{"messages": [{"role": "assistant", "content": [{"type": "tool_use", "name": "a"}]}]}"#,
      "messages[0].content[0].id"
    ),
    (#"{"system": [{"type": "image"}], "messages": [{"role": "user", "content": "x"}]}"#, "system[0].type"),
  ]) func refused(_ body: String, parameter: String) {
    let error = #expect(throws: ServerError.self) {
      do { _ = try conversation(body) } catch { throw ServerError(error) }
    }
    #expect(error?.parameter == parameter && error?.status == 400)
  }

  private func call(_ name: String, _ arguments: String) -> Message {
    Message(
      .assistant, arguments, channel: .commentary, recipient: "functions.\(name)",
      contentType: "<|constrain|>json")
  }

  private func conversation(_ body: String) throws -> Conversation {
    try Conversation(
      ConversationItem.read(messagesRequest: .body(Array(body.utf8))), tools: [], system: SystemContent())
  }
}

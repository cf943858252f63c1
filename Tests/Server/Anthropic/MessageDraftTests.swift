import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// The engine's events as those of Messages. Breaks when an event is missing, out of order or has another
/// shape than Anthropic's clients read.
struct MessageDraftTests {
  @Test func everyEventOfAnAnswerWithACall() {
    var draft = draft(.summarized)
    var events: [ResponseEvent] = [.prompt(read: 5, total: 20), .prompt(read: 20, total: 20)]
    events += [.reasoning("Hm"), .reasoning("."), .text("Let me look.")]
    events += ResponseEvent.call(0, "sky", #"{"a":1}"#) + [.end()]
    let input = #""input_tokens":15,"cache_creation_input_tokens":0,"cache_read_input_tokens":5"#
    let details = #""output_tokens_details":{"thinking_tokens":0}"#
    let expected = #"""
      {"type":"message_start","message":{"id":"msg_0","type":"message","role":"assistant","model":"m",\#
      "content":[],"stop_reason":null,"stop_sequence":null,"usage":{\#(input),"output_tokens":0,\#(details)}}}
      {"type":"content_block_start","index":0,"content_block":\#
      {"type":"thinking","thinking":"","signature":""}}
      {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}
      {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"."}}
      {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Z3B0LW9zcw=="}}
      {"type":"content_block_stop","index":0}
      {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
      {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Let me look."}}
      {"type":"content_block_stop","index":1}
      {"type":"content_block_start","index":2,"content_block":\#
      {"type":"tool_use","id":"toolu_0","name":"sky","input":{}}}
      {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a"}}
      {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"\":1}"}}
      {"type":"content_block_stop","index":2}
      {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},\#
      "usage":{\#(input),"output_tokens":9,\#(details)}}
      {"type":"message_stop"}
      """#
    let told = events.flatMap { draft.read($0) }.map(\.text)
    #expect(told == expected.split(separator: "\n").map(String.init))
    let content = #"""
      [{"type":"thinking","thinking":"Hm.","signature":"Z3B0LW9zcw=="},\#
      {"type":"text","text":"Let me look."},{"type":"tool_use","id":"toolu_0","name":"sky","input":{"a":1}}]
      """#
    #expect(draft.json["content"]?.text == content)
    #expect(draft.json["stop_reason"] == "tool_use" && draft.json["usage"]?["output_tokens"] == 9)
  }

  /// Blocks are messages of their own; where thinking is hidden, two messages are one text.
  @Test func aPreambleMayComeBeforeThinking() {
    let events = [ResponseEvent.text("Let me see."), .reasoning("Hm"), .text("\nYes."), .end()]
    let texts = [ThinkingParameters.Display.summarized, nil].map { display in
      var draft = draft(display)
      for event in events { _ = draft.read(event) }
      return draft.json["content"]?.arrayValue?.compactMap { $0["text"]?.stringValue }
    }
    #expect(texts == [["Let me see.", "Yes."], ["Let me see.\nYes."]])
  }

  /// Clients that did not ask for thinking may not know its blocks.
  @Test func thinkingThatWasNotAskedForIsAHeartbeat() {
    var draft = draft(nil)
    let events = [ResponseEvent.reasoning("Hm"), .text("Yes."), .end()].flatMap { draft.read($0) }
    #expect(
      types(events) == [
        "message_start", "ping", "content_block_start", "content_block_delta", "content_block_stop",
        "message_delta", "message_stop",
      ])
    #expect(draft.json["content"] == [["type": "text", "text": "Yes."]])
  }

  @Test func omittedThinkingIsABlockWithoutText() {
    var draft = draft(.omitted)
    let events = [ResponseEvent.reasoning("Hm"), .reasoning("."), .text("Yes."), .end()]
      .flatMap { draft.read($0) }
    #expect(
      Array(types(events)[1...5]) == [
        "content_block_start", "ping", "ping", "content_block_delta", "content_block_stop",
      ])
    #expect(
      draft.json["content"]?.arrayValue?.first
        == ["type": "thinking", "thinking": "", "signature": "Z3B0LW9zcw=="])
  }

  @Test(arguments: [
    (StopReason.stopToken, "end_turn"), (.stopSequence, "stop_sequence"), (.maximumTokens, "max_tokens"),
    (.repetition, "end_turn"), (.contextFull, "model_context_window_exceeded"),
  ]) func stopReasons(_ reason: StopReason, _ name: String) {
    var draft = draft(nil)
    _ = draft.read(.text("Yes."))
    _ = draft.read(.end(reason))
    #expect(draft.json["stop_reason"]?.stringValue == name)
    #expect((draft.json["stop_details"]?["type"] == "repetition") == (reason == .repetition))
  }

  @Test func toolsThatWereLeftOutAreNamedAtTheBeginning() throws {
    var tools = DeclaredTools()
    try tools.leaveOut(type: "web_search_20250305", at: "tools[0]")
    var draft = MessageDraft(model: "m", thinking: nil, tools: tools, identifiers: .plain, tokenizer: nil)
    let named: JSONValue = [["type": "web_search_20250305", "param": "tools[0]"]]
    #expect(draft.read(.prompt(read: 0, total: 1)).first?["message"]?["unsupported_tools"] == named)
    #expect(draft.json["unsupported_tools"] == named)
  }

  @Test func theStopSequenceIsNamed() {
    var draft = draft(nil)
    var statistics = GenerationStatistics.scripted(.stopSequence)
    statistics.stopSequence = "END"
    let events = draft.read(
      .finished(Response(messages: [], tokens: [], repairs: [], rounds: 1, statistics: statistics)))
    #expect(events.dropLast().last?["delta"]?["stop_sequence"] == "END")
    #expect(draft.json["stop_sequence"] == "END")
  }

  /// Half of the arguments is no object: a client must not run such a call.
  @Test func aCallThatIsCutOffIsNoBlock() {
    var draft = draft(nil)
    let events = (ResponseEvent.call(0, "sky", #"{"a":1}"#).dropLast() + [.end(.maximumTokens)])
      .flatMap { draft.read($0) }
    #expect(types(events).suffix(3) == ["content_block_stop", "message_delta", "message_stop"])
    #expect(draft.json["content"] == .array([]) && draft.json["stop_reason"] == "max_tokens")
  }

  @Test func twoCallsAreTwoBlocks() {
    var draft = draft(nil)
    let events = (ResponseEvent.call(0, "sky", "{}") + ResponseEvent.call(1, "sky", "") + [.end()])
      .flatMap { draft.read($0) }
    let starts = events.filter { $0["type"] == "content_block_start" }
    #expect(starts.map { $0["index"] } == [0, 1])
    #expect(draft.json["content"]?.arrayValue?.map { $0["input"] } == [[:], [:]], "no arguments are none")
  }

  private func types(_ events: [JSONValue]) -> [String] { events.map { $0["type"]?.stringValue ?? "" } }

  private func draft(_ thinking: ThinkingParameters.Display?) -> MessageDraft {
    MessageDraft(model: "m", thinking: thinking, tools: DeclaredTools(), identifiers: .plain, tokenizer: nil)
  }
}

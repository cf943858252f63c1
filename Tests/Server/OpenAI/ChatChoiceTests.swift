import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// The engine's events as choices of chat completions. Breaks when a delta has another shape than OpenAI's
/// clients read.
struct ChatChoiceTests {
  @Test func wordsAndReasoning() {
    var choice = choice()
    #expect(
      choice.opening?.text
        == #"{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}"#)
    let told = [ResponseEvent.prompt(read: 1, total: 2), .reasoning("Hm."), .text("Yes"), .text("."), .end()]
      .compactMap { choice.read($0)?.text }
    #expect(
      told == [
        #"{"index":0,"delta":{"reasoning":"Hm."},"logprobs":null,"finish_reason":null}"#,
        #"{"index":0,"delta":{"content":"Yes"},"logprobs":null,"finish_reason":null}"#,
        #"{"index":0,"delta":{"content":"."},"logprobs":null,"finish_reason":null}"#,
        #"{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}"#,
      ])
    #expect(
      choice.json.text
        == #"{"index":0,"message":{"role":"assistant","content":"Yes.","refusal":null,"annotations":[],"#
        + #""reasoning":"Hm."},"logprobs":null,"finish_reason":"stop"}"#)
  }

  @Test func calls() {
    var choice = choice()
    let events = ResponseEvent.call(0, "sky", #"{"a":1}"#) + ResponseEvent.call(1, "sea", "{}") + [.end()]
    let told = events.compactMap { choice.read($0)?["delta"]?.text }
    #expect(
      told == [
        #"{"tool_calls":[{"index":0,"id":"call_0","type":"function","function":{"name":"sky","arguments":""}}]}"#,
        #"{"tool_calls":[{"index":0,"function":{"arguments":"{\"a"}}]}"#,
        #"{"tool_calls":[{"index":0,"function":{"arguments":"\":1}"}}]}"#,
        #"{"tool_calls":[{"index":1,"id":"call_0","type":"function","function":{"name":"sea","arguments":""}}]}"#,
        #"{"tool_calls":[{"index":1,"function":{"arguments":"{"}}]}"#,
        #"{"tool_calls":[{"index":1,"function":{"arguments":"}"}}]}"#,
        "{}",
      ])
    #expect(choice.json["finish_reason"] == "tool_calls")
    #expect(choice.json["message"]?["content"] == .null, "a message of calls alone has no content")
    #expect(
      choice.json["message"]?["tool_calls"]?.text
        == #"[{"id":"call_0","type":"function","function":{"name":"sky","arguments":"{\"a\":1}"}},"#
        + #"{"id":"call_0","type":"function","function":{"name":"sea","arguments":"{}"}}]"#)
  }

  /// Clients parse the arguments: what comes close to an object is given as one.
  @Test func malformedArgumentsAreRepaired() {
    var choice = choice()
    for event in ResponseEvent.call(0, "sky", #"[{"a":1}]"#) { _ = choice.read(event) }
    let function = choice.json["message"]?["tool_calls"]?.arrayValue?[0]["function"]
    #expect(function?["arguments"] == #"{"a":1}"#)
  }

  @Test(arguments: [
    (StopReason.stopToken, "stop"), (.stopSequence, "stop"), (.maximumTokens, "length"),
    (.contextFull, "length"), (.repetition, "stop"),
  ]) func finishReasons(_ reason: StopReason, _ name: String) {
    var choice = choice()
    let last = choice.read(.end(reason))
    #expect(choice.json["finish_reason"]?.stringValue == name)
    // An answer that repeated itself reached no limit, and did not end by itself either.
    let note: JSONValue? = reason == .repetition ? "repetition" : nil
    #expect(choice.json["stop_reason"] == note && last?["stop_reason"] == note)
  }

  /// A call that a loop has cut off is not one to run.
  @Test func aLoopWithinACallIsNoCall() {
    var choice = choice()
    for event in ResponseEvent.call(0, "sky", #"{"a":1}"#) + [.end(.repetition)] { _ = choice.read(event) }
    #expect(choice.json["finish_reason"] == "stop")
  }

  @Test func customToolsAreCalledWithText() throws {
    var tools = ToolParameters()
    try tools.declared.declare(ToolDescription(name: "run", description: "", text: .any), at: "tools[0]")
    var choice = choice(tools: tools)
    // What looks like malformed JSON is left alone.
    let told = (ResponseEvent.call(0, "run", "[1]") + [.end()]).compactMap { choice.read($0)?["delta"]?.text }
    #expect(
      told == [
        #"{"tool_calls":[{"index":0,"id":"call_0","type":"custom","custom":{"name":"run","input":""}}]}"#,
        #"{"tool_calls":[{"index":0,"custom":{"input":"["}}]}"#,
        #"{"tool_calls":[{"index":0,"custom":{"input":"1]"}}]}"#, "{}",
      ])
    #expect(
      choice.json["message"]?["tool_calls"]?.text
        == #"[{"id":"call_0","type":"custom","custom":{"name":"run","input":"[1]"}}]"#)
    #expect(choice.json["finish_reason"] == "tool_calls")
  }

  /// Requests with `functions` get the answers of their time.
  @Test func legacyFunctions() {
    var tools = ToolParameters()
    tools.isLegacy = true
    var choice = choice(tools: tools)
    let told = (ResponseEvent.call(0, "sky", "{}") + [.end()]).compactMap { choice.read($0)?["delta"]?.text }
    #expect(
      told == [
        #"{"function_call":{"name":"sky","arguments":""}}"#, #"{"function_call":{"arguments":"{"}}"#,
        #"{"function_call":{"arguments":"}"}}"#, "{}",
      ])
    #expect(choice.json["finish_reason"] == "function_call")
    #expect(choice.json["message"]?["function_call"] == ["name": "sky", "arguments": "{}"])
    #expect(choice.json["message"]?["tool_calls"] == nil)
  }

  @Test func reasoningUnderOtherNames() {
    var choice = choice(.reasoningContent)
    let told = choice.read(.reasoning("Hm."))
    #expect(told?["delta"] == ["reasoning_content": "Hm."])
    var silent = self.choice(.none)
    let nothing = silent.read(.reasoning("Hm."))
    #expect(nothing == nil)
    #expect(silent.json["message"]?["reasoning"] == nil)
  }

  private func choice(
    _ format: ReasoningFormat = .reasoning, tools: ToolParameters = ToolParameters()
  ) -> ChatChoice {
    ChatChoice(index: 0, reasoningFormat: format, tools: tools, spelling: nil, identifiers: .plain)
  }
}

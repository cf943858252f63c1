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
    (.contextFull, "length"),
    (.repetition, "length"),
  ]) func finishReasons(_ reason: StopReason, _ name: String) {
    var choice = choice()
    _ = choice.read(.end(reason))
    #expect(choice.json["finish_reason"]?.stringValue == name)
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

  private func choice(_ format: ReasoningFormat = .reasoning) -> ChatChoice {
    ChatChoice(index: 0, reasoningFormat: format, spelling: nil, identifiers: .plain)
  }
}

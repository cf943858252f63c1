import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// Breaks when a form of `prompt` is read wrongly or a completion has another shape.
struct CompletionTests {
  @Test(arguments: [
    (#""a""#, [CompletionRequest.Input.text("a")]), (#"["a", "b"]"#, [.text("a"), .text("b")]),
    ("[1, 2]", [.tokens([1, 2])]), ("[[1], [2, 3]]", [.tokens([1]), .tokens([2, 3])]),
  ]) func prompts(_ prompt: String, _ expected: [CompletionRequest.Input]) throws {
    #expect(try read(#""prompt": \#(prompt)"#).inputs == expected)
  }

  @Test(arguments: [
    (#""prompt": []"#, "prompt"), (#""prompt": [1, "a"]"#, "prompt[1]"), (#""prompt": [-1]"#, "prompt[0]"),
    (#""prompt": 1"#, "prompt"), (#""prompt": "a", "suffix": "b""#, "suffix"),
    (#""prompt": "a", "best_of": 2"#, "best_of"), (#""prompt": "a", "echo": true, "logprobs": 1"#, "echo"),
  ]) func refused(_ fields: String, parameter: String) {
    let error = #expect(throws: ServerError.self) {
      do { _ = try read(fields) } catch { throw ServerError(error) }
    }
    #expect(error?.parameter == parameter)
  }

  @Test func pieces() {
    var choice = CompletionChoice(index: 1, echo: "Once", spelling: nil)
    let events: [GenerationEvent] = [
      .token(GeneratedToken(id: 1, text: " upon")), .token(GeneratedToken(id: 2, text: "")),
      .finished(text: " a", .scripted(.maximumTokens)),
    ]
    #expect(choice.opening?["text"] == "Once")
    let told = events.compactMap { choice.read($0)?["text"]?.stringValue }
    #expect(told == [" upon", " a"])
    #expect(choice.json.text == #"{"text":"Once upon a","index":1,"logprobs":null,"finish_reason":"length"}"#)
  }

  private func read(_ fields: String) throws -> CompletionRequest {
    try CompletionRequest(.body(Array(#"{"model": "m", \#(fields)}"#.utf8)))
  }
}

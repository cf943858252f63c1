import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSSampling
import GPTOSSServer
import GPTOSSTokenizer
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
    (#""prompt": [1], "structured_outputs": {"regex": "a"}"#, "structured_outputs.regex"),
    (#""prompt": [1], "structured_outputs": {"harmony": {"tools": 1}}"#, "structured_outputs.harmony.tools"),
    (#""prompt": [1], "stop_token_ids": ["a"]"#, "stop_token_ids[0]"),
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

  /// As vLLM has them: the ids of each chunk, those of the prompt in the first.
  @Test func tokenIDs() throws {
    var choice = CompletionChoice(
      index: 0, echo: "", spelling: nil, report: TokenReport(showsIDs: true), prompt: [7, 8])
    let events: [GenerationEvent] = [
      .token(GeneratedToken(id: 1, text: "a")), .token(GeneratedToken(id: 2, text: "")),
      .finished(text: "", .scripted(.stopToken)),
    ]
    let chunks = events.compactMap { choice.read($0) }
    #expect(chunks.map { $0["token_ids"] } == [[1], [2], []], "the token that ends the text, too")
    #expect(chunks.map { $0["prompt_token_ids"] } == [[7, 8], .null, .null])
    #expect(choice.json["token_ids"] == [1, 2] && choice.json["prompt_token_ids"] == [7, 8])
  }

  @Test func logProbabilitiesNameTokensByIDs() throws {
    let options = GenerationOptions(logProbabilities: 1)
    var choice = CompletionChoice(
      index: 0, echo: "", spelling: TokenSpelling(options, try .bytes), report: TokenReport(spellsIDs: true))
    let token = GeneratedToken(
      id: 97, text: "a", logProbability: -1,
      alternatives: [TokenLogProbability(token: 98, logProbability: -0.5)])
    let logprobs = choice.read(.token(token))?["logprobs"]
    #expect(logprobs?["tokens"] == ["token_id:97"])
    #expect(logprobs?["top_logprobs"] == [["token_id:98": -0.5]])
  }

  @Test func whatAnAnswerIsHeldTo() throws {
    let rules = #"{"tools": [{"name": "functions.f"}], "tool_choice": "required"}"#
    let request = try read(#""prompt": [1], "temperature": 0, "structured_outputs": {"harmony": \#(rules)}"#)
    #expect(request.rules?.tools.map(\.recipient) == ["functions.f"])
    #expect(request.rules?.options.toolChoice == .required)
    #expect(try read(#""prompt": "a""#).rules == nil)
  }

  private func read(_ fields: String) throws -> CompletionRequest {
    try CompletionRequest(.body(Array(#"{"model": "m", \#(fields)}"#.utf8)))
  }
}

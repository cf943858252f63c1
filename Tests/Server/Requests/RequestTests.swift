import GPTOSS
import GPTOSSHarmony
import GPTOSSServer
import Testing

/// What a chat request is refused for: the error, with the path of what is wrong.
///
/// Breaks when a parameter's type or range is not checked, or an error names another parameter.
struct ChatRequestTests {
  static let refused: [(fields: String, error: ServerError)] = [
    (#""temperature": "hot""#, .wrongType(parameter: "temperature", expected: "number", actual: "string")),
    (
      #""temperature": 2.5"#,
      .outOfRange(parameter: "temperature", expected: "a number from 0.0 to 2.0", actual: "2.5")
    ),
    (#""top_k": 1.5"#, .wrongType(parameter: "top_k", expected: "integer", actual: "number")),
    (
      #""n": 0"#, .outOfRange(parameter: "n", expected: "an integer from 1 to 128", actual: "0")
    ),
    (
      #""max_tokens": 0"#,
      .outOfRange(
        parameter: "max_tokens", expected: "an integer of at least 1, or -1 for no limit", actual: "0")
    ),
    (
      #""max_completion_tokens": 5, "max_tokens": -2"#,
      .outOfRange(
        parameter: "max_tokens", expected: "an integer of at least 1, or -1 for no limit", actual: "-2")
    ),
    (#""stream": "yes""#, .wrongType(parameter: "stream", expected: "boolean", actual: "string")),
    (#""stop": [1]"#, .wrongType(parameter: "stop[0]", expected: "string", actual: "number")),
    (
      #""logit_bias": {"a": 1}"#,
      .invalid(parameter: "logit_bias", problem: "its keys have to be token ids, not 'a'")
    ),
    (
      #""logit_bias": {"1": 101}"#,
      .outOfRange(parameter: "logit_bias.1", expected: "a number from -100.0 to 100.0", actual: "101")
    ),
    (#""tools": {}"#, .wrongType(parameter: "tools", expected: "array", actual: "object")),
    (#""tools": [{"type": "function"}]"#, .missing(parameter: "tools[0].function")),
    (
      #""tools": [{"type": "function", "function": {"name": "a b"}}]"#,
      .invalid(
        parameter: "tools[0].function.name",
        problem: "'a b' has to be 1 to 64 letters, digits, '_', '-' or '.'")
    ),
    (
      #""tool_choice": "sometimes""#,
      .unknownValue(parameter: "tool_choice", value: "sometimes", allowed: ["none", "auto", "required"])
    ),
    (#""response_format": {"type": "json_schema"}"#, .missing(parameter: "response_format.json_schema")),
    (
      #""reasoning_format": "hidden""#,
      .unknownValue(
        parameter: "reasoning_format", value: "hidden", allowed: ["reasoning", "reasoning_content", "none"])
    ),
    (
      #""reasoning_budget": -2"#,
      .outOfRange(parameter: "reasoning_budget", expected: "an integer of at least -1", actual: "-2")
    ),
    (
      #""reasoning_budget": "long""#,
      .invalid(
        parameter: "reasoning_budget",
        problem: "it has to be a number of tokens, seconds such as \"30s\", or \"none\"")
    ),
    (
      #""reasoning": {"max_tokens": true}"#,
      .wrongType(parameter: "reasoning.max_tokens", expected: "integer", actual: "boolean")
    ),
    (#""top_logprobs": 2"#, .invalid(parameter: "top_logprobs", problem: "it needs 'logprobs' to be true")),
  ]

  @Test(arguments: refused) func refuses(_ row: (fields: String, error: ServerError)) {
    let body = #"{"model": "m", "messages": [{"role": "user", "content": "x"}], \#(row.fields)}"#
    #expect(throws: row.error) { try read(body) }
  }

  @Test func missingParametersAreNamed() {
    #expect(throws: ServerError.missing(parameter: "model")) {
      try read(#"{"messages": [{"role": "user", "content": "x"}]}"#)
    }
    #expect(throws: ServerError.missing(parameter: "messages")) { try read(#"{"model": "m"}"#) }
  }

  @Test func bodiesThatAreNoObjectsAreMalformed() {
    for body in ["", "{", "[]", "null", "{} x"] {
      let error = #expect(throws: ServerError.self) { try read(body) }
      #expect(error?.code == "invalid_json" && error?.status == 400)
    }
  }

  @Test func parametersReachTheEngine() throws {
    let request = try read(
      #"""
      {"model": "m", "messages": [{"role": "user", "content": "x"}], "temperature": 0.5, "top_p": 0.9, "top_k": -1,
       "min_p": 0.1, "presence_penalty": 1, "frequency_penalty": -1, "repeat_penalty": 1.5, "seed": -2,
       "logit_bias": {"7": -100, "8": 5}, "stop": "END", "max_tokens": 5, "max_completion_tokens": 6, "n": 3,
       "logprobs": true, "parallel_tool_calls": false, "stream": true, "stream_options": {"include_usage": true},
       "unknown": {"anything": 1}, "user": null}
      """#)
    let options = request.answer.options(choice: 2)
    let sampling = options.generation.sampling
    #expect(sampling.temperature == 0.5 && sampling.topP == 0.9 && sampling.topK == 0 && sampling.minP == 0.1)
    #expect(
      sampling.presencePenalty == 1 && sampling.frequencyPenalty == -1 && sampling.repetitionPenalty == 1.5)
    #expect(sampling.seed == 0, "every choice has the next seed, here the third the one after the largest")
    #expect(sampling.logitBias == [7: -.infinity, 8: 5])
    #expect(options.generation.stopSequences == ["END"] && options.generation.maximumTokens == 6)
    #expect(options.generation.logProbabilities == 0 && !options.allowsParallelToolCalls)
    #expect(request.choiceCount == 3 && request.includesUsage && request.answer.generation.isStreamed)
  }

  @Test(
    arguments: [
      ("", nil), (#", "max_tokens": -1"#, nil), (#", "max_tokens": 7"#, 7),
      (#", "max_completion_tokens": -1, "max_tokens": 7"#, nil), (#", "max_completion_tokens": 6"#, 6),
      (#", "max_tokens": -1.0"#, nil),
    ] as [(String, Int?)])
  func minusOneIsNoLimit(_ fields: String, _ limit: Int?) throws {
    let request = try read(#"{"model": "m", "messages": [{"role": "user", "content": "x"}]\#(fields)}"#)
    #expect(request.answer.generation.options.maximumTokens == limit)
  }

  @Test func minusOneIsASeedByChance() throws {
    let request = try read(#"{"model": "m", "messages": [{"role": "user", "content": "x"}], "seed": -1}"#)
    #expect(request.answer.options(choice: 1).generation.sampling.seed == nil)
  }

  @Test(arguments: [
    ("", ReasoningEffort.medium), (#", "reasoning_effort": "minimal""#, .low),
    (#", "reasoning_effort": "max""#, .high),
    (#", "reasoning": {"effort": "low"}, "reasoning_effort": "high""#, .low),
  ]) func effort(_ fields: String, _ effort: ReasoningEffort) throws {
    let request = try read(#"{"model": "m", "messages": [{"role": "user", "content": "x"}]\#(fields)}"#)
    #expect(request.answer.effort == effort)
  }

  @Test(
    arguments: [
      ("", nil), (#", "reasoning_budget": 0"#, .tokens(0)), (#", "reasoning_budget": -1"#, nil),
      (#", "reasoning_budget": "none""#, .tokens(0)),
      (#", "reasoning_budget": "1.5s""#, .time(.seconds(1.5))),
      (#", "reasoning": {"effort": "low", "max_tokens": 300}"#, .tokens(300)),
      (#", "thinking_budget_tokens": 20"#, .tokens(20)), (#", "thinking_token_budget": 30"#, .tokens(30)),
      (#", "reasoning_budget": 7, "thinking_token_budget": 30"#, .tokens(7)),
    ] as [(String, ReasoningBudget?)])
  func reasoningBudgets(_ fields: String, _ budget: ReasoningBudget?) throws {
    let request = try read(#"{"model": "m", "messages": [{"role": "user", "content": "x"}]\#(fields)}"#)
    #expect(request.answer.options(choice: 0).reasoningBudget == budget)
  }

  @Test func toolsAndFormatAreEnforced() throws {
    let tool =
      #"{"type": "function", "function": {"name": "now", "parameters": {"type": "object", "b": 1, "a": 2}}}"#
    let request = try read(
      #"""
      {"model": "m", "messages": [{"role": "user", "content": "x"}], "tools": [\#(tool)],
       "tool_choice": {"type": "function", "function": {"name": "now"}},
       "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"z": 1, "y": 2}}}}
      """#)
    let options = request.answer.options(choice: 0)
    #expect(options.toolChoice == .required && options.callableTools == ["functions.now"])
    #expect(options.format == .schema(["z": 1, "y": 2]), "the order of keys is kept")
    #expect(
      request.answer.tools.declared.namespaces[0].tools[0].parameters == ["type": "object", "b": 1, "a": 2])
    #expect(request.answer.format.note == "# Response Formats\n\n## x\n\n{\"z\":1,\"y\":2}")
  }

  private func read(_ body: String) throws -> ChatRequest {
    do { return try ChatRequest(.body(Array(body.utf8))) } catch { throw ServerError(error) }
  }
}

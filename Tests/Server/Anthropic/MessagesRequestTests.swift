import GPTOSS
import GPTOSSHarmony
import GPTOSSServer
import Testing

/// What a request of Messages asks for, and what it is refused for.
struct MessagesRequestTests {
  @Test func parametersReachTheEngine() throws {
    let request = try read(
      #"""
      "max_tokens": 5, "temperature": 0.5, "top_p": 0.9, "top_k": 40, "stop_sequences": ["END", "STOP"],
      "stream": true, "metadata": {"user_id": "u"}, "service_tier": "auto", "unknown": [1],
      "tools": [{"name": "now", "input_schema": {"type": "object", "b": 1, "a": 2}, "strict": true,
                 "cache_control": {"type": "ephemeral"}}],
      "tool_choice": {"type": "tool", "name": "now", "disable_parallel_tool_use": true},
      "output_config": {"effort": "max", "format": {"type": "json_schema", "schema": {"z": 1, "y": 2}}},
      "thinking": {"type": "enabled", "budget_tokens": 1024}
      """#)
    let options = request.answer.options(choice: 0)
    let sampling = options.generation.sampling
    #expect(sampling.temperature == 0.5 && sampling.topP == 0.9 && sampling.topK == 40)
    #expect(options.generation.stopSequences == ["END", "STOP"] && options.generation.maximumTokens == 5)
    #expect(options.toolChoice == .required && options.callableTools == ["functions.now"])
    #expect(!options.allowsParallelToolCalls)
    #expect(options.format == .schema(["z": 1, "y": 2]), "the order of keys is kept")
    #expect(request.answer.effort == .high && request.thinking.display == .summarized)
    #expect(options.reasoningBudget == .tokens(1024), "an effort changes nothing about the budget")
    #expect(request.answer.generation.isStreamed)
  }

  @Test(
    arguments: [
      ("", ReasoningEffort.low, nil), (#""thinking": null"#, .low, nil),
      (#""thinking": {"type": "disabled"}"#, .low, nil),
      (#""thinking": {"type": "adaptive"}"#, .medium, .summarized),
      (#""thinking": {"type": "adaptive", "display": "omitted"}"#, .medium, .omitted),
      (#""thinking": {"type": "between_tools"}"#, .medium, .summarized),
      (#""thinking": {"type": "enabled", "budget_tokens": 1024}"#, .medium, .summarized),
      (#""thinking": {"type": "enabled", "budget_tokens": 31999}"#, .high, .summarized),
      (#""thinking": {"type": "disabled"}, "output_config": {"effort": "xhigh"}"#, .high, nil),
    ] as [(String, ReasoningEffort, ThinkingParameters.Display?)]) func thinking(
      _ fields: String, _ effort: ReasoningEffort, _ display: ThinkingParameters.Display?
    ) throws
  {
    let request = try read([#""max_tokens": 5"#, fields].filter { !$0.isEmpty }.joined(separator: ", "))
    #expect(request.answer.effort == effort && request.thinking.display == display)
  }

  @Test(
    arguments: [
      (#"{"type": "auto"}"#, ToolChoice.auto, nil), (#"{"type": "none"}"#, .none, nil),
      (#"{"type": "any"}"#, .required, nil),
      (#"{"type": "tool", "name": "now"}"#, .required, ["functions.now"]),
    ] as [(String, ToolChoice, Set<String>?)]) func choices(
      _ choice: String, _ expected: ToolChoice, _ callable: Set<String>?
    ) throws
  {
    let request = try read(
      #""max_tokens": 5, "tools": [{"name": "now", "input_schema": {}}], "tool_choice": \#(choice)"#)
    let options = request.answer.options(choice: 0)
    #expect(options.toolChoice == expected && options.callableTools == callable)
    #expect(options.allowsParallelToolCalls)
  }

  /// Anthropic's tools, and those of tomorrow, must not refuse what can be run.
  @Test func toolsOfOtherTypesAreLeftOut() throws {
    let long = String(repeating: "x", count: 128)
    let request = try read(
      #"""
      "max_tokens": -1, "tools": [
        {"type": "web_search_20250305", "name": "web_search", "max_uses": 5}, {"type": "mcp_toolset"},
        {"type": "custom", "name": "\#(long)", "description": "d", "input_schema": {"type": "object"}}]
      """#)
    let tools = request.answer.tools.declared
    #expect(tools.unsupported.map(\.type) == ["web_search_20250305", "mcp_toolset"])
    #expect(tools.unsupported.map(\.path) == ["tools[0]", "tools[1]"])
    #expect(tools.namespaces.flatMap(\.tools).map(\.name) == [long])
    #expect(request.answer.options(choice: 0).generation.maximumTokens == nil)
  }

  @Test(arguments: [
    (#""max_tokens": null"#, "max_tokens"), (#""max_tokens": "many""#, "max_tokens"),
    (#""max_tokens": -2"#, "max_tokens"),
    (#""max_tokens": 5, "temperature": 3"#, "temperature"),
    (#""max_tokens": 5, "stop_sequences": [1]"#, "stop_sequences[0]"),
    (#""max_tokens": 5, "thinking": {"type": "deep"}"#, "thinking.type"),
    (#""max_tokens": 5, "thinking": {"type": "enabled"}"#, "thinking.budget_tokens"),
    (#""max_tokens": 5, "output_config": {"effort": "enormous"}"#, "output_config.effort"),
    (#""max_tokens": 5, "tools": [{"name": "x"}]"#, "tools[0].input_schema"),
    (#""max_tokens": 5, "tools": [{"name": "x", "input_schema": 1}]"#, "tools[0].input_schema"),
    (#""max_tokens": 5, "tools": [{"name": "a b", "input_schema": {}}]"#, "tools[0].name"),
    (
      #""max_tokens": 5, "tools": [{"name": "x", "input_schema": {}}, {"name": "x", "input_schema": {}}]"#,
      "tools[1]"
    ),
    (#""max_tokens": 5, "tool_choice": {"type": "any"}"#, "tool_choice"),
    (#""max_tokens": 5, "tools": [{"type": "web_fetch"}], "tool_choice": {"type": "any"}"#, "tool_choice"),
    (
      #""max_tokens": 5, "tools": [{"type": "x", "name": "b"}], "tool_choice": {"type": "tool", "name": "b"}"#,
      "tool_choice.name"
    ),
    (#""max_tokens": 5, "tool_choice": {"type": "perhaps"}"#, "tool_choice.type"),
    (#""max_tokens": 5, "tool_choice": {"type": "tool", "name": "x"}"#, "tool_choice.name"),
    (
      #""max_tokens": 5, "output_config": {"format": {"type": "json_schema"}}"#, "output_config.format.schema"
    ),
  ]) func refused(_ fields: String, parameter: String) {
    let error = #expect(throws: ServerError.self) { try read(fields) }
    #expect(error?.parameter == parameter && error?.status == 400)
  }

  private func read(_ fields: String) throws -> MessagesRequest {
    let body = #"{"model": "m", "messages": [{"role": "user", "content": "x"}], \#(fields)}"#
    do { return try MessagesRequest(.body(Array(body.utf8))) } catch { throw ServerError(error) }
  }
}

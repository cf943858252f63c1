import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// The engine's events as those of the Responses API. Breaks when an event is missing, out of order or
/// misnumbered.
struct ResponseBuilderTests {
  @Test func everyEventOfAnAnswerWithACall() {
    var builder = builder()
    var events = builder.begin()
    for event in [.reasoning("Hm"), .reasoning("."), .text("Let me look.")]
      + ResponseEvent.call(0, "sky", "{}")
    {
      events += builder.read(event)
    }
    let (last, response) = builder.finish(
      .stopToken, Usage(promptTokens: 2, completionTokens: 3), completedAt: 8)
    events += last
    #expect(
      events.map { $0["type"]?.stringValue ?? "" } == [
        "response.created", "response.in_progress",
        "response.output_item.added", "response.content_part.added", "response.reasoning_text.delta",
        "response.reasoning_text.delta", "response.reasoning_text.done", "response.content_part.done",
        "response.output_item.done",
        "response.output_item.added", "response.content_part.added", "response.output_text.delta",
        "response.output_text.done", "response.content_part.done", "response.output_item.done",
        "response.output_item.added", "response.function_call_arguments.delta",
        "response.function_call_arguments.delta", "response.function_call_arguments.done",
        "response.output_item.done",
        "response.completed",
      ])
    #expect(events.map { $0["sequence_number"]?.intValue } == Array(0..<events.count))
    #expect(
      events.compactMap { $0["output_index"]?.intValue }
        == Array(repeating: 0, count: 7) + Array(repeating: 1, count: 6) + Array(repeating: 2, count: 5))
    #expect(
      response["output"]?.arrayValue?.map(\.text) == [
        #"{"id":"rs_0","type":"reasoning","status":"completed","summary":[],"#
          + #""content":[{"type":"reasoning_text","text":"Hm."}]}"#,
        #"{"id":"msg_0","type":"message","status":"completed","role":"assistant","content":"#
          + #"[{"type":"output_text","annotations":[],"logprobs":[],"text":"Let me look."}],"phase":"commentary"}"#,
        #"{"id":"fc_0","type":"function_call","status":"completed","call_id":"call_0","name":"sky","arguments":"{}"}"#,
      ])
    #expect(response["status"] == "completed" && response["usage"]?["total_tokens"] == 5)
    #expect(events.last?["response"] == response)
  }

  /// What is said before reasoning goes on is no answer, and each message is an item without the line break that
  /// one text would have between them.
  @Test func aPreambleMayComeBeforeReasoning() {
    var builder = builder()
    for event in [ResponseEvent.text("Let me see."), .reasoning("Hm"), .text("\nYes"), .text("\n!")] {
      _ = builder.read(event)
    }
    let output = builder.finish(.stopToken, Usage(), completedAt: 8).response["output"]?.arrayValue ?? []
    #expect(output.map { $0["phase"]?.stringValue } == ["commentary", nil, "final_answer"])
    #expect(
      output.map { $0["content"]?.arrayValue?.first?["text"]?.stringValue } == [
        "Let me see.", "Hm", "Yes\n!",
      ])
  }

  @Test func piecesOfText() {
    var builder = builder()
    let events = builder.read(.text("Yes")) + builder.read(.text("."))
    #expect(
      events.map(\.text) == [
        #"{"type":"response.output_item.added","sequence_number":0,"output_index":0,"item":"#
          + #"{"id":"msg_0","type":"message","status":"in_progress","role":"assistant","content":[]}}"#,
        #"{"type":"response.content_part.added","sequence_number":1,"item_id":"msg_0","output_index":0,"#
          + #""content_index":0,"part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}}"#,
        #"{"type":"response.output_text.delta","sequence_number":2,"item_id":"msg_0","output_index":0,"#
          + #""content_index":0,"delta":"Yes","logprobs":[]}"#,
        #"{"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_0","output_index":0,"#
          + #""content_index":0,"delta":".","logprobs":[]}"#,
      ])
  }

  @Test func anAnswerThatIsCutOffIsIncomplete() {
    var builder = builder()
    _ = builder.read(.text("Ye"))
    let (events, response) = builder.finish(.maximumTokens, Usage(), completedAt: 8)
    #expect(events.last?["type"] == "response.incomplete")
    #expect(response["incomplete_details"] == ["reason": "max_output_tokens"])
    #expect(response["output"]?.arrayValue?[0]["status"] == "incomplete")
    #expect(response["completed_at"] == .null)
  }

  /// It reached no limit of the client's; agents take an incomplete response for a failure.
  @Test func anAnswerThatRepeatsItselfIsCompleteAndSaysSo() {
    var builder = builder()
    _ = builder.read(.text("Ye"))
    let (events, response) = builder.finish(.repetition, Usage(), completedAt: 8)
    #expect(events.last?["type"] == "response.completed")
    #expect(response["status"] == "completed" && response["stop_reason"] == "repetition")
    #expect(response["incomplete_details"] == .null)
    #expect(response["output"]?.arrayValue?[0]["status"] == "incomplete")
  }

  @Test func callsOfNamespacesAndCustomTools() throws {
    var tools = DeclaredTools()
    try tools.declare(ToolDescription(name: "wait", description: ""), in: "agents", at: "tools[0]")
    try tools.declare(ToolDescription(name: "run", description: "", text: .any), at: "tools[1]")
    try tools.leaveOut(type: "web_search", at: "tools[2]")
    tools.noteUnenforcedFormat(at: "tools[1].format")
    var builder = builder(tools)
    let calls: [ResponseEvent] = [
      .toolCallStarted(index: 0, name: "agents.wait"), .toolCallArguments(index: 0, "{}"),
      .toolCall(index: 0, ToolCall(recipient: "agents.wait", content: "{}")),
      .toolCallStarted(index: 1, name: "functions.run"), .toolCallArguments(index: 1, "[1]"),
      .toolCall(index: 1, ToolCall(recipient: "functions.run", content: "[1]")),
    ]
    var events = calls.flatMap { builder.read($0) }
    let (last, response) = builder.finish(.stopToken, Usage(), completedAt: 8)
    events += last.dropLast()
    #expect(
      builder.output.map(\.text) == [
        #"{"id":"fc_0","type":"function_call","status":"completed","call_id":"call_0","name":"wait","#
          + #""namespace":"agents","arguments":"{}"}"#,
        #"{"id":"ctc_0","type":"custom_tool_call","status":"completed","call_id":"call_0","name":"run","input":"[1]"}"#,
      ])
    #expect(
      events.suffix(4).map(\.text) == [
        #"{"type":"response.output_item.added","sequence_number":4,"output_index":1,"item":{"id":"ctc_0","#
          + #""type":"custom_tool_call","status":"in_progress","call_id":"call_0","name":"run","input":""}}"#,
        #"{"type":"response.custom_tool_call_input.delta","sequence_number":5,"item_id":"ctc_0","#
          + #""output_index":1,"delta":"[1]"}"#,
        #"{"type":"response.custom_tool_call_input.done","sequence_number":6,"item_id":"ctc_0","#
          + #""output_index":1,"input":"[1]"}"#,
        #"{"type":"response.output_item.done","sequence_number":7,"output_index":1,"item":{"id":"ctc_0","#
          + #""type":"custom_tool_call","status":"completed","call_id":"call_0","name":"run","input":"[1]"}}"#,
      ])
    #expect(response["unsupported_tools"] == [["type": "web_search", "param": "tools[2]"]])
    #expect(response["unenforced_formats"] == ["tools[1].format"])
  }

  @Test func twoCallsAreTwoItems() {
    var builder = builder()
    for event in ResponseEvent.call(0, "sky", "{}") + ResponseEvent.call(1, "sky", "{}") {
      _ = builder.read(event)
    }
    _ = builder.finish(.stopToken, Usage(), completedAt: 8)
    #expect(builder.output.compactMap { $0["status"]?.stringValue } == ["completed", "completed"])
  }

  /// A program would run half a call.
  @Test(arguments: [StopReason.maximumTokens, .contextFull, .repetition])
  func aCallThatWasCutOffIsIncomplete(_ reason: StopReason) {
    var builder = builder()
    for event in ResponseEvent.call(0, "sky", "{}") + ResponseEvent.call(1, "sky", #"{"city":"Os"#) {
      _ = builder.read(event)
    }
    _ = builder.finish(reason, Usage(), completedAt: 8)
    #expect(builder.output.compactMap { $0["status"]?.stringValue } == ["completed", "incomplete"])
  }

  @Test func failure() {
    var builder = builder()
    let events = builder.fail(.failure("x"))
    #expect(events.map { $0["type"] } == ["response.failed"])
    #expect(events[0]["response"]?["error"]?["code"] == "server_error")
  }

  private func builder(_ tools: DeclaredTools = DeclaredTools()) -> ResponseBuilder {
    ResponseBuilder(
      createdAt: 7, model: "m", echo: ["tools": .array([])], tools: tools, spelling: nil, identifiers: .plain)
  }
}

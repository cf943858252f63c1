import GPTOSSHarmony
import GPTOSSJSON
import Testing

/// The reference library's JSON schema, both ways.
@Suite struct MessageCodingTests {
  @Test(arguments: [
    #"{"role":"user","name":null,"content":[{"type":"text","text":"Hi"}]}"#,
    #"{"role":"tool","name":"functions.f","content":[{"type":"text","text":"1"}],"channel":"commentary","recipient":"assistant"}"#,
    #"{"role":"assistant","name":null,"content":[],"channel":"analysis","recipient":"functions.f","content_type":"<|constrain|>json"}"#,
    #"{"role":"system","name":null,"content":[{"type":"system_content"}]}"#,
    #"{"role":"system","name":null,"content":[{"model_identity":"x","reasoning_effort":"High","conversation_start_date":"2025-06-28","knowledge_cutoff":"2024-06","channel_config":{"valid_channels":["final"],"channel_required":false},"tools":{"python":{"name":"python","description":"d","tools":[]}},"type":"system_content"}]}"#,
    #"{"role":"developer","name":null,"content":[{"instructions":"i","tools":{"functions":{"name":"functions","tools":[{"name":"f","description":"d","parameters":{"z":1,"a":2.50}},{"name":"g","description":""}]}},"type":"developer_content"}]}"#,
  ])
  func messagesComeBack(_ text: String) throws {
    #expect(try Message(jsonText: text).json.text == text)
  }

  @Test func contentMayBeAString() throws {
    let message = try Message(jsonText: #"{"role":"assistant","content":"4","channel":"final"}"#)
    #expect(message == Message(.assistant, "4", channel: .final))
  }

  /// What the renderer does not find it leaves out; it does not put in the defaults of `SystemContent()`.
  @Test func absentPartsAreNil() throws {
    let message = try Message(jsonText: #"{"role":"system","content":[{"type":"system_content"}]}"#)
    let empty = SystemContent(
      modelIdentity: nil, reasoningEffort: nil, conversationStartDate: nil, knowledgeCutoff: nil,
      channels: nil)
    #expect(message.content == [.system(empty)])
  }

  @Test(arguments: [
    (#"{}"#, JSONError.missingField(path: "messages")),
    (#"[]"#, .wrongType(path: "", expected: "object", actual: "array")),
    (#"{"messages":1}"#, .wrongType(path: "messages", expected: "array", actual: "number")),
    (#"{"messages":[{"content":""}]}"#, .missingField(path: "messages[0].role")),
    (#"{"messages":[{"role":"root","content":""}]}"#, .unknownValue(path: "messages[0].role", value: "root")),
    (#"{"messages":[{"role":"user"}]}"#, .missingField(path: "messages[0].content")),
    (#"{"messages":[{"role":"user","content":null}]}"#, .missingField(path: "messages[0].content")),
    (
      #"{"messages":[{"role":"user","content":3}]}"#,
      .wrongType(path: "messages[0].content", expected: "string or array", actual: "number")
    ),
    (
      #"{"messages":[{"role":"user","content":[{"type":"image"}]}]}"#,
      .unknownValue(path: "messages[0].content[0].type", value: "image")
    ),
    (
      #"{"messages":[{"role":"user","content":[{"type":"text"}]}]}"#,
      .missingField(path: "messages[0].content[0].text")
    ),
    (
      #"{"messages":[{"role":"user","content":"","channel":[]}]}"#,
      .wrongType(path: "messages[0].channel", expected: "string", actual: "array")
    ),
    (
      #"{"messages":[{"role":"system","content":[{"type":"system_content","reasoning_effort":"low"}]}]}"#,
      .unknownValue(path: "messages[0].content[0].reasoning_effort", value: "low")
    ),
    (
      #"{"messages":[{"role":"developer","content":[{"type":"developer_content","tools":{"functions":{"name":"functions","tools":[{"name":"f"}]}}}]}]}"#,
      .missingField(path: "messages[0].content[0].tools.functions.tools[0].description")
    ),
  ])
  func errorsSayWhere(_ text: String, expected: JSONError) {
    #expect(throws: expected) { try Conversation(jsonText: text) }
  }

  @Test(
    arguments: [
      ("none", ReasoningEffort.low), ("minimal", .low), ("low", .low), ("medium", .medium), ("high", .high),
      ("xhigh", .high), ("max", .high), ("fast", nil),
    ] as [(String, ReasoningEffort?)])
  func effortsOfEveryAPI(_ name: String, expected: ReasoningEffort?) {
    #expect(ReasoningEffort(named: name) == expected)
  }

  @Test func purposes() {
    #expect(Message(.assistant, "", channel: .analysis).purpose == .reasoning)
    #expect(Message(.assistant, "", channel: .commentary).purpose == .preamble)
    #expect(Message(.assistant, "", channel: .final).purpose == .answer)
    #expect(Message(.assistant, "").purpose == .answer)
    #expect(Message(.assistant, "", channel: "summary").purpose == .answer)
    #expect(Message(.assistant, "", channel: .analysis, recipient: "python").purpose == .call)
    #expect(Message(.user, "").purpose == nil)
  }
}

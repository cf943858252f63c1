import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// Breaks when a conversation that an SDK keeps comes back to the model as another one.
struct PredictionHistoryTests {
  @Test func aRoundOfTwoCalls() throws {
    let items = try read(
      #"""
      [{"role":"system","content":[{"type":"text","text":"s"}]},
       {"role":"user","content":[{"type":"text","text":"go"}]},
       {"role":"assistant","content":[{"type":"text","text":"<think>Let me see. </think>"},
        {"type":"toolCallRequest","toolCallRequest":{"type":"function","name":"f","id":"a","arguments":{"x":1}}},
        {"type":"toolCallRequest","toolCallRequest":{"type":"function","name":"g","id":"b"}}]},
       {"role":"tool","content":[{"type":"toolCallResult","content":"\"made b\"","toolCallId":"b"},
        {"type":"toolCallResult","content":"14","toolCallId":"a"}]}]
      """#)
    let results = items.suffix(2)
    #expect(
      items.dropLast(2) == [
        .instructions("s"), .user("go"), .reasoning("Let me see. "),
        .call(.init(id: "a", tool: APITool(name: "f"), content: #"{"x":1}"#)),
        .call(.init(id: "b", tool: APITool(name: "g"), content: "{}")),
      ])
    #expect(
      results.map(\.result) == ["a: 14", "b: made b"], "in the order of the calls, text without quotes")
  }

  /// What a server has given no ids comes back without.
  @Test func callsWithoutIDs() throws {
    let round =
      #"""
      {"role":"assistant","content":[
        {"type":"toolCallRequest","toolCallRequest":{"type":"function","name":"f"}},
        {"type":"toolCallRequest","toolCallRequest":{"type":"function","name":"g"}}]},
       {"role":"tool","content":[{"type":"toolCallResult","content":"undefined"},
        {"type":"toolCallResult","content":"null"}]}
      """#
    let items = try read("[\(round),\(round)]")
    #expect(items.compactMap(\.result) == ["#1: undefined", "#2: null", "#3: undefined", "#4: null"])
  }

  @Test(arguments: [
    ("answer", ["answer"]), ("<think>a</think>b", ["(a)", "b"]), ("<think>a", ["(a)"]), ("", []),
    ("x<think>a</think>\n\ny<think>b</think>z", ["x", "(a)", "y", "(b)", "z"]), ("</think>x", ["</think>x"]),
    ("<think></think>x", ["x"]),
  ])
  func reasoningStandsBetweenTags(_ text: String, _ expected: [String]) {
    let found = ReasoningTags().items(of: text).map { item in
      switch item {
      case .reasoning(let text): "(\(text))"
      case .assistant(let text, .answer): text
      default: "?"
      }
    }
    #expect(found == expected)
  }

  @Test func filesAreText() throws {
    let files = UploadedFiles()
    let upload = try files.upload(JSONField(["name": "a.txt", "contentBase64": "aGk="]))
    #expect(upload["fileType"] == "text/plain" && upload["sizeBytes"] == 2)
    let identifier = try #require(upload["identifier"]?.stringValue)
    let message =
      #"[{"role":"user","content":[{"type":"text","text":"what"},{"type":"file","name":"a.txt","#
      + #""identifier":"\#(identifier)","sizeBytes":2,"fileType":"text/plain"}]}]"#
    #expect(try read(message, files) == [.user("what\n\nFile a.txt:\nhi")])
    #expect(throws: ServerError.self) { try read(message) }
    #expect(throws: SocketFault.self) {
      try files.upload(JSONField(["name": "a.png", "contentBase64": "iVBORw0KGgoA"]))
    }
    #expect(throws: ServerError.self) { try files.upload(JSONField(["name": "a", "contentBase64": "?"])) }
  }

  @Test func whatIsMalformedIsNamed() {
    for messages in [
      "7", #"[{"role":"nobody","content":[]}]"#, #"[{"role":"user","content":"text"}]"#,
      #"[{"role":"tool","content":[{"type":"toolCallResult","content":"x"}]}]"#,
      #"[{"role":"assistant","content":[{"type":"toolCallRequest","toolCallRequest":{}}]}]"#,
    ] {
      #expect(throws: (any Error).self, "\(messages)") { try read(messages) }
    }
  }

  /// Breaks when the model loses what stands before the conversation, or the turn that it has to answer.
  @Test func aLongConversationIsCut() throws {
    let model = ScriptedModel(script: [], error: nil, tokenizer: try .bytes)
    // Each message counts as one token, and the context has 1,000.
    let turns = (0..<1200).flatMap { [Message(.user, "q\($0)"), Message(.assistant, "a", channel: .final)] }
    let conversation = Conversation(
      [.system(SystemContent()), .developer(DeveloperContent(instructions: "i"))] + turns
        + [Message(.user, "last")])
    let options = ResponseOptions()
    func kept(_ overflow: ContextOverflow) throws -> [String] {
      try conversation.fitted(to: model, overflow, options).messages.map(\.text)
    }
    #expect(try kept(.stop).count == conversation.messages.count)
    let rolling = try kept(.dropOldestTurns)
    #expect(rolling.count < 1000 && rolling.last == "last" && !rolling.contains("q0"))
    let middle = try kept(.truncateMiddle)
    #expect(middle.count < 1000 && middle.last == "last" && middle.contains("q0") && !middle.contains("q1"))
    #expect(
      try conversation.fitted(to: model, .dropOldestTurns, options).messages.prefix(2).map(\.author.role) == [
        .system, .developer,
      ])
  }

  private func read(_ messages: String, _ files: UploadedFiles = UploadedFiles()) throws -> [ConversationItem]
  {
    let history = try JSONValue(parsing: #"{"messages": \#(messages)}"#)
    return try ConversationItem.read(history: JSONField(history), tags: ReasoningTags(), files: files)
  }
}

extension ConversationItem {
  /// `call: text` of a result.
  fileprivate var result: String? {
    if case .result(.call(let id), let text, _) = self { "\(id): \(text)" } else { nil }
  }
}

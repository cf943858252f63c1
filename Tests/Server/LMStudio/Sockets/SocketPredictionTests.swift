import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import GPTOSSTokenizer
import Testing

/// Predictions through a session, over a model that answers from a script.
///
/// Breaks when an SDK would drop a frame, wait for ever, or show the user something else than the answer.
struct SocketPredictionTests {
  @Test func anAnswerWithReasoning() async throws {
    let (client, _) = try client([
      .prompt(read: 5, total: 20), .prompt(read: 20, total: 20), .reasoning("Hm"), .reasoning("."),
      .text("Yes"), .text("."), .end(),
    ])
    client.open("predict", request(), id: 0)
    let messages = await client.messages(on: 0)
    try SDKShape.check(client.frames)
    let progress = messages.filter { $0["type"] == "promptProcessingProgress" }
    #expect(progress.map { $0["details"]?["cachedTokenCount"] } == [0, 5, 5])
    #expect(progress.last?["progress"] == 1.0)
    let fragments = messages.compactMap { $0["fragment"] }
    #expect(
      fragments.map { $0["reasoningType"] } == [
        "reasoningStartTag", "reasoning", "reasoning", "reasoningEndTag", "none", "none",
      ])
    #expect(fragments.compactMap { $0["content"]?.stringValue }.joined() == "<think>Hm.</think>Yes.")
    #expect(fragments.map { $0["isStructural"] } == [true, false, false, true, false, false])
    let success = try #require(messages.last)
    #expect(success["stats"]?["stopReason"] == "eosFound" && success["stats"]?["promptTokensCount"] == 20)
    #expect(success["stats"]?["totalTokensCount"] == 29)
    #expect(client.frames.last == ["type": "channelClose", "channelId": 0])
  }

  @Test func aCallOfATool() async throws {
    let (client, model) = try client(
      [.reasoning("Hm."), .text("Let me see.")] + ResponseEvent.call(0, "f", #"{"x": 1}"#) + [.end()])
    client.open("predict", request(fields: [tools(["f"])]), id: 3)
    let messages = await client.messages(on: 3)
    try SDKShape.check(client.frames)
    #expect(
      messages.compactMap { $0["type"]?.stringValue }.filter { $0.hasPrefix("tool") } == [
        "toolCallGenerationStart", "toolCallGenerationNameReceived",
        "toolCallGenerationArgumentFragmentGenerated", "toolCallGenerationArgumentFragmentGenerated",
        "toolCallGenerationEnd",
      ])
    let end = messages.first { $0["type"] == "toolCallGenerationEnd" }
    #expect(end?["toolCallRequest"]?["name"] == "f" && end?["toolCallRequest"]?["arguments"] == ["x": 1])
    let id = messages.first { $0["type"] == "toolCallGenerationStart" }?["toolCallId"]
    #expect(id != nil && end?["toolCallRequest"]?["id"] == id)
    #expect(messages.last?["stats"]?["stopReason"] == "toolCalls")
    #expect(
      model.lastConversation?.messages[1].content == [
        .developer(DeveloperContent(functions: [ToolDescription(name: "f", description: "")]))
      ])
  }

  /// A limit that ends a call leaves it without an end: whoever waits for one has to be told.
  @Test func aCallThatIsCutOff() async throws {
    let (client, _) = try client([
      .toolCallStarted(index: 0, name: "functions.f"), .toolCallArguments(index: 0, "{\"x"),
      .end(.maximumTokens),
    ])
    client.open("predict", request(fields: [tools(["f"])]), id: 1)
    let messages = await client.messages(on: 1)
    try SDKShape.check(client.frames)
    #expect(messages.suffix(2).map { $0["type"] } == ["toolCallGenerationFailed", "success"])
    #expect(messages.last?["stats"]?["stopReason"] == "maxPredictedTokensReached")
  }

  /// The TypeScript SDK reads all fragments of structured output as one JSON text.
  @Test func structuredOutputHasNoReasoning() async throws {
    let (client, _) = try client([.reasoning("Hm."), .text(#"{"a":1}"#), .end()])
    let schema: JSONValue = ["type": "json", "jsonSchema": ["type": "object", "$schema": "x"]]
    client.open("predict", request(fields: [("structured", schema)]), id: 1)
    let fragments = await client.messages(on: 1).compactMap { $0["fragment"] }
    #expect(fragments.map { $0["content"] } == [#"{"a":1}"#])
  }

  @Test func reasoningThatIsNotParsedIsText() async throws {
    let (client, _) = try client([.reasoning("Hm."), .text("Yes."), .end()])
    let parsing: JSONValue = ["enabled": false, "startString": "[", "endString": "]"]
    client.open("predict", request(fields: [("reasoning.parsing", parsing)]), id: 1)
    let fragments = await client.messages(on: 1).compactMap { $0["fragment"] }
    #expect(fragments.map { $0["content"] } == ["[", "Hm.", "]", "Yes."])
    #expect(fragments.allSatisfy { $0["reasoningType"] == "none" && $0["isStructural"] == false })
  }

  @Test func failuresAreErrorsOfTheChannel() async throws {
    let (client, _) = try client([.text("Ye")], error: .unloaded)
    client.open("predict", request(), id: 1)
    #expect(await client.messages(on: 1).last?["title"]?.stringValue?.isEmpty == false)
    for (id, fields) in [
      (2, [("structured", ["type": "gbnf", "gbnfGrammar": "root ::= \"a\""])]),
      (3, [("temperature", "hot")]), (4, [("maxPredictedTokens", ["checked": true, "value": "x"])]),
      (5, [("contextOverflowPolicy", "panic")]), (6, [("topPSampling", ["checked": true, "value": 7])]),
    ] as [(Int, [(String, JSONValue)])] {
      client.open("predict", request(fields: fields), id: id)
      let title = await client.messages(on: id).last?["title"]?.stringValue
      #expect(title?.contains("llm.prediction.\(fields[0].0)") == true, "\(title ?? "none")")
    }
    client.open(
      "predict", request(specifier: ["type": "instanceReference", "instanceReference": "x"]), id: 7)
    #expect(await client.messages(on: 7).last?["displayData"]?["code"] == "generic.specificModelUnloaded")
    client.open("predict", request(specifier: query(["identifier": "ghost"])), id: 8)
    #expect(await client.messages(on: 8).last?["displayData"]?["code"] == "generic.noModelMatchingQuery")
    try SDKShape.check(client.frames)
  }

  @Test func whatIsAskedForArrives() async throws {
    let (client, model) = try client([.text("Yes."), .end()])
    let off: JSONValue = ["checked": true, "value": false]
    let fields: [(String, JSONValue)] = [
      ("temperature", 0.5), ("topKSampling", 5.0), ("topPSampling", off), ("maxPredictedTokens", off),
      ("minPSampling", ["checked": true, "value": 0.25]), ("repeatPenalty", ["checked": false, "value": 2]),
      ("stopStrings", ["END"]), ("llama.cpuThreads", 4), ("speculativeDecoding.draftModel", "d/m"),
      ("seed", ["checked": true, "value": 7]), ("logProbs", ["checked": false, "value": 3]),
    ]
    client.open("predict", request(fields: fields), id: 1)
    let success = try #require(await client.messages(on: 1).last)
    let options = try #require(model.lastOptions)
    #expect(options.temperature == 0.5 && options.topK == 5 && options.topP == nil)
    #expect(options.minP == 0.25 && options.repetitionPenalty == 1 && options.maximumTokens == nil)
    #expect(options.stopSequences == ["END"] && options.seed == 7 && options.logProbabilities == nil)
    let keys = success["predictionConfig"]?["fields"]?.arrayValue?.compactMap { $0["key"]?.stringValue }
    #expect(keys?.contains("llm.prediction.temperature") == true)
    #expect(keys?.contains("llm.prediction.llama.cpuThreads") == false, "what is not honored is not repeated")
  }

  @Test func aPredictionIsStopped() async throws {
    let (client, model) = try client([.prompt(read: 3, total: 3), .text("Yes")], endless: true)
    client.open("predict", request(), id: 1)
    _ = await client.frame { $0["message"]?["type"] == "fragment" }
    client.send(["type": "channelSend", "channelId": 1, "message": ["type": "cancel"]])
    let success = try #require(await client.messages(on: 1).last)
    #expect(success["stats"]?["stopReason"] == "userStopped" && success["stats"]?["promptTokensCount"] == 3)
    try SDKShape.check(client.frames)
    #expect(client.frames.last == ["type": "channelClose", "channelId": 1])
    while !model.wasCancelled { try await Task.sleep(for: .milliseconds(5)) }
    client.send(["type": "channelSend", "channelId": 1, "message": ["type": "cancel"]])
    #expect(await client.call("listLoaded", id: 2)["result"]?.arrayValue?.count == 1)
  }

  @Test func aClientThatGoesStopsWhatRuns() async throws {
    let (client, model) = try client([.text("Yes")], endless: true)
    client.open("predict", request(), id: 1)
    _ = await client.frame { $0["message"]?["type"] == "fragment" }
    client.session.end()
    while !model.wasCancelled { try await Task.sleep(for: .milliseconds(5)) }
  }

  @Test func severalAtOnce() async throws {
    let (client, _) = try client([.text("a"), .text("b"), .end()])
    for id in 0..<3 { client.open("predict", request(), id: id) }
    for id in 0..<3 {
      let text = await client.messages(on: id).compactMap { $0["fragment"]?["content"]?.stringValue }.joined()
      #expect(text == "ab")
    }
  }

  // MARK: Helpers

  private func client(
    _ script: [ResponseEvent], error: GPTOSSError? = nil, endless: Bool = false
  ) throws -> (TestClient, ScriptedModel) {
    let model = ScriptedModel(script: script, error: error, tokenizer: try .bytes, isEndless: endless)
    return (TestClient(.llm, .scripted(model)), model)
  }

  private func query(_ query: JSONValue) -> JSONValue { ["type": "query", "query": query] }

  private func request(
    specifier: JSONValue? = nil, fields: [(String, JSONValue)] = []
  ) -> JSONValue {
    [
      "modelSpecifier": specifier ?? query(["identifier": "x"]),
      "history": ["messages": [["role": "user", "content": [["type": "text", "text": "Hi"]]]]],
      "predictionConfigStack": .stack(fields.map { ("llm.prediction." + $0, $1) }),
    ]
  }

  /// `reasoning.budgetTokens` is a limit, and says how much reasoning is wanted.
  @Test(
    arguments: [(nil, nil, .medium), (0, .tokens(0), .low), (2000, .tokens(2000), .medium)]
      as [(Int?, ReasoningBudget?, ReasoningEffort)])
  func reasoningBudgets(tokens: Int?, budget: ReasoningBudget?, effort: ReasoningEffort) throws {
    let fields: [(String, JSONValue)] =
      tokens.map {
        [("llm.prediction.reasoning.budgetTokens", ["checked": true, "value": .number(JSONNumber($0))])]
      } ?? []
    let configuration = try PredictionConfiguration(ConfigurationStack(JSONField(.stack(fields))))
    #expect(configuration.reasoningBudget == budget && configuration.effort == effort)
    #expect(configuration.ignored.isEmpty)
  }

  private func tools(_ names: [String]) -> (String, JSONValue) {
    (
      "tools",
      [
        "type": "toolArray",
        "tools": .array(names.map { ["type": "function", "function": ["name": .string($0)]] }),
      ]
    )
  }
}

extension SocketService {
  /// A service with one model, `x`.
  static func scripted(_ model: ScriptedModel) -> SocketService {
    SocketService(
      APIService(
        models: OneModel(model, names: ModelNames(path: "x.gguf", name: "x", layerCount: 2)),
        admission: Admission(parallel: 2, queueLimit: 8), store: ResponseStore(), metrics: Metrics()),
      apiKey: nil)
  }
}

extension JSONValue {
  /// A configuration of one layer.
  static func stack(_ fields: [(String, JSONValue)], layer: String = "apiOverride") -> JSONValue {
    [
      "layers": [
        [
          "layerName": .string(layer),
          "config": ["fields": .array(fields.map { ["key": .string($0), "value": $1] })],
        ]
      ]
    ]
  }
}

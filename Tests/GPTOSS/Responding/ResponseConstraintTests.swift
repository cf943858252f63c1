import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSSampling
import Testing

/// A random model, held to the format: what comes out is well-formed whatever the weights say.
struct ResponseConstraintTests {
  private static let tools = DeveloperContent(functions: [
    ToolDescription(
      name: "get_weather", description: "",
      parameters: [
        "type": "object",
        "properties": [
          "city": ["type": "string", "maxLength": 12], "unit": ["enum": ["celsius", "fahrenheit"]],
        ],
        "required": ["city", "unit"],
      ]),
    time,
  ])
  private static let time = ToolDescription(name: "time", description: "")

  private static func respond(
    _ model: LanguageModel, _ developer: DeveloperContent, _ options: ResponseOptions
  ) async throws -> (Response, [ResponseEvent]) {
    let conversation = Conversation([
      .system(SystemContent()), .developer(developer), Message(.user, "Go on"),
    ])
    var events: [ResponseEvent] = []
    var response: Response?
    for try await event in model.respond(to: conversation, options: options) {
      if case .finished(let finished) = event { response = finished } else { events.append(event) }
    }
    return (try #require(response), events)
  }

  private static func options(
    _ seed: UInt64, _ maximum: Int = 400, toolChoice: ToolChoice = .auto,
    callableTools: Set<String>? = nil, format: ResponseFormat = .text
  ) -> ResponseOptions {
    var options = ResponseOptions(
      seed: seed, maximumTokens: maximum, loopGuard: nil, toolChoice: toolChoice, format: format)
    options.callableTools = callableTools
    return options
  }

  @Test func outputIsWellFormed() async throws {
    let model = try await RandomModel.load()
    for seed in 0..<12 as Range<UInt64> {
      let (response, _) = try await Self.respond(model, Self.tools, Self.options(seed, 120))
      #expect(response.repairs.isEmpty, "seed \(seed): \(response.repairs)")
      for message in response.messages { #expect(message.purpose != nil) }
    }
  }

  @Test(arguments: [ToolChoice.required, .tool("get_weather"), .tool("time")])
  func aRequiredToolIsCalledWithFittingArguments(choice: ToolChoice) async throws {
    let model = try await RandomModel.load()
    var calls = 0
    for seed in 0..<20 as Range<UInt64> {
      let (response, events) = try await Self.respond(
        model, Self.tools, Self.options(seed, toolChoice: choice))
      #expect(response.messages.allSatisfy { $0.purpose == .reasoning || $0.purpose == .call })
      guard response.statistics.stopReason == .stopToken else { continue }
      let call = try #require(response.toolCalls.first)
      calls += 1
      if case .tool(let name) = choice { #expect(call.functionName == name) }
      let arguments = try JSONValue(parsing: call.content)
      if call.recipient == "functions.get_weather" {
        #expect(arguments["city"]?.stringValue.map { $0.unicodeScalars.count <= 12 } == true)
        #expect(["celsius", "fahrenheit"].contains(arguments["unit"]?.stringValue))
      } else {
        #expect(call.recipient == "functions.time" && arguments == [:])
      }
      let started = events.compactMap { if case .toolCallStarted(_, let name) = $0 { name } else { nil } }
      #expect(started == [call.recipient])
      let pieces = events.compactMap { if case .toolCallArguments(_, let text) = $0 { text } else { nil } }
      #expect(pieces.joined() == call.content)
    }
    #expect(calls > 0, "no seed came to a call")
  }

  @Test func withoutAChoiceNoToolIsCalled() async throws {
    let model = try await RandomModel.load()
    for seed in 0..<10 as Range<UInt64> {
      let (response, _) = try await Self.respond(
        model, Self.tools, Self.options(seed, 100, toolChoice: .none))
      #expect(response.toolCalls.isEmpty)
    }
  }

  /// Also where the limit comes in the middle: the answer is then closed in the shortest way.
  @Test func anAnswerFitsItsSchemaAtAnyLimit() async throws {
    let model = try await RandomModel.load()
    let schema: JSONValue = [
      "type": "object",
      "properties": [
        "title": ["type": "string"], "steps": ["type": "array", "items": ["type": "string"], "minItems": 2],
        "minutes": ["type": "integer", "minimum": 0],
      ],
      "required": ["title", "steps", "minutes"],
    ]
    var cutShort = 0
    for limit in [50, 60, 75, 90, 120, 200] {
      for seed in 0..<6 as Range<UInt64> {
        let (response, _) = try await Self.respond(
          model, DeveloperContent(), Self.options(seed, limit, format: .schema(schema)))
        let value = try JSONValue(parsing: response.answer)
        #expect((value["steps"]?.arrayValue?.count ?? 0) >= 2 && value["title"]?.stringValue != nil)
        #expect(value["minutes"]?.intValue.map { $0 >= 0 } == true)
        #expect(response.statistics.generatedTokens <= limit)
        cutShort += response.statistics.stopReason == .maximumTokens ? 1 : 0
      }
    }
    #expect(cutShort > 0, "no limit came in the middle")
    await #expect(throws: GPTOSSError.self) {
      _ = try await Self.respond(
        model, DeveloperContent(), Self.options(1, 12, format: .schema(schema)))
    }
  }

  /// JSON that repeats itself goes on where the schema asks for it, and ends in the shortest way where it does
  /// not.
  @Test(arguments: [true, false]) func jsonThatRepeatsItselfStaysJSON(isAskedFor: Bool) async throws {
    let model = try await RandomModel.load()
    let biased = ["0", ",", "0,"].compactMap { model.tokenizer.encode($0).first }
    let zeros: JSONValue = ["type": "array", "items": ["enum": [0]], "minItems": isAskedFor ? 1000 : 0]
    let schema: JSONValue = [
      "type": "object", "properties": ["row": zeros], "required": ["row"], "additionalProperties": false,
    ]
    var options = ResponseOptions(
      temperature: 0, maximumTokens: 2500,
      loopGuard: LoopGuard(longestPeriod: 4, repeats: 4, minimumTokens: 8), format: .schema(schema))
    options.sampling.logitBias = Dictionary(biased.map { ($0, 100) }) { $1 }
    options.sampling.repetitionPenalty = 1
    let (response, _) = try await Self.respond(model, DeveloperContent(), options)
    let count = try JSONValue(parsing: response.answer)["row"]?.arrayValue?.count ?? 0
    if isAskedFor {
      #expect(count >= 1000)
    } else {
      #expect(response.statistics.stopReason == .repetition)
      #expect((300..<1100).contains(count), "\(count) zeros")
    }
  }

  /// What of a tool's schema cannot be held is told, and the rest is held; a strict tool's is refused.
  @Test func toolsAreHeldOrRefusedWithThePlace() async throws {
    let model = try await RandomModel.load()
    let tool = ToolDescription(
      name: "f", description: "",
      parameters: [
        "type": "object", "required": ["mode", "n"], "additionalProperties": false,
        "properties": ["mode": ["enum": ["a", "b"]], "n": ["type": "integer", "contains": true]],
      ])
    let conversation = Conversation([
      .system(SystemContent()), .developer(DeveloperContent(functions: [tool])), Message(.user, "Go on"),
    ])
    let problem = StructuredOutputError.unsupportedKeyword(path: "#/properties/n", keyword: "contains")
    let notices = try await model.notices(of: conversation)
    #expect(notices.map(\.tool) == ["functions.f"] && notices.map(\.problem) == [problem])
    var calls = 0
    for seed in 0..<10 as Range<UInt64> {
      let (response, _) = try await Self.respond(
        model, DeveloperContent(functions: [tool]), Self.options(seed, toolChoice: .required))
      guard response.statistics.stopReason == .stopToken, let call = response.toolCalls.first else {
        continue
      }
      calls += 1
      #expect(["a", "b"].contains(try JSONValue(parsing: call.content)["mode"]?.stringValue))
    }
    #expect(calls > 0, "no seed came to a call")
    var strict = ResponseOptions()
    strict.strictTools = ["functions.f"]
    await #expect {
      try await model.notices(of: conversation, options: strict)
    } throws: { error in
      guard case .toolSchema("functions.f", problem) = error as? GPTOSSError else { return false }
      return true
    }
  }

  /// A grammar that cannot be held stays in the prompt alone, and that is told; nobody can follow a malformed one.
  @Test func grammarsAreHeldOrToldOrRefused() async throws {
    let model = try await RandomModel.load()
    func conversation(_ text: TextInput) -> Conversation {
      Conversation([
        .system(SystemContent()),
        .developer(DeveloperContent(functions: [ToolDescription(name: "f", description: "", text: text)])),
        Message(.user, "Go on"),
      ])
    }
    #expect(try await model.notices(of: conversation(.pattern("[a-z]+"))).isEmpty)
    for text in [TextInput.pattern("(?=a)b"), .grammar("start: start"), .grammar("start: /[^x]/~1000 \"x\"")]
    {
      let notices = try await model.notices(of: conversation(text))
      #expect(notices.map(\.tool) == ["functions.f"], "\(text)")
      var strict = ResponseOptions()
      strict.strictTools = ["functions.f"]
      await #expect(throws: GPTOSSError.self) {
        try await model.notices(of: conversation(text), options: strict)
      }
    }
    await #expect {
      try await model.notices(of: conversation(.grammar("start start:")))
    } throws: { error in
      guard case .toolSchema("functions.f", .malformedGrammar(0)) = error as? GPTOSSError else {
        return false
      }
      return true
    }
  }

  @Test func aSchemaThatCannotBeEnforcedIsAnError() async throws {
    let model = try await RandomModel.load()
    await #expect(throws: GPTOSSError.self) {
      _ = try await Self.respond(
        model, DeveloperContent(),
        ResponseOptions(format: .schema(["type": "object", "patternProperties": ["a": [:]]])))
    }
    await #expect(throws: GPTOSSError.self) {
      _ = try await Self.respond(model, DeveloperContent(), ResponseOptions(toolChoice: .required))
    }
    for name in ["other", "functions.time"] {
      let error = await #expect(throws: GPTOSSError.self) {
        _ = try await Self.respond(model, Self.tools, ResponseOptions(toolChoice: .tool(name)))
      }
      guard case .undeclaredTool(name, let declared)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(declared == ["get_weather", "time"], "tools go by the names that the app gave them")
    }
  }

  /// Reasoning without end would leave the user without an answer. The bias makes the model write nothing but
  /// the letter that `analysis` begins with.
  @Test(arguments: [ToolChoice.auto, .required])
  func reasoningThatRepeatsItselfEndsInAnAnswerOrACall(choice: ToolChoice) async throws {
    let model = try await RandomModel.load()
    let letter = try #require(model.tokenizer.encode("a").first)
    var options = ResponseOptions(
      temperature: 0, maximumTokens: 400,
      loopGuard: LoopGuard(longestPeriod: 4, repeats: 4, minimumTokens: 8), toolChoice: choice)
    let channel = try model.harmony().token(of: .channel)
    options.logitBias = [letter: 100, channel: 100]
    let (response, _) = try await Self.respond(
      model, choice == .auto ? DeveloperContent() : DeveloperContent(functions: [Self.time]),
      options)
    #expect(response.reasoning == "aaaaaaaa")
    if choice == .auto {
      #expect(response.messages.map(\.purpose) == [.reasoning, .answer] && response.answer == "aaaaaaaa")
      #expect(response.statistics.stopReason == .repetition, "the answer does not end by itself")
    } else {
      #expect(response.toolCalls.map(\.content) == ["{}"] && response.statistics.stopReason == .stopToken)
    }
  }

  /// Tools of another namespace are called like functions; a tool that takes text is called without JSON.
  private static let otherTools = DeveloperContent(
    tools: ToolNamespaces([
      ToolNamespace(
        name: "crm",
        tools: [
          ToolDescription(
            name: "find", description: "",
            parameters: ["type": "object", "properties": ["id": ["enum": [1, 2]]], "required": ["id"]])
        ]),
      .functions([
        ToolDescription(name: "run", description: "", text: .any),
        ToolDescription(name: "say", description: "", text: .grammar("start: \"hi\" \"!\"~1..3")),
      ]),
    ]))

  @Test func callsOfOtherToolsFit() async throws {
    let model = try await RandomModel.load()
    let wanted: Set = ["crm.find", "functions.say"]
    var called: Set<String> = []
    for seed in 0..<200 as Range<UInt64> where !called.isSuperset(of: wanted) {
      var options = Self.options(seed, 200, toolChoice: .required)
      // Names are cut in one way, so that a context is the same with each seed; heat makes all choices likely.
      options.temperature = 4
      let (response, _) = try await Self.respond(model, Self.otherTools, options)
      // The limit may cut a header off.
      guard response.statistics.stopReason == .stopToken else { continue }
      #expect(response.repairs.isEmpty, "seed \(seed): \(response.repairs)")
      let call = try #require(response.toolCalls.first)
      called.insert(call.recipient)
      switch call.recipient {
      case "crm.find": #expect([1, 2].contains(try JSONValue(parsing: call.content)["id"]?.intValue))
      case "functions.say": #expect(["hi!", "hi!!", "hi!!!"].contains(call.content))
      default: #expect(call.recipient == "functions.run" && call.contentType != "<|constrain|>json")
      }
    }
    #expect(called.isSuperset(of: wanted), "no seed came to some call: \(called)")
  }

  /// The choice may be narrower than what the prompt shows.
  @Test func onlyCallableToolsAreCalled() async throws {
    let model = try await RandomModel.load()
    for (callable, choice) in [(["crm.find"], ToolChoice.required), (["crm.find"], .auto), ([], .auto)] {
      for seed in 0..<12 as Range<UInt64> {
        let (response, _) = try await Self.respond(
          model, Self.otherTools,
          Self.options(seed, 120, toolChoice: choice, callableTools: Set(callable)))
        #expect(response.toolCalls.allSatisfy { callable.contains($0.recipient) })
      }
    }
    await #expect(throws: GPTOSSError.self) {
      _ = try await Self.respond(
        model, Self.otherTools, Self.options(0, toolChoice: .required, callableTools: []))
    }
  }

  @Test(arguments: [
    Output.call("run", "1 + 1").replacing(" <|constrain|>json", with: ""),
    Output.call("run", "").replacing(" <|constrain|>json", with: " code"),
    #" to=crm.find<|channel|>commentary <|constrain|>json<|message|>{"id": 2}<|call|>"#,
    "<|channel|>commentary to=crm.find<|message|>{\"id\": 1}<|call|>",
  ])
  func wellFormedCallsOfOtherToolsPass(output: String) async throws {
    let (model, _) = try await ScriptedModel.load([output])
    let (response, _) = try await Self.respond(model, Self.otherTools, ResponseOptions())
    #expect(response.repairs.isEmpty && response.statistics.stopReason == .stopToken)
    #expect(response.tokens == model.tokenizer.encode(output, specialTokens: .allowAll))
  }

  /// What a model writes by itself passes: the constraint stands in the way of malformed output alone.
  @Test(arguments: [
    Output.answer("Hello."),
    Output.answer("Hello.", analysis: "Greet."),
    Output.call("get_weather", #"{"city": "Oslo", "unit": "celsius"}"#, analysis: "Weather."),
    Output.call("time", "{}"),
    #" to=functions.get_weather<|channel|>commentary <|constrain|>json<|message|>{"city":"Oslo","unit":"celsius"}<|call|>"#,
    "<|channel|>commentary<|message|>Let me look.<|end|><|start|>assistant" + Output.call("time", "{}"),
  ])
  func wellFormedOutputPasses(output: String) async throws {
    let (model, _) = try await ScriptedModel.load([output])
    let (response, _) = try await Self.respond(model, Self.tools, ResponseOptions())
    #expect(response.repairs.isEmpty && response.statistics.stopReason == .stopToken)
    #expect(response.tokens == model.tokenizer.encode(output, specialTokens: .allowAll))
  }

  @Test(arguments: [
    "<|channel|>commentary to=functions.other <|constrain|>json<|message|>{}<|call|>",
    #"<|channel|>commentary to=functions.time <|constrain|>json<|message|>{"zone": 1}<|call|>"#,
    "<|channel|>thoughts<|message|>Hm<|end|>",
    "<|message|>Hm<|end|>",
    "<|channel|>final<|message|>Hm<|end|>",
  ])
  func malformedOutputDoesNot(output: String) async throws {
    let (model, _) = try await ScriptedModel.load([output])
    await #expect(throws: GPTOSSError.self) {
      _ = try await Self.respond(model, Self.tools, ResponseOptions())
    }
  }
}

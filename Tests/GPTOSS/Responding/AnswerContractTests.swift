import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

/// Breaks when an answer from elsewhere is passed on that is not what it had to be.
struct AnswerContractTests {
  private func contract(
    _ tools: [DeclaredTool] = [], _ options: ResponseOptions = ResponseOptions()
  ) throws -> AnswerContract {
    let bytes = (UInt8.min...UInt8.max).map { ByteAlphabet.spell([$0]) }
    let trie = TokenTrie(try Vocabulary(tokens: bytes, merges: []))
    return try AnswerContract(trie, ModelRequest(entries: [], tools: tools, options: options))
  }

  private func call(_ name: String, _ arguments: String) -> Message {
    Message(.assistant, arguments, channel: .commentary, recipient: name, contentType: "json")
  }

  private func check(_ contract: AnswerContract, _ messages: [Message]) throws {
    try contract.check(messages, ReasoningMeter())
  }

  private let schema: JSONValue = [
    "type": "object", "properties": ["a": ["type": "integer", "minimum": 3], "b": ["type": "string"]],
    "required": ["a"], "additionalProperties": false,
  ]

  @Test func answers() throws {
    let contract = try contract([], ResponseOptions(format: .schema(schema)))
    let reasoning = Message(.assistant, "Hm.", channel: .analysis)
    // White space and the order of keys are the engine's own.
    try check(contract, [reasoning, Message(.assistant, "{ \"b\": \"x\",\n\n\n\"a\":3}", channel: .final)])
    #expect(throws: ContractFault.misfit(part: "the answer")) {
      try check(contract, [Message(.assistant, #"{"a": 2}"#, channel: .final)])
    }
    let error = #expect(throws: ContractFault.self) {
      try check(contract, [Message(.assistant, #"{"a": 3"#, channel: .final)])
    }
    guard case .notJSON(part: "the answer", _)? = error else {
      Issue.record("it is \(String(describing: error))")
      return
    }
  }

  @Test func calls() throws {
    let tools = [
      DeclaredTool(recipient: "functions.f", parameters: schema),
      DeclaredTool(recipient: "functions.none", parameters: nil),
    ]
    let contract = try contract(tools)
    try check(contract, [call("functions.f", #"{"a": 5}"#), call("functions.none", "{}")])
    #expect(throws: ContractFault.misfit(part: "the call of functions.f")) {
      try check(contract, [call("functions.f", "{}")])
    }
    #expect(throws: ContractFault.misfit(part: "the call of functions.none")) {
      try check(contract, [call("functions.none", #"{"a": 1}"#)])
    }
    #expect(throws: ContractFault.undeclaredTool("functions.g")) {
      try check(contract, [call("functions.g", "{}")])
    }
    let required = try self.contract(tools, ResponseOptions(toolChoice: .tool("f")))
    #expect(throws: ContractFault.noCall) {
      try check(required, [Message(.assistant, "No.", channel: .final)])
    }
    #expect(throws: ContractFault.undeclaredTool("functions.none")) {
      try check(required, [call("functions.none", "{}")])
    }
  }

  @Test func budgets() throws {
    let contract = try contract([], ResponseOptions(reasoningBudget: .tokens(1)))
    var reasoning = ReasoningMeter()
    reasoning.count()
    try contract.check([], reasoning)
    reasoning.count()
    #expect(throws: ContractFault.overBudget(limit: 1)) { try contract.check([], reasoning) }
  }

  /// Rules are the same on the other side.
  @Test func rulesTravel() throws {
    var options = ResponseOptions(
      toolChoice: .tool("f"), allowsParallelToolCalls: true, format: .schema(schema))
    options.strictTools = ["functions.f"]
    let tools = [
      DeclaredTool(recipient: "functions.f", parameters: schema),
      DeclaredTool(recipient: "python", parameters: nil, isOwn: false),
      DeclaredTool(recipient: "functions.run", parameters: nil, text: .pattern("a+")),
      DeclaredTool(recipient: "functions.lark", parameters: nil, text: .grammar("start: \"a\"")),
      DeclaredTool(recipient: "functions.any", parameters: nil, text: .any),
    ]
    for budget in [ReasoningBudget.tokens(0), .tokens(.max), .time(.milliseconds(1_500)), .time(.zero)] {
      let request = ModelRequest(entries: [], options: ResponseOptions(reasoningBudget: budget))
      let read = try ModelRequest(
        rules: JSONField(try JSONValue(parsing: request.rules.text)), GenerationOptions())
      #expect(request.hasRules && read.options.reasoningBudget == budget)
    }
    for format in [ResponseFormat.text, .jsonObject, .schema(schema)] {
      for choice in [ToolChoice.auto, .none, .required, .tool("f")] {
        options.format = format
        options.toolChoice = choice
        let request = ModelRequest(entries: [], tools: tools, options: options)
        let read = try ModelRequest(
          rules: JSONField(try JSONValue(parsing: request.rules.text)), GenerationOptions())
        #expect(read.tools == tools && read.options.format == format && read.options.toolChoice == choice)
        #expect(read.options.strictTools == options.strictTools && read.options.allowsParallelToolCalls)
        #expect(read.rules == request.rules)
      }
    }
  }

  @Test(arguments: [
    #"{"tool": []}"#, #"{"tools": [{}]}"#, #"{"tools": [{"name": 1}]}"#, #"{"tool_choice": "some"}"#,
    #"{"format": "xml"}"#, #"{"format": {}}"#, #"{"tools": [{"name": "f", "text": {}}]}"#,
    #"{"callable": 1}"#, #"{"reasoning_budget": 5}"#, #"{"reasoning_budget": "many"}"#,
  ])
  func malformedRules(_ text: String) {
    #expect(throws: JSONError.self) {
      try ModelRequest(rules: JSONField(try JSONValue(parsing: text)), GenerationOptions())
    }
  }
}

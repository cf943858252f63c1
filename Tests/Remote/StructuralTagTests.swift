import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSRemote
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

/// Breaks when a tool, a format or a budget is sent to vLLM in another shape than it takes.
struct StructuralTagTests {
  private func format(_ tools: [DeclaredTool] = [], _ options: ResponseOptions) throws -> JSONValue {
    let request = ModelRequest(entries: [], tools: tools, options: options)
    let encoding = try HarmonyEncoding(tokenizer: Tokenizer(vocabulary: .bytes))
    let structure = try StructuralTag(encoding).structure(AnswerContract(try .bytes, request))
    let text = structure["structural_tag"]?.stringValue
    let tag = try JSONValue(parsing: try #require(text))
    #expect(tag["type"] == "structural_tag")
    return try #require(tag["format"])
  }

  private let schema: JSONValue = [
    "type": "object", "properties": ["answer": ["type": "string", "maxLength": 12]], "required": ["answer"],
    "additionalProperties": false,
  ]
  private func text(_ text: String) -> JSONValue { ["type": "const_string", "value": .string(text)] }

  private let words: JSONValue = [
    "type": "any_tokens",
    "exclude_tokens": [256, 257, 258, 259, 260, 261, 262],
  ]
  private var json: JSONValue { ["type": "json_schema", "json_schema": schema] }
  /// What ends a message and begins the next: tokens, so that nothing spells them.
  private var next: [JSONValue] {
    [["type": "token", "token": 260], ["type": "token", "token": 256], text("assistant")]
  }

  private func sequence(_ elements: [JSONValue]) -> JSONValue {
    ["type": "sequence", "elements": .array(elements)]
  }

  private func words(_ channel: String) -> JSONValue {
    sequence([text("<|channel|>\(channel)<|message|>"), words] + next)
  }

  private func call(_ header: String) -> JSONValue { sequence([text(header), json]) }

  /// What ends with free text.
  private func last(_ header: String) -> JSONValue { sequence([text(header), words]) }

  /// Reasoning, then JSON, and nothing but a token that ends the answer behind it.
  @Test func aFormat() throws {
    let found = try format([], ResponseOptions(format: .schema(schema)))
    let reasoning: JSONValue = ["type": "optional", "content": words("analysis")]
    #expect(found == sequence([reasoning, call("<|channel|>final<|message|>")]))
  }

  @Test func toolsBesideFreeText() throws {
    let tools = [
      DeclaredTool(recipient: "functions.f", parameters: schema),
      DeclaredTool(recipient: "python", parameters: nil, isOwn: false),
    ]
    let words: JSONValue = ["type": "or", "elements": [words("analysis"), words("commentary")]]
    let ends: JSONValue = [
      "type": "or",
      "elements": [
        last("<|channel|>final<|message|>"),
        call("<|channel|>commentary to=functions.f <|constrain|>json<|message|>"),
        call(" to=functions.f<|channel|>commentary <|constrain|>json<|message|>"),
        last("<|channel|>analysis to=python code<|message|>"),
        last(" to=python<|channel|>analysis code<|message|>"),
      ],
    ]
    let expected: JSONValue = ["type": "sequence", "elements": [["type": "star", "content": words], ends]]
    #expect(try format(tools, ResponseOptions()) == expected)
  }

  /// Where there may be several, a call is followed by another message, too.
  @Test func parallelCalls() throws {
    let tools = [DeclaredTool(recipient: "functions.f", parameters: schema)]
    let found = try format(tools, ResponseOptions(allowsParallelToolCalls: true))
    let followed = found["elements"]?.arrayValue?.first?["content"]?["elements"]?.arrayValue ?? []
    #expect(followed.count == 4)
    #expect(followed.allSatisfy { $0["elements"]?.arrayValue?.suffix(3) == next[...] })
  }

  @Test func aCallThatHasToBe() throws {
    let tools = [DeclaredTool(recipient: "functions.f", parameters: schema)]
    let found = try format(tools, ResponseOptions(toolChoice: .required))
    let elements = try #require(found["elements"]?.arrayValue)
    #expect(elements.count == 2 && elements[0] == ["type": "optional", "content": words("analysis")])
    #expect(
      elements[1]["elements"] == [
        call("<|channel|>commentary to=functions.f <|constrain|>json<|message|>"),
        call(" to=functions.f<|channel|>commentary <|constrain|>json<|message|>"),
      ], "and nothing to the user")
  }

  /// A tool without parameters is called with an empty object.
  @Test func noParameters() throws {
    let tools = [DeclaredTool(recipient: "functions.f", parameters: nil)]
    let found = try format(tools, ResponseOptions(toolChoice: .required))
    let content = found["elements"]?.arrayValue?.last?["elements"]?.arrayValue?.first?["elements"]?
      .arrayValue?.last
    #expect(content?["json_schema"]?["additionalProperties"] == false)
  }

  /// A tool that must not be called has no place in the tag, although the prompt shows it.
  @Test func noTool() throws {
    let tools = [DeclaredTool(recipient: "functions.f", parameters: schema)]
    let found = try format(tools, ResponseOptions(toolChoice: .none))
    let reasoning: JSONValue = ["type": "optional", "content": words("analysis")]
    #expect(found == sequence([reasoning, last("<|channel|>final<|message|>")]))
  }

  @Test func budgets() throws {
    let limited = try format([], ResponseOptions(reasoningBudget: .tokens(7)))
    let reasoning = limited["elements"]?.arrayValue?.first?["content"]?["elements"]?.arrayValue ?? []
    #expect(reasoning.compactMap { $0["max_tokens"] } == [7])
    let none = try format([], ResponseOptions(reasoningBudget: .tokens(0)))
    #expect(none == sequence([last("<|channel|>final<|message|>")]))
    // With tools, one message has all of the budget: a tag cannot count over several.
    let tools = [DeclaredTool(recipient: "functions.f", parameters: schema)]
    let called = try format(tools, ResponseOptions(reasoningBudget: .tokens(7)))
    #expect(called["elements"]?.arrayValue?.map { $0["type"] } == ["optional", "star", "or"])
    #expect(throws: RemoteError.self) {
      try format([], ResponseOptions(reasoningBudget: .time(.seconds(1))))
    }
  }

  /// What cannot be held whole is not asked for in part: the server might take it for something else.
  @Test func schemasThatCannotBeHeld() throws {
    let schema: JSONValue = ["type": "object", "patternProperties": ["a": true]]
    let tools = [DeclaredTool(recipient: "functions.f", parameters: schema)]
    let request = ModelRequest(entries: [], tools: tools, options: ResponseOptions())
    let contract = try AnswerContract(try .bytes, request)
    #expect(contract.calls[0].schema == ["type": "object"] && !contract.notices.isEmpty)
    var strict = request
    strict.options.strictTools = ["functions.f"]
    #expect(throws: GPTOSSError.self) { try AnswerContract(try .bytes, strict) }
    let format = ResponseOptions(format: .schema(schema))
    #expect(throws: GPTOSSError.self) {
      try AnswerContract(try .bytes, ModelRequest(entries: [], options: format))
    }
  }
}

extension TokenTrie {
  static var bytes: TokenTrie { get throws { TokenTrie(try .bytes) } }
}

extension Vocabulary {
  /// The 256 bytes and behind them the markers.
  static var bytes: Vocabulary {
    get throws {
      let bytes = (UInt8.min...UInt8.max).map { ByteAlphabet.spell([$0]) }
      return try Vocabulary(
        tokens: bytes + Marker.allCases.map(\.rawValue),
        tokenTypes: bytes.map { _ in 1 } + Marker.allCases.map { _ in 3 }, merges: [])
    }
  }
}

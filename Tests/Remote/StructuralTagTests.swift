import GPTOSS
import GPTOSSJSON
import GPTOSSRemote
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

/// Breaks when a tool, a format or a budget is sent to vLLM in another shape than it takes.
struct StructuralTagTests {
  private func format(_ tools: [DeclaredTool] = [], _ options: ResponseOptions) throws -> JSONValue {
    let request = ModelRequest(entries: [], tools: tools, options: options)
    let text = try StructuralTag.structure(AnswerContract(try .bytes, request))["structural_tag"]?.stringValue
    let tag = try JSONValue(parsing: try #require(text))
    #expect(tag["type"] == "structural_tag")
    return try #require(tag["format"])
  }

  private let schema: JSONValue = [
    "type": "object", "properties": ["answer": ["type": "string", "maxLength": 12]], "required": ["answer"],
    "additionalProperties": false,
  ]
  private let opening: JSONValue = ["type": "const_string", "value": "<|start|>assistant"]
  private let markers: JSONValue = ["<|start|>", "<|channel|>", "<|constrain|>", "<|message|>"]

  /// The shape that vLLM was recorded with: reasoning, then JSON. Ours lets no marker stand among words, and
  /// nothing but a token that ends the answer behind the JSON.
  @Test func aFormat() throws {
    let exchange = try Exchange("generate_structured")
    let path = ["sampling_params", "structured_outputs", "structural_tag"]
    let text = path.reduce(exchange.request) { $0[$1] ?? .null }.stringValue
    let recorded = try #require(text)
      .replacing(#""any_text"}"#, with: #""any_text", "excludes": \#(markers.text)}"#)
      .replacing(#"["<|end|>", ""]"#, with: #""""#)
    let found = try format([], ResponseOptions(format: .schema(schema)))
    #expect(found == (try JSONValue(parsing: recorded))["format"])
  }

  private func words(_ channel: String) -> JSONValue {
    let text: JSONValue = ["type": "any_text", "excludes": markers]
    let begin = JSONValue.string("<|channel|>\(channel)<|message|>")
    let message: JSONValue = ["type": "tag", "begin": begin, "content": text, "end": "<|end|>"]
    return ["type": "sequence", "elements": [message, opening]]
  }

  private func call(_ begin: String) -> JSONValue {
    [
      "type": "tag", "begin": .string(begin), "content": ["type": "json_schema", "json_schema": schema],
      "end": "",
    ]
  }

  /// What ends with free text.
  private func text(_ begin: String) -> JSONValue {
    let beginning: JSONValue = ["type": "const_string", "value": .string(begin)]
    let rest: JSONValue = [
      "type": "any_text",
      "excludes": ["<|start|>", "<|channel|>", "<|constrain|>", "<|message|>", "<|end|>"],
    ]
    return ["type": "sequence", "elements": [beginning, rest]]
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
        text("<|channel|>final<|message|>"),
        call("<|channel|>commentary to=functions.f <|constrain|>json<|message|>"),
        call(" to=functions.f<|channel|>commentary <|constrain|>json<|message|>"),
        text("<|channel|>analysis to=python code<|message|>"),
        text(" to=python<|channel|>analysis code<|message|>"),
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
    #expect(followed.allSatisfy { $0["elements"]?.arrayValue?.last == opening })
    #expect(followed.allSatisfy { $0["elements"]?.arrayValue?.first?["end"] == "<|end|>" })
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
    let content = found["elements"]?.arrayValue?.last?["elements"]?.arrayValue?.first?["content"]
    #expect(content?["json_schema"]?["additionalProperties"] == false)
  }

  /// A tool that must not be called has no place in the tag, although the prompt shows it.
  @Test func noTool() throws {
    let tools = [DeclaredTool(recipient: "functions.f", parameters: schema)]
    let found = try format(tools, ResponseOptions(toolChoice: .none))
    let reasoning: JSONValue = ["type": "optional", "content": words("analysis")]
    #expect(found == ["type": "sequence", "elements": [reasoning, text("<|channel|>final<|message|>")]])
  }

  @Test func budgets() throws {
    let limited = try format([], ResponseOptions(reasoningBudget: .tokens(7)))
    let reasoning = limited["elements"]?.arrayValue?.first?["content"]?["elements"]?.arrayValue?.first
    #expect(reasoning?["content"]?["max_tokens"] == 7)
    let none = try format([], ResponseOptions(reasoningBudget: .tokens(0)))
    #expect(none == ["type": "sequence", "elements": [text("<|channel|>final<|message|>")]])
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
  /// A vocabulary of the 256 bytes.
  static var bytes: TokenTrie {
    get throws {
      let tokens = (UInt8.min...UInt8.max).map { ByteAlphabet.spell([$0]) }
      return TokenTrie(try Vocabulary(tokens: tokens, merges: []))
    }
  }
}

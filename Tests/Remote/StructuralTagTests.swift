import GPTOSS
import GPTOSSJSON
import GPTOSSRemote
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

/// Breaks when a tool or a format is sent to vLLM in another shape than it takes.
struct StructuralTagTests {
  private func format(_ request: ModelRequest) throws -> JSONValue? {
    let structure = try StructuralTag.structure(AnswerContract(try .bytes, request))
    guard let text = structure?["structural_tag"]?.stringValue else { return nil }
    let tag = try JSONValue(parsing: text)
    #expect(tag["type"] == "structural_tag")
    return tag["format"]
  }

  @Test func freeTextNeedsNothing() throws {
    #expect(try format(ModelRequest(entries: [], options: ResponseOptions())) == nil)
  }

  /// The shape that vLLM was recorded with: reasoning, then JSON.
  @Test func aFormat() throws {
    let schema: JSONValue = [
      "type": "object", "properties": ["answer": ["type": "string", "maxLength": 12]], "required": ["answer"],
      "additionalProperties": false,
    ]
    let exchange = try Exchange("generate_structured")
    let path = ["sampling_params", "structured_outputs", "structural_tag"]
    let text = path.reduce(exchange.request) { $0[$1] ?? .null }.stringValue
    let recorded = try JSONValue(parsing: try #require(text))["format"]
    #expect(
      try format(ModelRequest(entries: [], options: ResponseOptions(format: .schema(schema)))) == recorded)
  }

  @Test func toolsBesideFreeText() throws {
    let schema: JSONValue = ["type": "object", "properties": ["a": ["type": "integer"]]]
    let tools = [DeclaredTool(recipient: "functions.f", parameters: schema)]
    let found = try #require(try format(ModelRequest(entries: [], tools: tools, options: ResponseOptions())))
    let json: JSONValue = ["type": "json_schema", "json_schema": schema]
    let expected: JSONValue = [
      "type": "triggered_tags", "triggers": ["<|channel|>commentary to=", "<|start|>assistant to="],
      "tags": [
        [
          "type": "tag", "begin": "<|channel|>commentary to=functions.f <|constrain|>json<|message|>",
          "content": json, "end": ["<|end|>", ""],
        ],
        [
          "type": "tag",
          "begin": "<|start|>assistant to=functions.f<|channel|>commentary <|constrain|>json<|message|>",
          "content": json, "end": ["<|end|>", ""],
        ],
      ],
    ]
    #expect(found == expected)
  }

  /// A tool that is called with text has no tag: then a trigger may not catch its calls.
  @Test func triggersLeaveOtherToolsAlone() throws {
    let tools = [
      DeclaredTool(recipient: "functions.f", parameters: ["type": "object"]),
      DeclaredTool(recipient: "functions.run", parameters: nil, text: .any),
    ]
    let found = try format(ModelRequest(entries: [], tools: tools, options: ResponseOptions()))
    #expect(
      found?["triggers"] == [
        "<|channel|>commentary to=functions.f", "<|start|>assistant to=functions.f",
      ])
    var options = ResponseOptions(toolChoice: .required)
    #expect(throws: RemoteError.self) {
      try format(ModelRequest(entries: [], tools: tools, options: options))
    }
    options.toolChoice = .tool("f")
    #expect(try format(ModelRequest(entries: [], tools: tools, options: options))?["type"] == "sequence")
  }

  @Test func aCallThatHasToBe() throws {
    let tools = [DeclaredTool(recipient: "functions.f", parameters: nil)]
    let options = ResponseOptions(toolChoice: .required)
    let found = try format(ModelRequest(entries: [], tools: tools, options: options))
    let elements = try #require(found?["elements"]?.arrayValue)
    #expect(elements.count == 2, "reasoning, then a call, and nothing to the user")
    let begins = elements[1]["elements"]?.arrayValue?.compactMap { $0["begin"]?.stringValue }
    #expect(
      begins == [
        "<|channel|>commentary to=functions.f <|constrain|>json<|message|>",
        " to=functions.f<|channel|>commentary <|constrain|>json<|message|>",
      ])
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

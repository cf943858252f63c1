import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

@Suite struct ErrorTests {
  static let cases: [(schema: String, error: StructuredOutputError)] = [
    (#"[]"#, .notASchema(path: "#")),
    (#"{"properties": {"a": 1}}"#, .notASchema(path: "#/properties/a")),
    (
      #"{"properties": {"a": {"type": "int"}}}"#,
      .invalidKeyword(
        path: "#/properties/a", keyword: "type", expected: "one of JSON's types or a list of them")
    ),
    (#"{"enum": []}"#, .invalidKeyword(path: "#", keyword: "enum", expected: "a list of values")),
    (
      #"{"minItems": -1}"#,
      .invalidKeyword(path: "#", keyword: "minItems", expected: "a whole number, 0 or more")
    ),
    (#"{"multipleOf": 0}"#, .invalidKeyword(path: "#", keyword: "multipleOf", expected: "a number above 0")),
    (#"{"multipleOf": 0.1}"#, .unsupportedKeyword(path: "#", keyword: "multipleOf")),
    (
      #"{"items": {"uniqueItems": true}}"#, .unsupportedKeyword(path: "#/items", keyword: "uniqueItems")
    ),
    (#"{"patternProperties": {}}"#, .unsupportedKeyword(path: "#", keyword: "patternProperties")),
    (#"{"type": "object", "minProperties": 2}"#, .unsupportedKeyword(path: "#", keyword: "minProperties")),
    (#"{"pattern": "a(?=b)"}"#, .unsupportedPattern(path: "#", pattern: "a(?=b)", characterOffset: 3)),
    (#"{"pattern": "a)"}"#, .unsupportedPattern(path: "#", pattern: "a)", characterOffset: 1)),
    (#"{"pattern": "(a"}"#, .unsupportedPattern(path: "#", pattern: "(a", characterOffset: 2)),
    (#"{"pattern": "[b-a]"}"#, .unsupportedPattern(path: "#", pattern: "[b-a]", characterOffset: 4)),
    (#"{"pattern": "\\bx"}"#, .unsupportedPattern(path: "#", pattern: "\\bx", characterOffset: 1)),
    (##"{"$ref": "#/$defs/x"}"##, .unresolvedReference(path: "#", reference: "#/$defs/x")),
    (##"{"$ref": "https://x.org/s"}"##, .unresolvedReference(path: "#", reference: "https://x.org/s")),
    (##"{"$ref": "#"}"##, .circularReference(path: "#")),
    (##"{"anyOf": [{"type": "null"}, {"$ref": "#"}]}"##, .circularReference(path: "#")),
    ("false", .unsatisfiable(path: "#")),
    (#"{"type": "string", "enum": [1]}"#, .unsatisfiable(path: "#")),
    (#"{"type": "integer", "minimum": 3, "maximum": 2}"#, .unsatisfiable(path: "#")),
    (#"{"type": "string", "minLength": 3, "maxLength": 2}"#, .unsatisfiable(path: "#")),
    (##"{"properties": {"a": {"$ref": "#"}}, "required": ["a"]}"##, .unsatisfiable(path: "#")),
    (#"{"oneOf": [{"type": "null"}, {"type": "null"}]}"#, .unsatisfiable(path: "#")),
    (#"{"pattern": "^(a|b)*a(a|b){12}$"}"#, .tooComplex(path: "#", .automatonStates)),
    (#"{"pattern": "((a{1,1000}){1,1000}){1,1000}"}"#, .tooComplex(path: "#", .automatonStates)),
    (#"{"pattern": "(.{0,99}a.{0,99}b){3}"}"#, .tooComplex(path: "#", .automatonStates)),
    (#"{"type": "array", "minItems": 1000000}"#, .tooComplex(path: "#", .rules)),
  ]

  @Test(arguments: cases) func refusesSchema(schema: String, error: StructuredOutputError) throws {
    let value = try JSONValue(parsing: schema)
    #expect(throws: error) { try TokenConstraint(schema: value, tokens: TestVocabulary.small) }
  }

  @Test func refusesWhatExplodes() throws {
    let pair: JSONValue = ["anyOf": [["type": "null"], ["minimum": 1], ["maxLength": 3]]]
    let wide: JSONValue = ["allOf": .array((0..<40).map { _ in pair })]
    #expect(throws: StructuredOutputError.tooComplex(path: "#", .alternatives)) {
      try TokenConstraint(schema: wide, tokens: TestVocabulary.small)
    }
    // A shortest text that doubles with every level.
    var definitions = JSONObject()
    definitions["d0"] = ["const": "x"]
    for level in 1...60 {
      let half: JSONValue = ["$ref": .string("#/$defs/d\(level - 1)")]
      definitions["d\(level)"] = ["type": "array", "prefixItems": [half, half], "minItems": 2]
    }
    let tall = JSONValue.object(JSONObject([("$ref", "#/$defs/d60"), ("$defs", .object(definitions))]))
    #expect(throws: StructuredOutputError.unsatisfiable(path: "#")) {
      try TokenConstraint(schema: tall, tokens: TestVocabulary.small)
    }
    var deep: JSONValue = true
    for _ in 0..<100 { deep = ["items": deep] }
    #expect(throws: Never.self) { try TokenConstraint(schema: deep, tokens: TestVocabulary.small) }
    for _ in 0..<1000 { deep = ["items": deep] }
    #expect {
      try TokenConstraint(schema: deep, tokens: TestVocabulary.small)
    } throws: { error in
      guard case .tooComplex(_, .nesting) = error as? StructuredOutputError else { return false }
      return true
    }
  }

  @Test func refusesEmptyChoice() {
    #expect(throws: StructuredOutputError.emptyChoice) {
      try TokenConstraint(oneOf: [], tokens: TestVocabulary.small)
    }
    #expect(throws: StructuredOutputError.emptyChoice) {
      try TokenConstraint(oneOf: [""], tokens: TestVocabulary.small)
    }
  }

  @Test func refusedTokenChangesNothing() throws {
    var constraint = try TokenConstraint(schema: ["type": "null"], tokens: TestVocabulary.small)
    let vocabulary = TestVocabulary.small.vocabulary
    let special = try #require(vocabulary.specialToken("<|end|>"))
    for token in [special, vocabulary.count, -1, 0x78] {
      #expect(throws: StructuredOutputError.tokenNotAllowed(token)) { try constraint.advance(token) }
    }
    try constraint.advance(try #require(vocabulary.token(of: Array("null".utf8))))
    #expect(constraint.isComplete)
    #expect(throws: StructuredOutputError.tokenNotAllowed(0x6E)) { try constraint.advance(0x6E) }
  }
}

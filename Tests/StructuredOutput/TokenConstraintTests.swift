import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

@Suite struct TokenConstraintTests {
  @Test func choosesAmongTexts() throws {
    let recipients = ["functions.a", "functions.ab", "browser.open"]
    let start = try TokenConstraint(oneOf: recipients, tokens: TestVocabulary.small)
    for text in recipients { #expect(SchemaCase.accepts(start, text)) }
    for text in ["functions.", "functions.abc", "browser"] { #expect(!SchemaCase.accepts(start, text)) }
    var constraint = start
    for byte in "functions.a".utf8 { try constraint.advance(Int(byte)) }
    #expect(constraint.canEnd && !constraint.isComplete)
    try constraint.advance(Int(UInt8(ascii: "b")))
    #expect(constraint.isComplete)
    #expect(constraint.allowedTokens() == TokenMask(count: TestVocabulary.small.vocabulary.count))
  }

  @Test func choosesAmongThousands() throws {
    let texts = (0..<3000).map { "value number \($0 &* 7919)" }
    let constraint = try TokenConstraint(oneOf: texts, tokens: TestVocabulary.small)
    #expect(SchemaCase.accepts(constraint, texts[1234]))
    #expect(!SchemaCase.accepts(constraint, texts[1234] + "x"))
  }

  @Test func endsWithinTheTokensThatAreLeft() throws {
    let schema: JSONValue = ["type": "object", "properties": ["a": ["minLength": 5]], "required": ["a"]]
    var constraint = try TokenConstraint(schema: schema, tokens: TestVocabulary.small)
    let needed = constraint.completion().count
    let brace = Int(UInt8(ascii: "{"))
    #expect(try !constraint.advance(brace, remaining: needed - 3))
    #expect(constraint.completion().count == needed)
    #expect(try constraint.advance(brace, remaining: needed))
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

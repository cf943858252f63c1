import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

/// The tree of the real vocabulary, where tokens are longer than a byte.
@Suite struct TokenTrieTests {
  @Test(.enabled(if: TestVocabulary.real != nil, "needs o200k_base.tiktoken in GPTOSS_SHARED or ../shared"))
  func walksOverAllTokens() throws {
    let trie = try #require(TestVocabulary.real)
    var generator = RandomSchema(seed: 11)
    for index in 0..<20 {
      let schema = generator.schema()
      guard let constraint = try? TokenConstraint(schema: schema, tokens: trie) else { continue }
      var walk = RandomWalk(random: RandomSource(seed: UInt64(index)), vocabulary: trie.vocabulary)
      let text = try walk.text(constraint, limit: max(40, constraint.completion().count)).text
      #expect(throws: Never.self, "\(schema.text)") { try JSONValue(parsing: text) }
    }
  }

  /// The text that a model would write passes, token by token.
  @Test(.enabled(if: TestVocabulary.real != nil, "needs o200k_base.tiktoken in GPTOSS_SHARED or ../shared"))
  func letsTokenizedTextThrough() throws {
    let trie = try #require(TestVocabulary.real)
    let schema = try JSONValue(
      parsing: """
        {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "array", "items":
          {"type": "object", "properties": {"date": {"type": "string", "format": "date"}, "high": {"type": "number"},
           "sky": {"enum": ["sunny", "cloudy"]}}, "required": ["date", "high", "sky"]}}}, "required": ["city"]}
        """)
    let text = """
      {
        "city": "Zürich \\"Altstadt\\" 🏔",
        "days": [
          {"date": "2024-02-29", "high": -3.5, "sky": "sunny"},
          {"date":"2024-03-01","high":12,"sky":"cloudy"}
        ]
      }
      """
    var constraint = try TokenConstraint(schema: schema, tokens: trie)
    for token in Tokenizer(vocabulary: trie.vocabulary).encode(text) {
      #expect(constraint.allowedTokens()[token])
      try constraint.advance(token)
    }
    #expect(constraint.isComplete)
  }
}

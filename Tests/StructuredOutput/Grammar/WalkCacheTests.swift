import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

@Suite struct WalkCacheTests {
  /// Walks that are made of another state's find what walks over all tokens find: on the way through names
  /// that are taken, and into a pattern that opens up behind a word.
  @Test(arguments: [
    #"{"name": 7, "n": "xfoo", "na": " afoo", "nam": "foo b", "namely": "foo", "ci": "foo", "cityx": "foo"}"#,
    #"{"name": 12, "city": "of foo", "c": "fofofoo", "": "foo"}"#,
  ])
  func walksMadeOfOthersFindTheSame(_ text: String) throws {
    let trie = TestVocabulary.pairs
    let schema = try JSONValue(
      parsing: """
        {"type": "object", "properties": {"name": {"type": "integer"}, "city": {"type": "string"}},
         "additionalProperties": {"type": "string", "pattern": "^[a-z ]*foo.*$"}}
        """)
    var constraint = try TokenConstraint(schema: schema, tokens: trie)
    for byte in text.utf8 {
      let mask = constraint.allowedTokens()
      for token in 0..<mask.count {
        var fork = constraint
        #expect(mask[token] == ((try? fork.advance(token)) != nil), "token \(token) before \(byte)")
      }
      try constraint.advance(#require((0..<256).first { trie.vocabulary.bytes(of: $0) == [byte] }))
    }
    #expect(constraint.isComplete)
  }
}

import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSTokenizer
import Testing

/// Where a text has to go on in one way, the tokenizer's cut of it is the one that is forced.
///
/// Breaks when a token is forced that the tokenizer would not have made of the text: a model has never seen
/// such a cut, and a conversation that is read again would have other tokens.
struct ForcedTokenTests {
  private static let tries = [TestVocabulary.small, TestVocabulary.real].compactMap(\.self)

  /// A single text has nothing but forced tokens: the tokenizer's.
  @Test(arguments: [
    "assistant", "commentary to=functions.get_weather", "don't stop, it's 12345678 o'clock", "a  b\n\n c",
    "naïve café 日本 😀", "ABCdef'S x'", "  leading", "trailing  ", "'", "\"name\": \"value\"}", "x\n ",
    "path/to/file.txt\r\n", "e\u{301}a\u{301} \u{301}b", "a\u{A0}\u{2003} b",
  ])
  func aSingleTextIsForced(_ text: String) throws {
    for trie in Self.tries {
      var constraint = try TokenConstraint(oneOf: [text], tokens: trie)
      var tokens: [TokenID] = []
      while let token = constraint.forcedToken() {
        tokens.append(token)
        try constraint.advance(token)
      }
      let expected = Tokenizer(vocabulary: trie.vocabulary).encode(text)
      #expect(tokens == Array(expected.prefix(tokens.count)))
      // Longer texts than are looked at are forced up to a piece that is certain.
      if text.utf8.count <= 60 { #expect(constraint.isComplete, "\(text): \(tokens) of \(expected)") }
    }
  }

  /// Whatever the choices are, the tokenizer's tokens of each are never ruled out.
  @Test func noChoiceIsCutOtherwise() throws {
    var random = SplitMix64(seed: 5)
    let pieces = [
      "a", "B", "get", "_", ".", "name", "id", "'", "'s", "re", " ", "  ", "\n", "\"", "\":", "{", "1", "23",
      "é",
      "\u{301}", "日", "/", "to=", "\r", "\u{A0}", "😀",
    ]
    func text() -> String {
      (0...Int(random.next() % 6)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
    }
    var forcedCount = 0
    for trie in Self.tries {
      let tokenizer = Tokenizer(vocabulary: trie.vocabulary)
      for _ in 0..<400 {
        let stem = text()
        let texts = (0...Int(random.next() % 4)).map { _ in stem + text() }
        let start = try TokenConstraint(oneOf: texts, tokens: trie)
        for text in texts {
          var constraint = start
          for token in tokenizer.encode(text) {
            if let forced = constraint.forcedToken() {
              #expect(forced == token, "\(texts.map(\.debugDescription)), in \(text.debugDescription)")
              forcedCount += 1
            }
            try constraint.advance(token)
          }
          #expect(constraint.canEnd)
        }
      }
    }
    #expect(forcedCount > 1000)
  }

  /// In JSON keys are forced behind the quote, and everything where no white space may stand.
  @Test func keysAreForced() throws {
    let schema: JSONValue = [
      "type": "object",
      "properties": ["departure_date": ["type": "string"], "kind": ["const": "return"]],
      "required": ["departure_date", "kind"], "additionalProperties": false,
    ]
    let trie = TestVocabulary.small
    let tokenizer = Tokenizer(vocabulary: trie.vocabulary)
    var constraint = try TokenConstraint(schema: schema, tokens: trie)
    #expect(constraint.forcedToken() == nil || constraint.forcedToken() == tokenizer.encode("{").first)
    for byte in "{\"".utf8 { try constraint.advance(Int(byte)) }
    var forced: [TokenID] = []
    while let token = constraint.forcedToken() {
      forced.append(token)
      try constraint.advance(token)
    }
    #expect(try tokenizer.decode(forced) == "departure_date")
    #expect(forced == tokenizer.encode("departure_date"))
    for byte in "\":\"x".utf8 { try constraint.advance(Int(byte)) }
    #expect(constraint.forcedToken() == nil, "in a string there is a choice")

    var tight = try TokenConstraint(
      schema: ["const": ["a": [1, true], "b": "x"]], whitespace: .none, tokens: trie)
    var all: [TokenID] = []
    while let token = tight.forcedToken() {
      all.append(token)
      try tight.advance(token)
    }
    #expect(try tokenizer.decode(all) == #"{"a":[1,true],"b":"x"}"# && tight.isComplete)
    #expect(all == tokenizer.encode(#"{"a":[1,true],"b":"x"}"#))
  }

  /// Strings that have all their characters, and texts that must differ from others, are still choices.
  @Test func whatIsForcedIsAllowed() throws {
    let schemas: [JSONValue] = [
      ["type": "string", "minLength": 2, "maxLength": 2], ["enum": ["a", "ab", "abc"]],
      ["type": "array", "items": ["enum": [1, 2, 3]], "uniqueItems": true, "minItems": 3],
      ["type": "integer"],
      ["type": "string", "pattern": "^ab+c$"], ["type": "string", "format": "date"],
      ["type": "object", "properties": ["a": ["type": "null"]], "required": ["a", "b"]],
    ]
    var random = SplitMix64(seed: 9)
    var forcedCount = 0
    for schema in schemas {
      let start = try TokenConstraint(schema: schema, tokens: TestVocabulary.small)
      for _ in 0..<40 {
        var constraint = start
        for _ in 0..<60 where !constraint.isComplete {
          let mask = constraint.allowedTokens()
          let allowed = (0..<mask.count).filter { mask[$0] }
          guard !allowed.isEmpty else { break }
          if let forced = constraint.forcedToken() {
            #expect(mask[forced] && !constraint.canEnd, "\(schema)")
            forcedCount += 1
            try constraint.advance(forced)
          } else {
            try constraint.advance(allowed[Int(random.next() % UInt64(allowed.count))])
          }
        }
      }
    }
    #expect(forcedCount > 100)
  }
}

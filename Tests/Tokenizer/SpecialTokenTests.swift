import GPTOSSTokenizer
import Testing

/// Text that spells special tokens, under each policy.
struct SpecialTokenTests {
  private static let tokenizer = Tokenizer(vocabulary: TestVocabularies.small)

  struct Row: Sendable, CustomTestStringConvertible {
    var text: String
    var policy: SpecialTokenPolicy
    /// Strings stand for the bytes of text.
    var parts: [Part]
    var reason: String
    var testDescription: String { reason }
  }
  enum Part: Sendable {
    case text(String)
    case token(TokenID)
  }

  static let rows: [Row] = [
    Row(text: "x<|a|>", policy: .asText, parts: [.text("x<|a|>")], reason: "text by default"),
    Row(text: "x<|a|>y", policy: .allowAll, parts: [.text("x"), .token(259), .text("y")], reason: "a token"),
    Row(text: "<|a|>", policy: .allowAll, parts: [.token(259)], reason: "nothing but a token"),
    Row(text: "", policy: .allowAll, parts: [], reason: "nothing"),
    Row(text: "<|a|>b", policy: .allowAll, parts: [.token(260)], reason: "the longest of two names"),
    Row(
      text: "<|a|>b", policy: .allow(["<|a|>"]), parts: [.token(259), .text("b")],
      reason: "the longest that is allowed"),
    Row(text: "<|a|>", policy: .allow(["<|a|>b"]), parts: [.text("<|a|>")], reason: "another one is allowed"),
    Row(text: "<|a|>", policy: .allow([]), parts: [.text("<|a|>")], reason: "none is allowed"),
    Row(
      text: "<|a|>", policy: .allow(["<|none|>"]), parts: [.text("<|a|>")],
      reason: "an unknown name is allowed"),
    Row(
      text: "<|<|a|<|a|>|>", policy: .allowAll, parts: [.text("<|<|a|"), .token(259), .text("|>")],
      reason: "beginnings of a name before it"),
    Row(text: "<|a|", policy: .allowAll, parts: [.text("<|a|")], reason: "a name that is cut"),
    Row(
      text: "<|a|><|a|><|a|>", policy: .allowAll, parts: [.token(259), .token(259), .token(259)],
      reason: "one after the other"),
  ]

  @Test(arguments: rows)
  func policies(row: Row) throws {
    let expected = row.parts.flatMap { part in
      switch part {
      case .text(let text): Self.tokenizer.encode(text)
      case .token(let token): [token]
      }
    }
    #expect(Self.tokenizer.encode(row.text, specialTokens: row.policy) == expected)
    #expect(Self.tokenizer.count(row.text, specialTokens: row.policy) == expected.count)
    #expect(try Self.tokenizer.decode(expected) == row.text)
  }

  @Test func textAroundASpecialTokenStandsAlone() {
    // "  x" is " " and " x"; before a special token both spaces are at an end, and stay together.
    let tokenizer = Tokenizer(vocabulary: TestVocabularies.small)
    #expect(PieceSplitter.pieces(of: "  ") == ["  "])
    #expect(tokenizer.encode("  <|a|>  x", specialTokens: .allowAll) == [32, 32, 259, 32, 32, 120])
  }

  @Test func rejecting() throws {
    let tokenizer = Self.tokenizer
    #expect(try tokenizer.encodeRejectingSpecialTokens("<|a") == tokenizer.encode("<|a"))
    #expect(throws: TokenizerError.specialTokenInText("<|a|>", byteOffset: 3)) {
      try tokenizer.encodeRejectingSpecialTokens("é <|a|>")
    }
    #expect(try tokenizer.encodeRejectingSpecialTokens("<|a|>", allowing: ["<|a|>"]) == [259])
    #expect(throws: TokenizerError.specialTokenInText("<|a|>b", byteOffset: 5)) {
      try tokenizer.encodeRejectingSpecialTokens("<|a|><|a|>b", allowing: ["<|a|>"])
    }
    #expect(throws: TokenizerError.specialTokenInText("<|a|>", byteOffset: 0)) {
      try tokenizer.encodeRejectingSpecialTokens("<|a|>b", allowing: ["<|a|>b"])
    }
  }

  @Test func manySpecialTokens() {
    let text = String(repeating: "<|a|>", count: 100_000)
    #expect(Self.tokenizer.encode(text, specialTokens: .allowAll).count == 100_000)
    #expect(
      Self.tokenizer.encode(String(repeating: "<|a|<|", count: 50_000), specialTokens: .allowAll).count
        == 300_000)
  }
}

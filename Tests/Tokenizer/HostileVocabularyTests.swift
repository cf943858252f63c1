import GPTOSSTokenizer
import Testing

/// Vocabularies that broke other engines, or might: each is an error that says what is wrong.
struct HostileVocabularyTests {
  struct Lists: Sendable, CustomTestStringConvertible {
    var tokens: [String] = []
    var types: [Int32]?
    var merges: [String] = []
    var error: TokenizerError
    var reason: String
    var testDescription: String { reason }
  }

  private static let ordinary = [Int32](repeating: 1, count: 256)

  /// Appended to the 256 bytes.
  static let lists: [Lists] = [
    Lists(
      tokens: ["<0x1G>"], types: ordinary + [6], error: .malformedByteToken(256),
      reason: "a byte with a digit that is none"),
    Lists(
      tokens: ["<0x100>"], types: ordinary + [6], error: .malformedByteToken(256),
      reason: "a byte out of range (llama.cpp#25969)"),
    Lists(
      tokens: [""], types: ordinary + [6], error: .malformedByteToken(256), reason: "a byte without a name"),
    Lists(
      tokens: ["<0x41>"], types: ordinary + [6], error: .duplicateToken(256, sameAs: 65),
      reason: "a byte that is there already"),
    Lists(tokens: ["a b"], error: .malformedToken(256), reason: "a space, which the alphabet lacks"),
    Lists(tokens: ["é世"], error: .malformedToken(256), reason: "a character far outside the alphabet"),
    Lists(
      tokens: ["\u{AD}"], error: .malformedToken(256), reason: "a character between those of the alphabet"),
    Lists(tokens: ["\u{144}"], error: .malformedToken(256), reason: "the character behind the alphabet"),
    Lists(tokens: [""], error: .emptyToken(256), reason: "an ordinary token without bytes"),
    Lists(
      tokens: [""], types: ordinary + [3], error: .emptyToken(256), reason: "a special token without a name"),
    Lists(
      tokens: [String(repeating: "a", count: 257)], types: ordinary + [3],
      error: .specialTokenTooLong(256, limit: 256), reason: "a special token that is a text of its own"),
    Lists(
      tokens: ["ab", "cd", "ab"], error: .duplicateToken(258, sameAs: 256), reason: "the same bytes twice"),
    Lists(
      tokens: ["<|a|>", "<|a|>"], types: ordinary + [3, 3], error: .specialTokenTaken("<|a|>", 257),
      reason: "the same special token twice"),
    Lists(
      tokens: ["ab"], types: ordinary + [7], error: .unknownTokenType(7, token: 256), reason: "a type of none"
    ),
    Lists(
      tokens: ["ab"], types: ordinary + [-1], error: .unknownTokenType(-1, token: 256),
      reason: "a type below zero"),
    Lists(
      tokens: ["ab"], types: ordinary, error: .countMismatch(tokens: 257, tokenTypes: 256),
      reason: "a type too few"),
    Lists(
      tokens: ["ab"], types: ordinary + [1, 1], error: .countMismatch(tokens: 257, tokenTypes: 258),
      reason: "a type too many"),
    Lists(merges: ["ab"], error: .malformedMerge(index: 0), reason: "a merge of one"),
    Lists(merges: [" b"], error: .malformedMerge(index: 0), reason: "a merge without a left token"),
    Lists(merges: ["a "], error: .malformedMerge(index: 0), reason: "a merge without a right token"),
    Lists(merges: ["a b c"], error: .malformedMerge(index: 0), reason: "a merge of three"),
    Lists(merges: [""], error: .malformedMerge(index: 0), reason: "an empty merge"),
    Lists(
      tokens: ["ab"], merges: ["a b", "ab 世"], error: .malformedMerge(index: 1),
      reason: "a merge outside the alphabet"),
    Lists(
      tokens: ["ab"], merges: ["a b", "ab cd"], error: .unknownTokenInMerge(index: 1),
      reason: "a merge that names an unknown token"),
    Lists(
      tokens: ["<|a|>"], types: ordinary + [3], merges: ["<|a|> a"], error: .unknownTokenInMerge(index: 0),
      reason: "a merge that names a special token"),
    Lists(
      tokens: ["ab"], merges: ["a b", "b a"], error: .unknownMergeResult(index: 1),
      reason: "a merge that makes an unknown token"),
    Lists(
      tokens: ["ab", "cd"], merges: ["a b", "c d", "a b"], error: .duplicateMerge(index: 2),
      reason: "the same merge twice"),
    Lists(
      tokens: ["ab"], merges: ["a b", "a b"], error: .duplicateMerge(index: 1),
      reason: "the same merge twice in a row"),
  ]

  @Test(arguments: lists)
  func listsAreRefused(row: Lists) {
    #expect(throws: row.error) {
      try Vocabulary(
        tokens: TestVocabularies.byteTokens + row.tokens, tokenTypes: row.types, merges: row.merges)
    }
  }

  @Test func aByteWithoutATokenIsRefused() {
    for byte in [0, 32, 255] {
      var tokens = TestVocabularies.byteTokens
      tokens[byte] = "ab"
      #expect(throws: TokenizerError.missingByteToken(UInt8(byte))) {
        try Vocabulary(tokens: tokens, merges: [])
      }
    }
    #expect(throws: TokenizerError.missingByteToken(0)) { try Vocabulary(tokens: [], merges: []) }
    var builder = VocabularyBuilder(tokenTypes: nil)
    #expect(throws: TokenizerError.missingByteToken(0)) { try builder.finish() }
  }

  @Test func bytesThatAreNotUTF8AreRefused() throws {
    for type in [1, 3] as [Int32] {
      for bytes in [[0xC4], [0xC4, 0x41], [0x80], [0xFF], [0xF0, 0x9F]] as [[UInt8]] {
        var builder = VocabularyBuilder(tokenTypes: [type])
        #expect(throws: TokenizerError.malformedToken(0)) { try builder.append(token: bytes.span.bytes) }
      }
    }
  }

  @Test func tooManyTokensAreRefused() throws {
    let limit = 1 << 19
    var builder = VocabularyBuilder(tokenTypes: [Int32](repeating: 5, count: limit + 1))
    let token: [UInt8] = []
    for _ in 0..<limit { try builder.append(token: token.span.bytes) }
    #expect(throws: TokenizerError.tokenIDTooLarge(limit, limit: limit - 1)) {
      try builder.append(token: token.span.bytes)
    }
  }

  /// Eight letters each, which fall on four places of the table of tokens.
  @Test func tokensMadeToCollideAreRefused() {
    let numbers = sequence(first: 0 as UInt64) { $0 + 1 }.lazy.filter { number in
      let product = (letters(number) ^ 8).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      return (product.high ^ product.low) & 2047 < 4
    }
    let tokens = numbers.prefix(400).map { number in
      withUnsafeBytes(of: letters(number).littleEndian) { String(decoding: $0, as: UTF8.self) }
    }
    #expect(throws: TokenizerError.crowdedVocabulary) {
      try Vocabulary(tokens: TestVocabularies.byteTokens + tokens, merges: [])
    }
  }

  /// Runs of one letter, whose merges fall on four places of the table of merges.
  @Test func mergesMadeToCollideAreRefused() {
    let runs = (2...1200).map { String(repeating: "a", count: $0) }
    // A run's id is 254 and its length.
    var merges: [String] = []
    for left in 2...600 {
      for right in 2...600 where merges.count < 1000 {
        let pair = UInt64(left + 254) << 20 | UInt64(right + 254)
        if (pair &* 0x9E37_79B9_7F4A_7C15) >> 32 & 2046 < 8 {
          merges.append("\(runs[left - 2]) \(runs[right - 2])")
        }
      }
    }
    #expect(throws: TokenizerError.crowdedVocabulary) {
      try Vocabulary(tokens: TestVocabularies.byteTokens + runs, merges: merges)
    }
  }

  /// A letter of "a" to "p" for each half byte of a number.
  private func letters(_ number: UInt64) -> UInt64 {
    (0..<8).reduce(0) { $0 | (0x61 + number >> (4 * $1) & 15) << (8 * $1) }
  }

  struct File: Sendable, CustomTestStringConvertible {
    var lines: String
    var special = SpecialTokens.none
    var error: TokenizerError
    var reason: String
    var testDescription: String { reason }
  }

  /// Appended to the lines of the 256 bytes.
  static let files: [File] = [
    File(lines: "YWI=", error: .malformedLine(line: 257), reason: "a line without an id"),
    File(lines: "YWI= ", error: .malformedLine(line: 257), reason: "a line that ends before its id"),
    File(lines: "YWI= x", error: .malformedLine(line: 257), reason: "an id that is no number"),
    File(lines: "YWI= -1", error: .malformedLine(line: 257), reason: "an id below zero"),
    File(lines: "YWI= 1 2", error: .malformedLine(line: 257), reason: "two ids"),
    File(
      lines: "YWI= 99999999999999999999", error: .malformedLine(line: 257), reason: "an id of twenty digits"),
    File(
      lines: "YWI= 4000000000", error: .tokenIDTooLarge(4_000_000_000, limit: (1 << 19) - 1),
      reason: "an id that would need gigabytes"),
    File(lines: "Y 256", error: .malformedLine(line: 257), reason: "base64 of one character"),
    File(lines: "YWI 256", error: .malformedLine(line: 257), reason: "base64 without its padding"),
    File(lines: "YWJ= 256", error: .malformedLine(line: 257), reason: "base64 with bits left over"),
    File(lines: "YW=I 256", error: .malformedLine(line: 257), reason: "padding in the middle"),
    File(lines: "Y*I= 256", error: .malformedLine(line: 257), reason: "a character outside base64"),
    File(lines: "\nYWI=\t256", error: .malformedLine(line: 258), reason: "a tab; empty lines count"),
    File(lines: " 256", error: .emptyToken(256), reason: "a token without bytes"),
    File(lines: "YWI= 255", error: .duplicateTokenID(255), reason: "an id twice"),
    File(
      lines: "YWI= 256\nYWI= 257", error: .duplicateToken(257, sameAs: 256), reason: "the same bytes twice"),
    File(
      lines: "", special: SpecialTokens([("<|a|>", 255)]), error: .specialTokenTaken("<|a|>", 255),
      reason: "a special token with the id of another"),
    File(
      lines: "", special: SpecialTokens([("<|a|>", 256), ("<|b|>", 256)]),
      error: .specialTokenTaken("<|b|>", 256), reason: "two special tokens with one id"),
    File(
      lines: "", special: SpecialTokens([("<|a|>", 256), ("<|a|>", 257)]),
      error: .specialTokenTaken("<|a|>", 257), reason: "two special tokens with one name"),
    File(
      lines: "", special: SpecialTokens([("<|a|>", -1)]), error: .specialTokenTaken("<|a|>", -1),
      reason: "a special token below zero"),
    File(
      lines: "", special: SpecialTokens([("<|a|>", Int.max)]),
      error: .tokenIDTooLarge(Int.max, limit: (1 << 19) - 1), reason: "a special token past every limit"),
    File(
      lines: "", special: SpecialTokens([("", 256)]), error: .emptyToken(256),
      reason: "a special token without a name"),
  ]

  @Test(arguments: files)
  func filesAreRefused(row: File) {
    let contents = TestVocabularies.tiktokenFile([]) + Array(row.lines.utf8)
    #expect(throws: row.error) { try Vocabulary(tiktokenFile: contents, specialTokens: row.special) }
  }

  @Test func filesThatAreNotThereAreRefused() {
    #expect(throws: TokenizerError.unreadableFile(path: "/nowhere/o200k", errorNumber: 2)) {
      try Vocabulary(tiktoken: "/nowhere/o200k")
    }
    #expect(throws: TokenizerError.self) { try Vocabulary(tiktoken: "/") }
  }

  /// Bytes flipped and lines cut at random: an error or a vocabulary, never a crash.
  @Test func filesBrokenAtRandom() throws {
    let whole = TestVocabularies.tiktokenFile([Array("ab".utf8), Array("abc".utf8)])
    var random = RandomSource(seed: 3)
    for _ in 0..<2_000 {
      var contents = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        contents[Int.random(in: contents.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if Bool.random(using: &random) { contents.removeLast(Int.random(in: 0...40, using: &random)) }
      do throws(TokenizerError) {
        let tokenizer = Tokenizer(vocabulary: try Vocabulary(tiktokenFile: contents))
        #expect(try tokenizer.decode(tokenizer.encode("abc é")) == "abc é")
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }
}

import GPTOSSTokenizer
import Testing

/// Tokens to text, at once and one by one. In the small vocabulary tokens 0 to 255 are the bytes.
struct DecodingTests {
  private static let tokenizer = Tokenizer(vocabulary: TestVocabularies.small)

  struct Row: Sendable, CustomTestStringConvertible {
    var bytes: [UInt8]
    var text: String
    var reason: String
    var testDescription: String { reason }
  }

  /// The Unicode Standard, section 3.9, tables 3-8 to 3-11, and what is near them.
  static let rows: [Row] = [
    Row(
      bytes: [0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0xF0, 0x81, 0x82, 0x41], text: "\u{FFFD}*8A", reason: "overlong"),
    Row(
      bytes: [0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xED, 0xAF, 0x41], text: "\u{FFFD}*8A", reason: "surrogates"
    ),
    Row(
      bytes: [0xF4, 0x91, 0x92, 0x93, 0xFF, 0x41, 0x80, 0xBF, 0x42], text: "\u{FFFD}*5A\u{FFFD}*2B",
      reason: "past U+10FFFF, and bytes that start nothing"),
    Row(
      bytes: [0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF, 0x41], text: "\u{FFFD}*4A",
      reason: "characters cut short: one for each"),
    Row(bytes: [0xF0, 0x9F, 0x99], text: "\u{FFFD}*1", reason: "cut at the end"),
    Row(bytes: [0xE4, 0xBD, 0xA0, 0xE4], text: "你\u{FFFD}*1", reason: "a character, then one that is cut"),
    Row(bytes: [0x80, 0x80], text: "\u{FFFD}*2", reason: "two that go on with nothing"),
    Row(bytes: [0xF5, 0x80, 0x80, 0x80], text: "\u{FFFD}*4", reason: "a first byte that there is not"),
    Row(bytes: [0xC2, 0xC2, 0xA9], text: "\u{FFFD}*1©", reason: "a first byte, then a character"),
  ]

  /// Spells out `U+FFFD*n`.
  private static func spelledOut(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let star = rest.firstIndex(of: "*") {
      let count = rest[rest.index(after: star)...].first?.wholeNumberValue ?? 0
      result += rest[..<star].dropLast() + String(repeating: "\u{FFFD}", count: count)
      rest = rest[star...].dropFirst(2)
    }
    return result + rest
  }

  @Test(arguments: rows)
  func whatIsNotUTF8IsReplaced(row: Row) throws {
    let tokens = row.bytes.map(TokenID.init)
    let text = Self.spelledOut(row.text)
    #expect(try Self.tokenizer.decodeReplacingInvalid(tokens) == text)
    #expect(try Self.streamed(tokens).joined() == text)
    #expect(throws: TokenizerError.self) { try Self.tokenizer.decode(tokens) }
  }

  private static func streamed(_ tokens: [TokenID]) throws -> [String] {
    var decoder = StreamingDecoder(vocabulary: TestVocabularies.small)
    var texts = try tokens.map { token in try decoder.push(token) }
    texts.append(decoder.finish())
    #expect(!decoder.isWithinCharacter)
    return texts
  }

  @Test func whereTheTextStopsBeingUTF8() {
    for (bytes, offset) in [
      ([0x41, 0xFF], 1), ([0x41, 0xE4, 0xBD], 1), ([0xE4, 0xBD, 0xA0, 0x80], 3), ([0x80], 0),
    ] {
      #expect(throws: TokenizerError.invalidUTF8(byteOffset: offset)) { try Self.tokenizer.decode(bytes) }
    }
  }

  @Test func tokensThatAreNotThere() throws {
    for token in [-1, 261, Int.max, Int.min] {
      let error = TokenizerError.unknownToken(token, count: 261)
      #expect(throws: error) { try Self.tokenizer.decode([65, token]) }
      #expect(throws: error) { try Self.tokenizer.decodeReplacingInvalid([token]) }
      #expect(throws: error) { try Self.tokenizer.bytes(of: [token, 65]) }
      var decoder = StreamingDecoder(vocabulary: TestVocabularies.small)
      #expect(try decoder.push(257) == "")
      #expect(throws: error) { try decoder.push(token) }
      #expect(try decoder.push(0xA0) == "你", "the decoder is as it was before")
    }
  }

  @Test func aCharacterComesWhole() throws {
    // " 🙂" is 20 F0 9F 99 82: two tokens, of which the first ends within the emoji; then "你".
    #expect(try Self.streamed([256, 258, 257, 0xA0]) == [" ", "🙂 ", "", "你", ""])
    #expect(try Self.streamed([0xF0, 0x9F, 0x99, 0x82]) == ["", "", "", "🙂", ""])
    #expect(
      try Self.streamed([257, 65]) == ["", "\u{FFFD}A", ""], "what cannot become a character does not wait")
    #expect(try Self.streamed([259, 257]) == ["<|a|>", "", "\u{FFFD}"])
  }

  @Test func aDecoderStartsAnew() throws {
    var decoder = StreamingDecoder(vocabulary: TestVocabularies.small)
    #expect(try decoder.push(257) == "")
    #expect(decoder.isWithinCharacter)
    #expect(decoder.finish() == "\u{FFFD}")
    #expect(try decoder.push(65) == "A")
    #expect(decoder.finish() == "")
  }

  /// Whatever the tokens, the parts are the whole, and none of them could have come earlier or later.
  @Test func streamsOfTokensAtRandom() throws {
    var random = RandomSource(seed: 11)
    let likely: [TokenID] = [
      0x41, 0x80, 0x99, 0xA0, 0xC2, 0xE0, 0xE4, 0xED, 0xF0, 0xF4, 0x9F, 256, 257, 258, 259,
    ]
    for _ in 0..<3_000 {
      let tokens = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        Bool.random(using: &random)
          ? likely.randomElement(using: &random) ?? 0 : TokenID.random(in: 0...260, using: &random)
      }
      let parts = try Self.streamed(tokens)
      #expect(try parts.joined() == Self.tokenizer.decodeReplacingInvalid(tokens))
      var decoder = StreamingDecoder(vocabulary: TestVocabularies.small)
      var bytes: [UInt8] = []
      for (token, part) in zip(tokens, parts) {
        #expect(try decoder.push(token) == part)
        bytes += try Self.tokenizer.bytes(of: [token])
        // Up to three bytes wait, and only while they start a character.
        let waiting = (1...3).first { length in
          bytes.count >= length
            && UTF8Sequence.prefix(of: bytes.span, at: bytes.count - length) == .cut(length)
        }
        #expect(decoder.isWithinCharacter == (waiting != nil))
      }
    }
  }

  @Test func textsComeBack() throws {
    var random = RandomSource(seed: 12)
    for _ in 0..<500 {
      let text = String(
        String.UnicodeScalarView(
          (0..<Int.random(in: 0...40, using: &random)).map { _ in
            Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &random)) ?? " "
          }))
      let tokens = Self.tokenizer.encode(text)
      #expect(try Self.tokenizer.decode(tokens).unicodeScalars.elementsEqual(text.unicodeScalars))
      #expect(try Self.streamed(tokens).joined().unicodeScalars.elementsEqual(text.unicodeScalars))
    }
  }
}

import GPTOSSTokenizer
import Testing

/// o200k_harmony itself, where it is there. Tokens are openai-harmony 0.0.8's.
@Suite(.enabled(if: TestVocabularies.realPath != nil, Comment(rawValue: TestVocabularies.realIsMissing)))
struct RealVocabularyTests {
  private static func tokenizer() throws -> Tokenizer {
    Tokenizer(vocabulary: try #require(TestVocabularies.real))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var text: String
    var tokens: [TokenID]
    var special = false
    var testDescription: String { text }
  }

  static let rows: [Row] = [
    Row(text: "Hello, world", tokens: [13225, 11, 2375]),
    Row(text: "  indented\n\n\tcode();", tokens: [220, 1383, 23537, 279, 86873, 4177]),
    Row(text: "don't WE'LL it'ſ", tokens: [91418, 26919, 6, 7454, 480, 6, 70067]),
    Row(
      text: "HTTPServer iPhone naïve ÉCOLE", tokens: [17893, 6444, 575, 7081, 153475, 737, 10055, 8310, 1400]),
    Row(text: "1234567 ½ Ⅷ", tokens: [7633, 19354, 22, 220, 27124, 220, 25371, 100]),
    Row(text: "你好世界。こんにちは한국어", tokens: [177519, 28428, 788, 95839, 114854, 5959]),
    Row(text: "Привет, мир! العربية हिन्दी ไทย", tokens: [23881, 131903, 11, 37934, 0, 33968, 191681, 62720]),
    Row(
      text: "🙂👩\u{200D}👩\u{200D}👧🇯🇵",
      tokens: [37459, 28823, 102, 2524, 28823, 102, 2524, 28823, 100, 55506, 107, 55506, 113]),
    Row(
      text: "e\u{301}\u{308}A ǅungla ʰʲ",
      tokens: [68, 13430, 47565, 32, 220, 131, 227, 988, 1675, 220, 134, 108, 134, 110]),
    Row(
      text: "unbelievably antidisestablishmentarianism",
      tokens: [373, 9880, 153516, 4624, 129901, 376, 160388, 21203, 2367]),
    Row(text: "xqzjkvwpfg", tokens: [87, 80, 89, 73, 27558, 19007, 8836]),
    Row(
      text: "https://example.org/a?b=c#/d\n",
      tokens: [4172, 1684, 18582, 4519, 23839, 30, 65, 43473, 168424, 67, 198]),
    Row(text: "\u{A0}\u{3000}\u{2028}\u{85}x\u{0}", tokens: [5310, 1397, 51008, 126, 227, 87, 188]),
    Row(
      text: "<|start|>user<|message|>Hi<|end|>",
      tokens: [27, 91, 5236, 91, 29, 1428, 27, 91, 3938, 91, 29, 12194, 27, 91, 419, 91, 29]),
    Row(
      text: "supercalifragilisticexpialidocioussupercalifragilisticexpialidocious",
      tokens: [
        17789, 5842, 366, 17764, 311, 6207, 8067, 563, 315, 170661, 17789, 5842, 366, 17764, 311, 6207, 8067,
        563, 315, 170661,
      ]),
    Row(
      text: "<|start|>user<|message|>Hi<|end|><|reserved_201088|>",
      tokens: [200006, 1428, 200008, 12194, 200007, 201088], special: true),
  ]

  @Test(arguments: rows)
  func tokens(of row: Row) throws {
    let tokenizer = try Self.tokenizer()
    #expect(tokenizer.encode(row.text, specialTokens: row.special ? .allowAll : .asText) == row.tokens)
    #expect(try tokenizer.decode(row.tokens) == row.text)
  }

  @Test func everyTokenIsItself() throws {
    let tokenizer = try Self.tokenizer()
    let vocabulary = tokenizer.vocabulary
    #expect(vocabulary.count == 201_089)
    for id in 0..<vocabulary.count {
      let bytes = try #require(vocabulary.bytes(of: id))
      if let name = vocabulary.specialTokenText(id) {
        #expect(vocabulary.specialToken(name) == id && Array(name.utf8) == bytes)
      } else {
        #expect(vocabulary.token(of: bytes) == id)
      }
    }
  }

  /// The lists that GGUF files have: all 446,189 splits of tokens into two, in order of the token they make.
  @Test func theListsOfGGUFFilesAreTheSameVocabulary() throws {
    let vocabulary = try #require(TestVocabularies.real)
    let count = 201_088
    let special = Set(vocabulary.specialTokens.tokens.map(\.id))
    var builder = VocabularyBuilder(tokenTypes: (0..<count).map { special.contains($0) ? 3 : 1 })
    var merges: [String] = []
    for id in 0..<count {
      let bytes = try #require(vocabulary.bytes(of: id))
      let text = special.contains(id) ? String(decoding: bytes, as: UTF8.self) : ByteAlphabet.spell(bytes)
      try builder.append(token: Array(text.utf8).span.bytes)
      if special.contains(id) { continue }
      var splits: [(left: TokenID, right: TokenID)] = []
      for middle in bytes.indices.dropFirst() {
        guard let left = vocabulary.token(of: Array(bytes[..<middle])),
          let right = vocabulary.token(of: Array(bytes[middle...]))
        else { continue }
        splits.append((left, right))
      }
      for split in splits.sorted(by: { $0 < $1 }) {
        let (left, right) = (vocabulary.bytes(of: split.left), vocabulary.bytes(of: split.right))
        merges.append("\(ByteAlphabet.spell(left ?? [])) \(ByteAlphabet.spell(right ?? []))")
      }
    }
    #expect(merges.count == 446_189)
    for merge in merges { try builder.append(merge: Array(merge.utf8).span.bytes) }
    let fromLists = Tokenizer(vocabulary: try builder.finish())
    #expect(fromLists.vocabulary.count == count)
    #expect(fromLists.vocabulary.specialToken("<|return|>") == 200_002)

    let tokenizer = try Self.tokenizer()
    var random = RandomSource(seed: 21)
    for _ in 0..<400 {
      let text = Self.text(&random)
      let tokens = tokenizer.encode(text)
      #expect(fromLists.encode(text) == tokens)
      #expect(try tokenizer.decode(tokens) == text)
    }
  }

  private static func text(_ random: inout RandomSource) -> String {
    let alphabets = [
      Array("abcdefghijklmnopqrstuvwxyz"), Array("etaoin shrdlu"), Array("привет мир"), Array("的一是在不了有和人这"),
      Array("{}()=;\n  ifvar"), Array("🙂👩‍👩‍👧é\u{301}ไทย"),
    ]
    let alphabet = alphabets.randomElement(using: &random) ?? []
    let length = [3, 10, 60, 70, 400].randomElement(using: &random) ?? 10
    return String((0..<length).map { _ in alphabet.randomElement(using: &random) ?? " " })
  }

  /// Runs that one piece holds: all of them end, and keep their bytes.
  @Test(arguments: ["a", "ab", " ", "\n", "é", "中", "!", "A中", " \n", "1"])
  func longRuns(unit: String) throws {
    let tokenizer = try Self.tokenizer()
    let text = String(repeating: unit, count: 200_000)
    #expect(try tokenizer.decode(tokenizer.encode(text)) == text)
  }
}

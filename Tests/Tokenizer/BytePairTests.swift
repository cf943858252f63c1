import GPTOSSTokenizer
import Testing

/// The fast merging against the plain definition, on vocabularies made at random.
///
/// Texts are of small letters, so that each is one piece, and both sides of every length at which the way of
/// merging changes.
struct BytePairTests {
  private static let lengths = [1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 48, 63, 64, 65, 66, 100, 300]

  private static func text(_ random: inout RandomSource, _ length: Int, _ alphabet: [UInt8]) -> [UInt8] {
    (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 0x61 }
  }

  /// Tokens in an order that no training gives, many of them out of reach of any merge.
  private static func anyTokens(_ random: inout RandomSource, alphabet: [UInt8]) -> [[UInt8]] {
    let lengths = [2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7, 9, 12, 70]
    let tokens = (0..<200).map { _ in
      text(&random, lengths.randomElement(using: &random) ?? 2, alphabet)
    }
    return Array(Set(tokens)).sorted { $0.lexicographicallyPrecedes($1) }.shuffled(using: &random)
  }

  @Test(arguments: 0..<30)
  func tiktokenVocabulariesMergeByTokenID(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let alphabet = Array([Array("ab".utf8), Array("abc".utf8), Array("abcdef".utf8)][seed % 3])
    let tokens = Self.anyTokens(&random, alphabet: alphabet)
    let vocabulary = try Vocabulary(
      tiktokenFile: TestVocabularies.tiktokenFile(tokens), specialTokens: .none)
    let tokenizer = Tokenizer(vocabulary: vocabulary)
    var ids: [[UInt8]: Int] = [:]
    for byte in UInt8.min...UInt8.max { ids[[byte]] = Int(byte) }
    for (index, token) in tokens.enumerated() { ids[token] = 256 + index }
    for length in Self.lengths {
      let text = Self.text(&random, length, alphabet)
      let encoded = tokenizer.encode(String(decoding: text, as: UTF8.self))
      #expect(encoded == NaiveBytePairs.encode(text, ids: ids))
    }
    for token in tokens {
      let id = try #require(ids[token])
      #expect(tokenizer.encode(String(decoding: token, as: UTF8.self)) == [id])
    }
  }

  @Test(arguments: 0..<30)
  func oneMergePerTokenMergesByPlaceInTheList(seed: Int) throws {
    var random = RandomSource(seed: 1000 + UInt64(seed))
    let alphabet = Array("abc".utf8)
    // Merge any two tokens that there are; sometimes tokens come in another order than the merges.
    var tokens = alphabet.map { [$0] }
    var merges: [([UInt8], [UInt8])] = []
    while merges.count < 60 {
      let left = tokens.randomElement(using: &random) ?? []
      let right = tokens.randomElement(using: &random) ?? []
      if left.count + right.count > 9 || tokens.contains(left + right) { continue }
      merges.append((left, right))
      tokens.append(left + right)
    }
    if seed % 3 == 0 { merges.shuffle(using: &random) }
    var listed = Array(tokens.dropFirst(alphabet.count))
    if seed % 2 == 0 { listed.shuffle(using: &random) }
    let vocabulary = try Vocabulary(
      tokens: TestVocabularies.byteTokens + listed.map { ByteAlphabet.spell($0) },
      merges: merges.map { "\(ByteAlphabet.spell($0.0)) \(ByteAlphabet.spell($0.1))" })
    let tokenizer = Tokenizer(vocabulary: vocabulary)
    var ids: [[UInt8]: Int] = [:]
    for byte in UInt8.min...UInt8.max { ids[[byte]] = Int(byte) }
    for (index, token) in listed.enumerated() { ids[token] = 256 + index }
    let texts = Self.lengths.map { Self.text(&random, $0, alphabet) } + listed
    for text in texts {
      let expected = NaiveBytePairs.encode(text, ids: ids, merges: merges)
      #expect(tokenizer.encode(String(decoding: text, as: UTF8.self)) == expected)
    }
  }

  @Test func aListOfAllSplitsIsTheTiktokenVocabulary() throws {
    // "abc" splits as "ab c" and "a bc": consecutive merges of one rank. By the list alone "ab c" would come
    // before "a bc"; both make the same token, so the leftmost merges first.
    let tokens = ["ab", "bc", "abc", "ca", "bcab", "abcab"]
    let merges = ["a b", "b c", "ab c", "a bc", "c a", "bc ab", "abc ab", "a bcab"]
    let fromLists = Tokenizer(
      vocabulary: try Vocabulary(tokens: TestVocabularies.byteTokens + tokens, merges: merges))
    let fromTiktoken = Tokenizer(vocabulary: try TestVocabularies.tiktoken(tokens))
    var random = RandomSource(seed: 5)
    for length in 1..<40 {
      let text = String(decoding: Self.text(&random, length, Array("abc".utf8)), as: UTF8.self)
      #expect(fromLists.encode(text) == fromTiktoken.encode(text), "\(text)")
    }
  }

  @Test func aTokenThatItsMergesDoNotReachIsForTiktokenAlone() throws {
    // "xyz" has no merge: HF's tokenizers never make it, tiktoken takes it where it is a whole piece.
    let fromLists = try Vocabulary(tokens: TestVocabularies.byteTokens + ["xy", "xyz"], merges: ["x y"])
    #expect(Tokenizer(vocabulary: fromLists).encode("xyz") == [256, Int(UInt8(ascii: "z"))])
    let fromTiktoken = try TestVocabularies.tiktoken(["yy", "xyz"])
    #expect(Tokenizer(vocabulary: fromTiktoken).encode("xyz") == [257])
    #expect(Tokenizer(vocabulary: fromTiktoken).encode("xyzx") == Array("xyzx".utf8).map(Int.init))
  }

  /// Time grows with the length times its logarithm. In quadratic time a million bytes would take far longer
  /// than the limit.
  @Test(.timeLimit(.minutes(1)), arguments: [1, 2_000, 100_000, 1_000_000])
  func longPiecesKeepTheirBytes(length: Int) throws {
    let tokenizer = Tokenizer(vocabulary: try TestVocabularies.tiktoken(["aa", "aaaa", "ab", "  ", "    "]))
    for unit in ["a", "ab", " ", "\n", "é", "!"] {
      let text = String(repeating: unit, count: length)
      #expect(try tokenizer.decode(tokenizer.encode(text)) == text)
    }
  }
}

import GPTOSSTokenizer
import Testing

/// Vocabularies as they should be: what is in them, and how tokens are found.
struct VocabularyTests {
  @Test func aTiktokenFile() throws {
    let vocabulary = try TestVocabularies.tiktoken(["ab", "abc"], special: SpecialTokens([("<|end|>", 300)]))
    #expect(vocabulary.count == 301)
    #expect(vocabulary.bytes(of: 257) == Array("abc".utf8))
    #expect(vocabulary.token(of: Array("abc".utf8)) == 257)
    #expect(vocabulary.token(of: Array("abcd".utf8)) == nil)
    #expect(vocabulary.token(of: []) == nil)
    #expect(vocabulary.specialToken("<|end|>") == 300)
    #expect(vocabulary.specialToken("<|end|") == nil)
    #expect(vocabulary.specialToken("<|end|>>") == nil)
    #expect(vocabulary.specialToken("") == nil)
    #expect(vocabulary.specialTokenText(300) == "<|end|>")
    #expect(vocabulary.bytes(of: 300) == Array("<|end|>".utf8))
    #expect(vocabulary.token(of: Array("<|end|>".utf8)) == nil, "no text becomes a special token")
    for gap in [258, 299, 301, -1, Int.max, Int.min] {
      #expect(vocabulary.bytes(of: gap) == nil)
      #expect(vocabulary.specialTokenText(gap) == nil)
    }
  }

  @Test func linesInAnyOrderEndingInAnyWay() throws {
    var lines = TestVocabularies.tiktokenFile([Array("ab".utf8)]).split(separator: UInt8(ascii: "\n"))
    lines.reverse()
    let text = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\r\n\n")
    let vocabulary = try Vocabulary(tiktokenFile: Array(text.utf8), specialTokens: .none)
    #expect(vocabulary.count == 257)
    #expect(Tokenizer(vocabulary: vocabulary).encode("cab") == [99, 256])
  }

  @Test func listsOfEveryTokenType() throws {
    let tokens =
      TestVocabularies.byteTokens.dropLast() + ["<0xFF>", "Ġa", "<|end|>", "<user>", "unused é", "<unk>"]
    var types = [Int32](repeating: 1, count: 255)
    types += [6, 1, 3, 4, 5, 2]
    let vocabulary = try Vocabulary(tokens: Array(tokens), tokenTypes: types, merges: ["Ġ a"])
    #expect(vocabulary.count == 261)
    #expect(vocabulary.bytes(of: 255) == [0xFF], "a byte by its name")
    #expect(vocabulary.bytes(of: 256) == Array(" a".utf8), "an ordinary token, in the byte alphabet")
    #expect(vocabulary.bytes(of: 259) == Array("unused é".utf8), "an unused one as it stands")
    #expect(vocabulary.specialTokens.tokens.map(\.id) == [257, 258, 260])
    let tokenizer = Tokenizer(vocabulary: vocabulary)
    #expect(tokenizer.encode(" a") == [256])
    #expect(tokenizer.encode("a<user><unk>", specialTokens: .allowAll) == [97, 258, 260])
  }

  @Test func theByteAlphabet() {
    #expect(ByteAlphabet.spell(Array(" \nA\u{7F}é".utf8)) == "ĠĊAġÃ©")
    #expect(Set(TestVocabularies.byteTokens).count == 256)
    #expect(TestVocabularies.byteTokens.allSatisfy { $0.unicodeScalars.count == 1 })
  }

  @Test func harmonysSpecialTokens() {
    let tokens = SpecialTokens.o200kHarmony.tokens
    #expect(tokens.map(\.id) == Array(199_998...201_088))
    let named = tokens.filter { !$0.text.hasPrefix("<|reserved_") }
    #expect(
      named.map(\.text) == [
        "<|startoftext|>", "<|endoftext|>", "<|return|>", "<|constrain|>", "<|channel|>", "<|start|>",
        "<|end|>",
        "<|message|>", "<|call|>",
      ])
    #expect(
      named.map(\.id) == [
        199_998, 199_999, 200_002, 200_003, 200_005, 200_006, 200_007, 200_008, 200_012,
      ])
    #expect(
      tokens.allSatisfy { id in !id.text.hasPrefix("<|reserved_") || id.text == "<|reserved_\(id.id)|>" })
  }
}

import Foundation
import GGUF
import GPTOSS
import GPTOSSHarmony
import GPTOSSSynthesis
import GPTOSSTokenizer
import Testing

struct SyntheticVocabularyTests {
  @Test func theBuiltInOneReadsAnyText() throws {
    let metadata = SyntheticModel(shape: .tiny).metadata
    let tokenizer = Tokenizer(vocabulary: try Vocabulary(metadata: metadata))
    #expect(tokenizer.vocabulary.count == 352)
    for text in ["the token that is in it", "Grüße, 世界 🙂", "\u{0}\n\t", ""] {
      #expect(try tokenizer.decode(tokenizer.encode(text)) == text)
    }
    #expect(tokenizer.encode(" the and").count == 2, "two of the merges")
    #expect(try HarmonyEncoding(tokenizer: tokenizer).stopTokens.count == 2)
  }

  @Test func aTrueShapeIsFilledUp() throws {
    let metadata = SyntheticModel(shape: .gptOSS20B).metadata
    #expect(try metadata.strings("tokenizer.ggml.tokens").count == 201_088)
    let vocabulary = try Vocabulary(metadata: metadata)
    #expect(vocabulary.specialToken("<|unused_201087|>") == nil, "unused tokens are not special")
    #expect(vocabulary.specialToken("<|start|>") != nil)
  }

  /// All bytes, then "ab" = 256, "abc" = 257, "bc" = 258, "abab" = 259.
  @Test func mergesAreAllSplitsIntoTwoTokens() throws {
    var lines = (0...255).map { "\(Data([UInt8($0)]).base64EncodedString()) \($0)" }
    for (text, id) in [("ab", 256), ("abc", 257), ("bc", 258), ("abab", 259)] {
      lines.append("\(Data(text.utf8).base64EncodedString()) \(id)")
    }
    let metadata = try model(lines).metadata
    let merges = try metadata.strings("tokenizer.ggml.merges").map(\.description)
    // "abc" is a + bc (97, 258) or ab + c (256, 99): the lower left id comes first.
    #expect(merges == ["a b", "a bc", "ab c", "b c", "ab ab"])
    #expect(try metadata.strings("tokenizer.ggml.tokens")[256].description == "ab")
    #expect(try metadata.integer("tokenizer.ggml.eos_token_id") == 262, "the third special token after 260")
  }

  @Test func idsThatTheFileLeavesOutAreReserved() throws {
    let lines = (0...255).map { "\(Data([UInt8($0)]).base64EncodedString()) \($0 == 255 ? 300 : $0)" }
    let metadata = try model(lines).metadata
    #expect(try metadata.strings("tokenizer.ggml.tokens")[299].description == "<|reserved_299|>")
    #expect(try metadata.elements("tokenizer.ggml.token_type", as: Int32.self)[298...301] == [3, 3, 1, 3])
    #expect(try Vocabulary(metadata: metadata).token(of: [255]) == 300)
  }

  @Test func malformedFiles() throws {
    #expect(throws: TokenizerError.malformedLine(line: 1)) { try model(["AA=="]) }
    #expect(throws: TokenizerError.missingByteToken(0)) { try model(["AQ== 0"]) }
  }

  private func model(_ lines: [String]) throws -> SyntheticModel {
    let path = FileManager.default.temporaryDirectory.appending(path: "vocabulary-\(UUID()).tiktoken").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return SyntheticModel(shape: .tiny, vocabulary: try SyntheticVocabulary(tiktoken: path))
  }
}

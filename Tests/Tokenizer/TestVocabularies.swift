import Foundation
import GPTOSSTokenizer

/// A seeded source of numbers (SplitMix64), so that every run of the tests makes the same ones.
struct RandomSource: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Vocabularies that need no file.
enum TestVocabularies {
  /// The tokens 0 … 255 of a GGUF file: the bytes, in its alphabet.
  static let byteTokens = (UInt8.min...UInt8.max).map { ByteAlphabet.spell([$0]) }

  /// The contents of a .tiktoken file with the bytes as 0 … 255 and these tokens from 256 on.
  static func tiktokenFile(_ tokens: [[UInt8]]) -> [UInt8] {
    let all = (UInt8.min...UInt8.max).map { [$0] } + tokens
    return all.enumerated().flatMap { id, bytes in
      Array("\(Data(bytes).base64EncodedString()) \(id)\n".utf8)
    }
  }

  static func tiktoken(_ tokens: [String], special: SpecialTokens = .none) throws -> Vocabulary {
    try Vocabulary(tiktokenFile: tiktokenFile(tokens.map { Array($0.utf8) }), specialTokens: special)
  }

  /// Bytes, a few tokens that end within a character, and the special tokens 259 and 260.
  static let small: Vocabulary = {
    do {
      let tokens: [[UInt8]] = [[0x20, 0xF0, 0x9F], [0xE4, 0xBD], [0x99, 0x82, 0x20]]
      return try Vocabulary(
        tiktokenFile: tiktokenFile(tokens), specialTokens: SpecialTokens([("<|a|>", 259), ("<|a|>b", 260)]))
    } catch { fatalError("the small vocabulary is broken: \(error)") }
  }()

  /// Why tests with the real vocabulary do not run.
  static let realIsMissing = "no o200k_base.tiktoken in $GPTOSS_SHARED/data or ../shared/data: skipped"

  static let realPath: String? = {
    let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["GPTOSS_SHARED"].map { URL(filePath: $0) }
      ?? repository.appending(path: "../shared")
    let path = shared.appending(path: "data/o200k_base.tiktoken").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  /// o200k_harmony, where it is.
  static let real: Vocabulary? = {
    do {
      return try realPath.map { try Vocabulary(tiktoken: $0) }
    } catch { fatalError("\(realPath ?? "") cannot be read: \(error)") }
  }()
}

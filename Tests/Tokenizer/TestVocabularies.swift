import GPTOSSPlatform
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
      Array("\(base64(bytes)) \(id)\n".utf8)
    }
  }

  /// RFC 4648.
  private static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for first in stride(from: 0, to: bytes.count, by: 3) {
      let three = (first..<first + 3).map { $0 < bytes.count ? Int(bytes[$0]) : 0 }
      let bits = three[0] << 16 | three[1] << 8 | three[2]
      for digit in 0..<4 {
        text.append(first + digit <= bytes.count ? alphabet[bits >> (18 - 6 * digit) & 63] : "=")
      }
    }
    return text
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
    let beside = #filePath.replacing("Tests/Tokenizer/TestVocabularies.swift", with: "../shared")
    let shared = getenv("GPTOSS_SHARED").map { String(cString: $0) } ?? beside
    let path = shared + "/data/o200k_base.tiktoken"
    return access(path, R_OK) == 0 ? path : nil
  }()

  /// o200k_harmony, where it is.
  static let real: Vocabulary? = {
    do {
      return try realPath.map { try Vocabulary(tiktoken: $0) }
    } catch { fatalError("\(realPath ?? "") cannot be read: \(error)") }
  }()
}

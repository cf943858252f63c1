import Foundation
import GPTOSSHarmony
import GPTOSSTokenizer
import Testing

/// The encodings that the tests run with.
///
/// The small one has a token for each byte, two that end within a character, and the special tokens,
/// so every test of texts runs without the real vocabulary. Where that is there, they run with both.
enum TestEncoding {
  /// Tokens 0 … 255 are the bytes; 256 is ` F0 9F` behind a space and 257 is `E4 BD`.
  static let small: HarmonyEncoding = {
    do {
      var types = [Int32](repeating: 6, count: 256)
      var tokens = (0..<256).map { byte in Array("<0x\(hexadecimal(byte))>".utf8) }
      for bytes in [[0x20, 0xF0, 0x9F], [0xE4, 0xBD]] as [[UInt8]] {
        tokens.append(bytes)
        types.append(5)
      }
      let names = Marker.allCases.map(\.rawValue) + ["<|endoftext|>", "<|reserved_200013|>"]
      for name in names {
        tokens.append(Array(name.utf8))
        types.append(3)
      }
      var builder = VocabularyBuilder(tokenTypes: types)
      for token in tokens { try builder.append(token: token.span.bytes) }
      return try HarmonyEncoding(tokenizer: Tokenizer(vocabulary: try builder.finish()))
    } catch {
      fatalError("the small vocabulary is broken: \(error)")
    }
  }()

  /// o200k_harmony, from the folder that `GPTOSS_SHARED` names or `../shared` beside the repository.
  static let real: HarmonyEncoding? = {
    guard let path = realVocabularyPath else { return nil }
    do {
      return try HarmonyEncoding(tokenizer: Tokenizer(vocabulary: try Vocabulary(tiktoken: path)))
    } catch {
      fatalError("\(path) cannot be read: \(error)")
    }
  }()

  /// The encodings that are there.
  static let all: [Named] =
    [Named(name: "bytes", encoding: small)] + (real.map { [Named(name: "o200k", encoding: $0)] } ?? [])

  /// Why tests of real token ids do not run.
  static let realIsMissing = "no o200k_base.tiktoken in $GPTOSS_SHARED/data or ../shared/data: skipped"

  static var realVocabularyPath: String? {
    let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["GPTOSS_SHARED"].map { URL(filePath: $0) }
      ?? repository.appending(path: "../shared")
    let path = shared.appending(path: "data/o200k_base.tiktoken").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  private static func hexadecimal(_ byte: Int) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }

  struct Named: CustomTestStringConvertible, Sendable {
    let name: String
    let encoding: HarmonyEncoding
    var testDescription: String { name }
  }
}

extension HarmonyEncoding {
  /// The tokens of text in which special tokens are spelled out.
  func tokens(spelled text: String) -> [TokenID] { tokenizer.encode(text, specialTokens: .allowAll) }

  /// The text of tokens, special tokens spelled out.
  func spelling(of tokens: [TokenID]) throws -> String { try tokenizer.decodeReplacingInvalid(tokens) }
}

extension StreamingParser {
  /// Takes all tokens and the end of the input, and returns the deltas.
  mutating func run(_ tokens: [TokenID], finishing: Bool = true) throws -> [String] {
    var deltas: [String] = []
    for token in tokens {
      try process(token)
      if let delta { deltas.append(delta) }
    }
    if finishing {
      try finish()
      if let delta { deltas.append(delta) }
    }
    return deltas
  }
}

/// xorshift64*: the same numbers on every machine.
struct RepeatableGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed | 1 << 63 }

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

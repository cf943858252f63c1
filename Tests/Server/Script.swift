import GPTOSS
import GPTOSSHarmony
import GPTOSSServer
import GPTOSSTokenizer

extension GenerationStatistics {
  /// Figures of a scripted answer.
  static func scripted(_ reason: StopReason = .stopToken, tokens: Int = 9) -> GenerationStatistics {
    GenerationStatistics(
      promptTokens: 20, cachedTokens: 5, generatedTokens: tokens, stopReason: reason, seed: 1)
  }
}

extension ResponseEvent {
  /// The end of a scripted answer.
  static func end(_ reason: StopReason = .stopToken, tokens: Int = 9) -> ResponseEvent {
    .finished(
      Response(
        messages: [], tokens: [], repairs: [], rounds: 1, statistics: .scripted(reason, tokens: tokens)))
  }

  /// A call as the engine tells it, its arguments in two pieces.
  static func call(_ index: Int, _ name: String, _ arguments: String) -> [ResponseEvent] {
    let half = arguments.index(arguments.startIndex, offsetBy: arguments.count / 2)
    return [
      .toolCallStarted(index: index, name: "functions.\(name)"),
      .toolCallArguments(index: index, String(arguments[..<half])),
      .toolCallArguments(index: index, String(arguments[half...])),
      .toolCall(index: index, ToolCall(recipient: "functions.\(name)", content: arguments)),
    ]
  }
}

extension Identifiers {
  /// Ids without chance: the prefix alone.
  static let plain = Identifiers { $0 + "0" }
}

extension Tokenizer {
  /// A tokenizer whose tokens are the 256 bytes.
  static var bytes: Tokenizer {
    get throws {
      let tokens = (UInt8.min...UInt8.max).map { ByteAlphabet.spell([$0]) }
      return Tokenizer(vocabulary: try Vocabulary(tokens: tokens, merges: []))
    }
  }
}

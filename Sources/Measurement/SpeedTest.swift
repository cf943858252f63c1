import GGUF
package import GPTOSS
import GPTOSSModel
import GPTOSSSampling
import GPTOSSTokenizer

/// One speed of a model: how many tokens per second it reads together, or generates one by one.
///
/// A measurement reads random tokens, and generates greedily. Load the model with a `cacheByteLimit` of 0:
/// otherwise it remembers the prompt of the measurement before.
package struct SpeedTest: Hashable, Sendable {
  /// What is timed.
  package enum Stage: String, Sendable {
    /// Tokens that are read together.
    case prefill
    /// Tokens that are generated, one after the other.
    case decode
  }

  package let stage: Stage
  /// How many tokens are timed, at least 1.
  package let tokenCount: Int
  /// How many tokens the sequence already holds, at least 0.
  package let depth: Int

  /// - Precondition: there is a token.
  package init(_ stage: Stage, tokenCount: Int, depth: Int = 0) {
    precondition(tokenCount >= 1 && depth >= 0)
    (self.stage, self.tokenCount, self.depth) = (stage, tokenCount, depth)
  }

  /// The tokens of the sequence that are not timed: of a decode one at least, whose logits give the first.
  private var untimedCount: Int {
    switch stage {
    case .prefill: depth
    case .decode: max(depth, 1)
    }
  }

  /// Refuses what a sequence has no room for.
  ///
  /// - Throws: `GPTOSSError.model(.contextFull)`.
  package func check(contextLength: Int) throws(GPTOSSError) {
    let (needed, overflows) = untimedCount.addingReportingOverflow(tokenCount)
    guard !overflows, needed <= contextLength else {
      throw .model(.contextFull(needed: overflows ? .max : needed, limit: contextLength))
    }
  }

  /// Measures once.
  ///
  /// - Returns: tokens per second.
  /// - Throws: `GPTOSSError`, for more tokens than the context holds too; `CancellationError`.
  package func tokensPerSecond(of model: LanguageModel) async throws -> Double {
    try check(contextLength: model.configuration.contextLength)
    switch stage {
    case .prefill: return try await prefillRate(of: model)
    case .decode: return try await decodeRate(of: model)
    }
  }

  /// Reads `depth + tokenCount` tokens and times those after the depth, where they are read: when an event
  /// arrives says how busy the machine is.
  private func prefillRate(of model: LanguageModel) async throws -> Double {
    var options = GenerationOptions(maximumTokens: 0)
    options.passEnd = depth
    let prompt = Self.randomTokens(depth + tokenCount, model)
    for try await event in model.generate(from: prompt, options: options) {
      guard case .finished(_, let statistics) = event else { continue }
      let time = statistics.prefillTime - (statistics.passEndTime ?? .zero)
      return Double(tokenCount) / (time / .seconds(1))
    }
    throw CancellationError()
  }

  /// Generates `tokenCount` tokens and one before them, whose time belongs to prefill.
  private func decodeRate(of model: LanguageModel) async throws -> Double {
    let options = GenerationOptions(
      temperature: 0, maximumTokens: tokenCount + 1, stopTokens: [], loopGuard: nil, lookahead: .off)
    let prompt = Self.randomTokens(untimedCount, model)
    for try await event in model.generate(from: prompt, options: options) {
      if case .finished(_, let statistics) = event { return statistics.decodeTokensPerSecond }
    }
    throw CancellationError()
  }

  private static func randomTokens(_ count: Int, _ model: LanguageModel) -> [TokenID] {
    var random = Xoshiro256PlusPlus(seed: 1)
    return (0..<count).map { _ in Int(random.next() % UInt64(model.tokenizer.vocabulary.count)) }
  }
}

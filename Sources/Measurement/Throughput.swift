import GGUF
package import GPTOSS
import GPTOSSSampling
import GPTOSSTokenizer

/// How many tokens per second a model reads and writes.
///
/// Each measurement reads random tokens, and generates greedily. Load the model with a `cacheByteLimit` of 0:
/// otherwise it remembers the prompt of the measurement before.
package struct Throughput: Sendable {
  /// How many tokens are read to measure prefill, after `depth` others.
  package var prefillCount: Int
  /// How many tokens are generated to measure decode, after `depth` others.
  package var decodeCount: Int
  /// How many tokens the sequence already holds when a measurement begins.
  package var depth: Int

  package init(prefillCount: Int, decodeCount: Int, depth: Int = 0) {
    (self.prefillCount, self.decodeCount, self.depth) = (prefillCount, decodeCount, depth)
  }

  /// Reads `depth + prefillCount` tokens and times those after the depth.
  ///
  /// - Returns: tokens per second.
  /// - Throws: `GPTOSSError`; `CancellationError`.
  package func measurePrefill(of model: LanguageModel) async throws -> Double {
    let clock = ContinuousClock()
    var (start, counted) = (clock.now, prefillCount)
    var end = start
    let prompt = Self.randomTokens(depth + prefillCount, model)
    for try await event in model.generate(from: prompt, options: GenerationOptions(maximumTokens: 0)) {
      guard case .prompt(let read, let total) = event else { continue }
      end = clock.now
      // A pass may read across the depth. What is counted begins after that pass.
      if depth > 0, read >= depth, counted == prefillCount, read < total {
        (start, counted) = (end, total - read)
      }
    }
    try Task.checkCancellation()
    return Double(counted) / ((end - start) / .seconds(1))
  }

  /// Generates `decodeCount` tokens after `depth` others and one more, whose time belongs to prefill.
  ///
  /// - Returns: tokens per second.
  /// - Throws: `GPTOSSError`; `CancellationError`.
  package func measureDecode(of model: LanguageModel) async throws -> Double {
    let options = GenerationOptions(
      temperature: 0, maximumTokens: decodeCount + 1, stopTokens: [], loopGuard: nil, lookahead: .off)
    let prompt = Self.randomTokens(max(depth, 1), model)
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

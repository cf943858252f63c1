import Foundation
import GPTOSS
import GPTOSSMeasurement
import GPTOSSPlatform
import GPTOSSSampling
import GPTOSSTokenizer
import Testing

/// Perplexity and its error, by hand and beside a plain computation.
struct PerplexityTests {
  @Test func theSameProbabilityEverywhereIsItsInverseWithoutError() {
    var perplexity = Perplexity()
    for _ in 0..<10 { perplexity.add(logProbability: log(0.25)) }
    #expect(perplexity.tokenCount == 10)
    #expect(abs(perplexity.value - 4) < 1e-12)
    #expect(perplexity.standardError < 1e-12)
  }

  /// −ln p of 1, 2 and 6: the mean is 3, the variance (4 + 1 + 9) / 2 = 7.
  @Test func theErrorIsThatOfTheMean() {
    var perplexity = Perplexity()
    for value in [1.0, 2, 6] { perplexity.add(logProbability: -value) }
    #expect(abs(perplexity.meanNegativeLogLikelihood - 3) < 1e-12)
    #expect(abs(perplexity.standardError - exp(3) * (7.0 / 3).squareRoot()) < 1e-9)
  }

  @Test func oneTokenHasNoError() {
    var perplexity = Perplexity()
    perplexity.add(logProbability: -1)
    #expect(perplexity.standardError == 0)
  }

  /// Each window stands alone, and its first token is not predicted.
  @Test(arguments: [(40, 64, 39), (40, 40, 39), (40, 16, 37), (41, 40, 39), (42, 40, 40), (2, 2, 1)])
  func windows(_ count: Int, _ window: Int, _ predicted: Int) async throws {
    let model = try await TinyModel.load()
    let tokens = (0..<count).map { $0 * 7 % 320 }
    var read: [Int] = []
    let perplexity = try await model.perplexity(of: tokens, window: window) { read.append($0) }
    #expect(perplexity.tokenCount == predicted)
    #expect(read == read.sorted())

    let sum = Locked(0.0)
    for start in stride(from: 0, to: count, by: window) {
      let piece = Array(tokens[start..<min(start + window, count)])
      try await model.withLogits(of: piece, at: 0..<piece.count) { position, logits in
        guard position + 1 < piece.count else { return }
        var logProbabilities = LogProbabilities()
        let value = logProbabilities.logProbability(of: piece[position + 1], in: logits)
        sum.withLock { $0 -= value }
      }
    }
    let mean = sum.withLock { $0 } / Double(predicted)
    #expect(abs(perplexity.meanNegativeLogLikelihood - mean) < 1e-9)
  }

  @Test func unknownTokensAreRefused() async throws {
    let model = try await TinyModel.load()
    await #expect(throws: GPTOSSError.self) { try await model.perplexity(of: [1, 352], window: 8) }
  }
}

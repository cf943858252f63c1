import Foundation
package import GPTOSS
import GPTOSSSampling
package import GPTOSSTokenizer
import Synchronization

/// How well a model predicts a text.
///
///     perplexity = e^mean(−ln p)
///
/// p is the probability that the model gave to a token, with the tokens before it known.
package struct Perplexity: Sendable, Equatable {
  /// How many tokens were predicted.
  package private(set) var tokenCount = 0
  /// The mean of −ln p.
  package private(set) var meanNegativeLogLikelihood = 0.0
  /// The sum of squared distances from the mean (Welford 1962).
  private var squares = 0.0

  /// Nothing predicted yet.
  package init() {}

  /// Counts one more token.
  ///
  /// - Parameter logProbability: ln p, at most 0.
  package mutating func add(logProbability: Double) {
    tokenCount += 1
    let distance = -logProbability - meanNegativeLogLikelihood
    meanNegativeLogLikelihood += distance / Double(tokenCount)
    squares += distance * (-logProbability - meanNegativeLogLikelihood)
  }

  /// The perplexity: 1 for a perfect prediction, the vocabulary's size for one that knows nothing.
  package var value: Double { exp(meanNegativeLogLikelihood) }

  /// The standard error of the mean, times the perplexity.
  package var standardError: Double {
    let variance = tokenCount > 1 ? squares / Double(tokenCount - 1) : 0
    return value * (variance / Double(tokenCount)).squareRoot()
  }
}

extension LanguageModel {
  /// Measures how well this model predicts a text.
  ///
  /// The text is cut into windows, each read without the ones before it. Every token counts but the first of
  /// a window, which nothing predicts.
  ///
  /// - Parameters:
  ///   - tokens: the text, at least two tokens.
  ///   - window: how many tokens are read together, from 2 to the model's context length.
  ///   - progress: is told how many tokens have been read, after each window.
  /// - Throws: `GPTOSSError` for ids outside the vocabulary; `CancellationError`.
  /// - Precondition: there are two tokens, and the window fits the context.
  package func perplexity(
    of tokens: [TokenID], window: Int, progress: (_ read: Int) -> Void = { _ in }
  ) async throws -> Perplexity {
    precondition(tokens.count > 1 && window > 1)
    let score = Score()
    for start in stride(from: 0, to: tokens.count - 1, by: window) {
      let piece = Array(tokens[start..<min(start + window, tokens.count)])
      try await withLogits(of: piece, at: 0..<piece.count - 1) { position, logits in
        score.add(piece[position + 1], logits)
      }
      progress(start + piece.count)
    }
    return score.perplexity
  }
}

/// The perplexity so far, and the storage for computing it: added to on the model's thread.
private final class Score: Sendable {
  private let state = Mutex((perplexity: Perplexity(), logProbabilities: LogProbabilities()))

  var perplexity: Perplexity { state.withLock(\.perplexity) }

  func add(_ token: TokenID, _ logits: Span<Float>) {
    state.withLock { state in
      state.perplexity.add(logProbability: state.logProbabilities.logProbability(of: token, in: logits))
    }
  }
}

import GPTOSSPlatform

/// A token and the natural logarithm of its probability.
public struct TokenLogProbability: Sendable, Equatable {
  /// The token's id.
  public let token: Int
  /// ln p, at most 0; −∞ for a token that cannot occur.
  public let logProbability: Double

  /// A token with its log-probability.
  public init(token: Int, logProbability: Double) {
    self.token = token
    self.logProbability = logProbability
  }
}

/// Log-probabilities under the model's own distribution: before masks, penalties, filters and temperature.
///
///     ln p(token) = logit(token) − ln Σ e^logit
///
/// NaN counts as −∞, as in `Sampler`. Keep one instance and use it for every token: its storage is reused.
public struct LogProbabilities: Sendable {
  private var candidates = Candidates()

  /// An instance without storage; the first call allocates it.
  public init() {}

  /// The log-probability of one token.
  ///
  /// - Parameters:
  ///   - token: `0 ..< logits.count`.
  ///   - logits: `[vocabulary]`, the model's output for one position.
  /// - Returns: the value, exact to about 1e-6; −∞ if the token's logit is −∞ or NaN.
  public mutating func logProbability(of token: Int, in logits: Span<Float>) -> Double {
    precondition(token >= 0 && token < logits.count)
    candidates.load(logits, allowed: nil)
    guard let best = candidates.best?.logit else { return -.infinity }
    return Double(candidates.logits[token]) - logSum(best: best)
  }

  /// The most probable tokens, best first, the lower id first among equals.
  ///
  /// - Parameters:
  ///   - limit: how many at most, at least 0.
  ///   - logits: `[vocabulary]`, the model's output for one position.
  /// - Returns: `limit` tokens, fewer if fewer have a probability above 0.
  public mutating func best(_ limit: Int, in logits: Span<Float>) -> [TokenLogProbability] {
    precondition(limit >= 0)
    candidates.load(logits, allowed: nil)
    guard limit > 0, let best = candidates.best?.logit else { return [] }
    let logSum = logSum(best: best)
    candidates.keep(topK: limit, best: best)
    return (0..<candidates.count)
      .filter { candidates.logits[$0] > -.infinity }
      .sorted { candidates.logits[$0] > candidates.logits[$1] }
      .map {
        TokenLogProbability(
          token: candidates.token(at: $0), logProbability: Double(candidates.logits[$0]) - logSum)
      }
  }

  private mutating func logSum(best: Float) -> Double {
    Double(best) + Elementary.log(candidates.weigh(best: best))
  }
}

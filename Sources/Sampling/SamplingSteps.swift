import GPTOSSPlatform

/// A stage of ``Sampler``, in the order in which they act.
public enum SamplingStage: String, Sendable, CaseIterable {
  /// Tokens that a constraint forbids are gone.
  case mask
  /// Biases are added.
  case bias
  /// Tokens seen are made less likely.
  case penalties
  /// The best so many stay.
  case topK = "top-k"
  /// The best stay that together have so much of the probability.
  case topP = "top-p"
  /// Those stay that are at least so likely as a share of the best.
  case minP = "min-p"
  /// Logits are divided, and a token is drawn; at temperature 0 the best one is taken.
  case temperature
}

/// How the stages of a sampler narrowed a choice down.
public struct SamplingSteps: Sendable, Equatable {
  /// What a stage left.
  public struct Step: Sendable, Equatable {
    /// The stage.
    public let stage: SamplingStage
    /// How many tokens could still be chosen after it.
    public let remaining: Int

    /// A stage and what it left.
    public init(stage: SamplingStage, remaining: Int) {
      (self.stage, self.remaining) = (stage, remaining)
    }
  }

  /// One of the likeliest tokens, or the one that was chosen.
  public struct Candidate: Sendable, Equatable {
    /// The token.
    public let token: Int
    /// The model's own probability, 0 to 1, before any stage.
    public let probability: Double
    /// The stage that dropped it; nil for one that could be drawn.
    public fileprivate(set) var droppedBy: SamplingStage?
    /// The probability with which the draw takes it, 0 to 1; 0 for one that was dropped.
    public fileprivate(set) var drawProbability: Double
  }

  /// The stages in use, in order; the last one is `temperature`.
  public fileprivate(set) var steps: [Step]
  /// The likeliest tokens by the model's own probability, best first; behind them the chosen one, if it is
  /// none of them.
  public fileprivate(set) var candidates: [Candidate]
  /// The token that was chosen.
  public fileprivate(set) var chosen: Int
}

extension Sampler {
  /// Chooses the next token exactly as ``sample(_:allowed:)`` does, and says how.
  ///
  /// It takes longer: candidates are counted after each stage.
  ///
  /// - Parameters:
  ///   - logits: `[vocabulary]`.
  ///   - allowed: the tokens that may be chosen; nil allows all.
  ///   - count: how many of the likeliest tokens are followed, at least 0.
  /// - Returns: the steps, with the token that was chosen.
  /// - Throws: as ``sample(_:allowed:)``.
  public mutating func sampleStepwise(
    _ logits: Span<Float>, allowed: TokenMask? = nil, following count: Int
  ) throws(SamplingError) -> SamplingSteps {
    var scorer = LogProbabilities()
    // Of a vocabulary of which nothing is a number, nothing is followed: then the choice fails below.
    let likeliest = scorer.best(count, in: logits)
    // Any token may be drawn: what the stages did to it is known when it has been.
    var before = self
    let token = try sample(logits, allowed: allowed)
    var followed = likeliest.map {
      SamplingSteps.Candidate(
        token: $0.token, probability: Elementary.exp($0.logProbability), droppedBy: nil, drawProbability: 0)
    }
    if !likeliest.contains(where: { $0.token == token }) {
      followed.append(
        SamplingSteps.Candidate(
          token: token, probability: Elementary.exp(scorer.logProbability(of: token, in: logits)),
          droppedBy: nil, drawProbability: 0))
    }
    var steps = SamplingSteps(steps: [], candidates: followed, chosen: token)
    _ = try before.sample(logits, allowed: allowed) { stage, candidates in steps.note(stage, candidates) }
    if options.temperature == 0 { steps.noteGreedy() }
    return steps
  }
}

extension SamplingSteps {
  /// Takes note of what a stage left.
  fileprivate mutating func note(_ stage: SamplingStage, _ left: Candidates) {
    steps.append(Step(stage: stage, remaining: left.possibleCount))
    let total = left.blockSums.reduce(0, +)
    for index in candidates.indices where candidates[index].droppedBy == nil {
      guard let place = left.index(of: candidates[index].token) else {
        candidates[index].droppedBy = stage
        continue
      }
      if stage == .temperature { candidates[index].drawProbability = Double(left.weights[place]) / total }
    }
  }

  /// At temperature 0 there is no draw.
  fileprivate mutating func noteGreedy() {
    steps.append(Step(stage: .temperature, remaining: 1))
    for index in candidates.indices {
      if candidates[index].token == chosen {
        candidates[index].drawProbability = 1
      } else {
        candidates[index].droppedBy = candidates[index].droppedBy ?? .temperature
      }
    }
  }
}

extension Candidates {
  /// How many can still be chosen.
  fileprivate var possibleCount: Int { (0..<count).reduce(0) { $0 + (logits[$1] > -.infinity ? 1 : 0) } }

  /// Where a token stands; nil if it can no longer be chosen.
  fileprivate func index(of token: Int) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self.token(at: middle) < token { low = middle + 1 } else { high = middle }
    }
    return low < count && self.token(at: low) == token && logits[low] > -.infinity ? low : nil
  }
}

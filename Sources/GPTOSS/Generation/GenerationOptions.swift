public import GPTOSSSampling
public import GPTOSSTokenizer

/// How tokens are chosen and when to stop.
public struct GenerationOptions: Sendable {
  /// Temperature, top-k and the like; what is nil is as the model's file recommends
  /// (``ModelInformation/recommendedSampling``).
  public var sampling: SamplingOptions
  /// The most tokens to generate, at least 0, including the one that ends the text; nil for as many as the
  /// context holds.
  public var maximumTokens: Int?
  /// Tokens that end the generation. They are reported, but without text. nil for those that end a gpt-oss
  /// turn or document: `<|return|>`, `<|call|>`, `<|endoftext|>`.
  public var stopTokens: Set<TokenID>?
  /// Texts that end the generation and are not part of its text. In an answer, only what the user sees is
  /// searched for them. Empty texts are ignored.
  public var stopSequences: [String]
  /// What counts as a repeating generation, which is ended; nil to let it go on. Where it is the reasoning
  /// before an answer that repeats itself, that alone is ended, once, and the model has to answer.
  public var loopGuard: LoopGuard?
  /// How many of the most probable tokens to report with every token, with their log-probabilities, at least
  /// 0. With 0 the log-probability of the chosen token alone is reported, with nil none.
  public var logProbabilities: Int?

  /// Options with the defaults of the model: for gpt-oss temperature 1, nothing cut off.
  public init(
    sampling: SamplingOptions = SamplingOptions(), maximumTokens: Int? = nil, stopTokens: Set<TokenID>? = nil,
    stopSequences: [String] = [], loopGuard: LoopGuard? = LoopGuard(), logProbabilities: Int? = nil
  ) {
    self.sampling = sampling
    self.maximumTokens = maximumTokens
    self.stopTokens = stopTokens
    self.stopSequences = stopSequences
    self.loopGuard = loopGuard
    self.logProbabilities = logProbabilities
  }
}

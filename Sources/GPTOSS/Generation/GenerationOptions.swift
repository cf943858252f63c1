public import GPTOSSSampling
public import GPTOSSTokenizer

/// How tokens are chosen and when to stop.
public struct GenerationOptions: Sendable {
  /// Temperature, top-k and the like; what is nil is as the model's file recommends
  /// (``ModelInformation/recommendedSampling``).
  public var sampling: SamplingOptions
  /// The most tokens to generate, at least 0, the one that ends the text included; nil for as many as the context holds.
  public var maximumTokens: Int?
  /// Tokens that end the generation; they are reported, but are no text. nil for those that end a gpt-oss
  /// turn or document: `<|return|>`, `<|call|>`, `<|endoftext|>`.
  public var stopTokens: Set<TokenID>?
  /// Texts that end the generation and are not part of the text; of an answer only what the user sees is searched.
  /// Empty texts are ignored.
  public var stopSequences: [String]
  /// What counts as a repeating generation, which is ended; nil to let it go on.
  public var loopGuard: LoopGuard?
  /// Log-probabilities to report with every token: so many of the most probable tokens, at least 0, which is the chosen token
  /// alone; nil for none.
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

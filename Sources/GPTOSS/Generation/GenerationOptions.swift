public import GPTOSSSampling
public import GPTOSSTokenizer

/// How tokens are chosen and when to stop.
public struct GenerationOptions: Sendable {
  /// Temperature, top-k and the like.
  public var sampling: SamplingOptions
  /// The most tokens to generate; nil for as many as the context holds.
  public var maximumTokens: Int?
  /// Tokens that end the generation; they are reported, but are no text. nil for those that end a gpt-oss
  /// turn or document: `<|return|>`, `<|call|>`, `<|endoftext|>`.
  public var stopTokens: Set<TokenID>?

  /// Options with the defaults of gpt-oss: temperature 1, nothing cut off.
  public init(
    sampling: SamplingOptions = SamplingOptions(), maximumTokens: Int? = nil, stopTokens: Set<TokenID>? = nil
  ) {
    self.sampling = sampling
    self.maximumTokens = maximumTokens
    self.stopTokens = stopTokens
  }
}

/// What happens while tokens are generated.
public enum GenerationEvent: Sendable {
  /// So many of the prompt's tokens have been read.
  case prompt(read: Int, total: Int)
  /// A token and the text that it completes, which is empty while a character is unfinished and for special tokens.
  case token(TokenID, text: String)
  /// The end: text of an unfinished character (U+FFFD), and figures.
  case finished(text: String, GenerationStatistics)
}

/// Why a generation ended.
public enum StopReason: String, Sendable, Codable {
  /// A stop token was generated.
  case stopToken = "stop"
  /// The limit of tokens was reached.
  case maximumTokens = "length"
  /// The context is full.
  case contextFull = "context"
}

/// Figures of one generation.
public struct GenerationStatistics: Sendable {
  /// Tokens read.
  public var promptTokens: Int
  /// Tokens generated, the stop token included.
  public var generatedTokens: Int
  /// From the start to the end of the prompt.
  public var prefillTime: Duration
  /// From the start to the first generated token.
  public var timeToFirstToken: Duration
  /// From the first generated token to the last.
  public var decodeTime: Duration
  /// Why it ended.
  public var stopReason: StopReason
  /// The seed that was used: given again, the same text comes out.
  public var seed: UInt64

  package init(
    promptTokens: Int, generatedTokens: Int, prefillTime: Duration, timeToFirstToken: Duration,
    decodeTime: Duration, stopReason: StopReason, seed: UInt64
  ) {
    self.promptTokens = promptTokens
    self.generatedTokens = generatedTokens
    self.prefillTime = prefillTime
    self.timeToFirstToken = timeToFirstToken
    self.decodeTime = decodeTime
    self.stopReason = stopReason
    self.seed = seed
  }

  /// Tokens read a second.
  public var prefillTokensPerSecond: Double { rate(promptTokens, prefillTime) }
  /// Tokens generated a second, the first not counted.
  public var decodeTokensPerSecond: Double { rate(max(generatedTokens - 1, 0), decodeTime) }

  private func rate(_ count: Int, _ time: Duration) -> Double {
    time > .zero ? Double(count) / (time / .seconds(1)) : 0
  }
}

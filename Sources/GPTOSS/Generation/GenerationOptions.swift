public import GPTOSSSampling
public import GPTOSSTokenizer

/// How tokens are chosen and when to stop.
///
///     var options = GenerationOptions(temperature: 0.7, maximumTokens: 200)
///     options.repetitionPenalty = 1.1
///
/// Every option of ``sampling`` can be read and set as if it were one of these.
@dynamicMemberLookup
public struct GenerationOptions: Sendable {
  /// How a token is chosen: temperature, filters, penalties, seed. What is nil is as the model's file
  /// recommends (``ModelInformation/recommendedSampling``).
  public var sampling: SamplingOptions
  /// The most tokens to generate, at least 0, including the one that ends the text; nil for as many as the
  /// context holds.
  public var maximumTokens: Int?
  /// Tokens that end the generation. They are reported, but without text. nil for those that end a gpt-oss
  /// turn or document: `<|return|>`, `<|call|>`, `<|endoftext|>`. In an answer they replace Harmony's; it is
  /// then not held to the format but read tolerantly.
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
  /// Whether tokens are guessed ahead. The text is the same, bit for bit.
  public var lookahead: Lookahead
  /// A position of the prompt at which a pass ends, so that what comes behind it can be timed.
  package var passEnd: Int?

  /// Options with the defaults of the model: for gpt-oss temperature 1, nothing cut off.
  ///
  /// The parameters are the properties of the same names, the first five those of ``sampling``, which has
  /// penalties and biases besides.
  public init(
    temperature: Float? = nil, topK: Int? = nil, topP: Float? = nil, minP: Float? = nil, seed: UInt64? = nil,
    maximumTokens: Int? = nil, stopTokens: Set<TokenID>? = nil, stopSequences: [String] = [],
    loopGuard: LoopGuard? = LoopGuard(), logProbabilities: Int? = nil, lookahead: Lookahead = .auto
  ) {
    sampling = SamplingOptions(temperature: temperature, topK: topK, topP: topP, minP: minP, seed: seed)
    self.maximumTokens = maximumTokens
    self.stopTokens = stopTokens
    self.stopSequences = stopSequences
    self.loopGuard = loopGuard
    self.logProbabilities = logProbabilities
    self.lookahead = lookahead
  }

  /// An option of ``sampling``.
  public subscript<Option>(dynamicMember option: WritableKeyPath<SamplingOptions, Option>) -> Option {
    get { sampling[keyPath: option] }
    set { sampling[keyPath: option] = newValue }
  }
}

// Swift 6.2's compiler stops at `[keyPath:]` of a type that has dynamic members itself; here the type is
// open.
extension WritableKeyPath {
  func value(in root: Root) -> Value { root[keyPath: self] }

  func set(_ value: Value, in root: inout Root) { root[keyPath: self] = value }
}

/// How a token is chosen from the model's logits.
///
/// The defaults change nothing: a draw from the model's own distribution, which is what OpenAI recommends for
/// gpt-oss (temperature 1, top-p 1). Where a model's file recommends something else, ``filled(by:)`` puts
/// that in the place of what is nil.
///
/// `Sampler` documents the order in which the options act and the formula of each.
public struct SamplingOptions: Sendable, Equatable {
  /// Divides the logits before the draw: finite, at least 0. At 0 the best token is taken; nil is 1.
  public var temperature: Float?
  /// The number of best tokens kept, at least 0; 0 keeps all, and so does nil.
  public var topK: Int?
  /// The probability mass kept, 0 … 1; 1 keeps all, 0 the best token alone; nil is 1.
  public var topP: Float?
  /// Tokens less likely than this fraction of the best one's probability are dropped, 0 … 1; 0 keeps all, and
  /// so does nil.
  public var minP: Float?
  /// Divides positive and multiplies negative logits of tokens seen before; finite, above 0; 1 does nothing.
  public var repetitionPenalty: Float
  /// Subtracted once for every time that a token was generated; finite, 0 does nothing.
  public var frequencyPenalty: Float
  /// Subtracted once if a token was generated at all; finite, 0 does nothing.
  public var presencePenalty: Float
  /// How many of the last tokens the penalties look at, at least 0; `nil` looks at all of them.
  public var penaltyWindow: Int?
  /// Added to the logits of single tokens: finite, or −∞ to forbid a token.
  public var logitBias: [Int: Float]
  /// The start of the random numbers; `nil` lets `Sampler.init(_:)` draw one and report it.
  public var seed: UInt64?

  /// Options that change nothing but what is given.
  public init(
    temperature: Float? = nil, topK: Int? = nil, topP: Float? = nil, minP: Float? = nil,
    repetitionPenalty: Float = 1, frequencyPenalty: Float = 0, presencePenalty: Float = 0,
    penaltyWindow: Int? = nil, logitBias: [Int: Float] = [:], seed: UInt64? = nil
  ) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.frequencyPenalty = frequencyPenalty
    self.presencePenalty = presencePenalty
    self.penaltyWindow = penaltyWindow
    self.logitBias = logitBias
    self.seed = seed
  }

  /// These options with the temperature and the filters of others where they have none.
  public func filled(by others: SamplingOptions) -> SamplingOptions {
    var options = self
    options.temperature = temperature ?? others.temperature
    options.topK = topK ?? others.topK
    options.topP = topP ?? others.topP
    options.minP = minP ?? others.minP
    return options
  }

  /// Checks every option against its range.
  ///
  /// `Sampler` does this for you; call it to refuse a request before a model is loaded.
  ///
  /// - Throws: `SamplingError.optionOutOfRange` for the first option outside its range (NaN is outside all
  ///   of them), `SamplingError.biasedTokenOutOfRange` for a negative token in `logitBias`.
  public func validate() throws(SamplingError) {
    if let temperature {
      try check(.temperature, Double(temperature), temperature >= 0 && temperature.isFinite)
    }
    if let topK { try check(.topK, Double(topK), topK >= 0) }
    if let topP { try check(.topP, Double(topP), topP >= 0 && topP <= 1) }
    if let minP { try check(.minP, Double(minP), minP >= 0 && minP <= 1) }
    try check(
      .repetitionPenalty, Double(repetitionPenalty), repetitionPenalty > 0 && repetitionPenalty.isFinite)
    try check(.frequencyPenalty, Double(frequencyPenalty), frequencyPenalty.isFinite)
    try check(.presencePenalty, Double(presencePenalty), presencePenalty.isFinite)
    if let penaltyWindow { try check(.penaltyWindow, Double(penaltyWindow), penaltyWindow >= 0) }
    for (token, bias) in logitBias {
      if token < 0 { throw .biasedTokenOutOfRange(token: token, vocabularySize: nil) }
      try check(.logitBias, Double(bias), bias < .infinity)
    }
  }

  private func check(_ option: SamplingError.Option, _ value: Double, _ holds: Bool) throws(SamplingError) {
    if !holds { throw .optionOutOfRange(option, value: value) }
  }
}

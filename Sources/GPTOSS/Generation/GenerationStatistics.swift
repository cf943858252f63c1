/// Figures of one generation, or of all generations of one answer.
///
/// For an answer, counts and times are sums. The time to the first token, the difference and the seed are those
/// of its first generation, the reason to stop and the stop sequence are those of its last.
public struct GenerationStatistics: Sendable, Equatable {
  /// Tokens of the prompt, those that were remembered included.
  public var promptTokens: Int
  /// Tokens of the prompt that were remembered from earlier and not read again.
  public var cachedTokens: Int
  /// How many of these came from the cache folder (``LoadOptions/cacheDirectory``).
  public var recalledTokens: Int
  /// Where the prompt parts from what was remembered, if something else stood there: why the rest had to be
  /// read. Nil if what follows is only new, and if nothing was remembered.
  public var difference: PromptDifference?
  /// Tokens generated, the stop token included.
  public var generatedTokens: Int
  /// Passes that read generated tokens, and the one that gave the first: as many as ``generatedTokens``,
  /// unless some were forced or guessed. The tokens of other generations are read in the same passes.
  public var passes: Int
  /// Generated tokens that were the only ones allowed, and were taken without logits.
  public var forcedTokens: Int
  /// Tokens that were guessed from what the text had said before, and read.
  public var draftedTokens: Int
  /// How many of them were right.
  public var acceptedTokens: Int
  /// From the start of the computation to the end of the prompt. Other generations that run at the time slow
  /// it down.
  public var prefillTime: Duration
  /// The part of ``prefillTime`` until ``GenerationOptions/passEnd`` was reached; nil if there is none.
  package var passEndTime: Duration?
  /// From the request to the first generated token.
  public var timeToFirstToken: Duration
  /// From the first generated token to the last.
  public var decodeTime: Duration
  /// Why it ended.
  public var stopReason: StopReason
  /// The stop sequence that ended it; nil if another reason did.
  public var stopSequence: String?
  /// The seed that was used. The same prompt, options and kernels give the same text with it again.
  public var seed: UInt64

  /// Figures of a generation.
  public init(
    promptTokens: Int = 0, cachedTokens: Int = 0, recalledTokens: Int = 0,
    difference: PromptDifference? = nil, generatedTokens: Int = 0, passes: Int = 0, forcedTokens: Int = 0,
    draftedTokens: Int = 0, acceptedTokens: Int = 0, prefillTime: Duration = .zero,
    timeToFirstToken: Duration = .zero, decodeTime: Duration = .zero, stopReason: StopReason,
    stopSequence: String? = nil, seed: UInt64
  ) {
    self.promptTokens = promptTokens
    self.cachedTokens = cachedTokens
    self.recalledTokens = recalledTokens
    self.difference = difference
    self.generatedTokens = generatedTokens
    self.passes = passes
    self.forcedTokens = forcedTokens
    self.draftedTokens = draftedTokens
    self.acceptedTokens = acceptedTokens
    self.prefillTime = prefillTime
    self.timeToFirstToken = timeToFirstToken
    self.decodeTime = decodeTime
    self.stopReason = stopReason
    self.stopSequence = stopSequence
    self.seed = seed
  }

  /// Tokens read per second, without those that were remembered; 0 if nothing was read.
  public var prefillTokensPerSecond: Double { rate(promptTokens - cachedTokens, prefillTime) }
  /// Tokens generated per second, without the first; 0 if there was no other.
  public var decodeTokensPerSecond: Double { rate(max(generatedTokens - 1, 0), decodeTime) }

  private func rate(_ count: Int, _ time: Duration) -> Double {
    let seconds: Double = time / .seconds(1)
    return seconds > 0 ? Double(count) / seconds : 0
  }

  /// The figures of two generations that follow each other.
  func followed(by next: GenerationStatistics) -> GenerationStatistics {
    GenerationStatistics(
      promptTokens: promptTokens + next.promptTokens, cachedTokens: cachedTokens + next.cachedTokens,
      recalledTokens: recalledTokens + next.recalledTokens, difference: difference,
      generatedTokens: generatedTokens + next.generatedTokens, passes: passes + next.passes,
      forcedTokens: forcedTokens + next.forcedTokens, draftedTokens: draftedTokens + next.draftedTokens,
      acceptedTokens: acceptedTokens + next.acceptedTokens, prefillTime: prefillTime + next.prefillTime,
      timeToFirstToken: timeToFirstToken, decodeTime: decodeTime + next.decodeTime,
      stopReason: next.stopReason, stopSequence: next.stopSequence, seed: seed)
  }
}

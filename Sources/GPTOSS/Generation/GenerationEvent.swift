public import GPTOSSSampling
public import GPTOSSTokenizer

/// What happens while tokens are generated.
public enum GenerationEvent: Sendable {
  /// `read` of the prompt's `total` tokens have been read; those that were remembered count as read. The
  /// first event comes before any is read: its `read` is how many were remembered.
  case prompt(read: Int, total: Int)
  /// A token. Its text is what it completes, as far as that surely stands before any stop sequence.
  case token(GeneratedToken)
  /// The end, which comes once and last: the text that was held back, and figures. Held back are the
  /// beginning of a stop sequence, and the bytes of an unfinished character, which become U+FFFD.
  case finished(text: String, GenerationStatistics)
}

/// A token that was generated.
public struct GeneratedToken: Sendable, Equatable {
  /// The token, an index into the model's vocabulary.
  public var id: TokenID
  /// The text that it completes: empty while a character is unfinished, and for the token that ends the text.
  /// Any other special token has its name as text, such as `<|channel|>`.
  public var text: String
  /// The natural logarithm of its probability, before masks, penalties, filters and temperature. nil if it
  /// was not asked for, and for the token that ends the text.
  public var logProbability: Double?
  /// The most probable tokens, best first, as many as were asked for; none where ``logProbability`` is nil.
  public var alternatives: [TokenLogProbability]

  /// A token with its text.
  public init(
    id: TokenID, text: String, logProbability: Double? = nil, alternatives: [TokenLogProbability] = []
  ) {
    self.id = id
    self.text = text
    self.logProbability = logProbability
    self.alternatives = alternatives
  }
}

/// Why a generation ended.
public enum StopReason: String, Sendable, Codable {
  /// A stop token was generated.
  case stopToken = "stop"
  /// A stop sequence was generated.
  case stopSequence = "stop_sequence"
  /// The limit of tokens was reached.
  case maximumTokens = "length"
  /// The context is full.
  case contextFull = "context"
  /// The text repeated itself (``LoopGuard``).
  case repetition = "repetition"
}

import GPTOSS

/// What bounds an answer, in tokens.
struct AnswerLimits {
  /// The most that are generated; nil for what the context has room for.
  var tokens: Int?
  /// The most that prompt and answer have together.
  var context: Int
}

extension StopReason {
  /// Says why an answer stopped before the model ended it, and what to do, in one line; nil if the model did.
  func cut(_ limits: AnswerLimits) -> String? {
    switch self {
    case .stopToken: nil
    case .stopSequence: "the answer stopped at a stop sequence"
    case .maximumTokens:
      "the answer stopped at the limit of \(limits.tokens ?? limits.context) tokens; --max-tokens raises it"
    case .contextFull:
      "the answer stopped because the context of \(limits.context) tokens is full; shorten the conversation, "
        + "or raise --context if the model allows more"
    case .repetition:
      "the answer stopped because the model repeated itself; say it in other words, or try another --seed"
    }
  }

  /// What ended an answer, in a few words.
  var words: String {
    switch self {
    case .stopToken: "the model"
    case .stopSequence: "a stop sequence"
    case .maximumTokens: "the token limit"
    case .contextFull: "a full context"
    case .repetition: "a repetition"
    }
  }
}

#if canImport(FoundationEssentials)
  public import protocol FoundationEssentials.LocalizedError
#else
  public import protocol Foundation.LocalizedError
#endif

/// Why no token can be sampled.
public enum SamplingError: Error, Equatable, Sendable {
  /// An option's value lies outside the range that `Option.range` states.
  case optionOutOfRange(Option, value: Double)
  /// `logitBias` names a token that the vocabulary does not have; the size is `nil` while it is unknown.
  case biasedTokenOutOfRange(token: Int, vocabularySize: Int?)
  /// No token is left: every logit is −∞ or NaN, forbidden by the mask or by a bias, or there are none.
  case noCandidates(vocabularySize: Int)

  /// The options that have a range.
  public enum Option: String, Sendable, CaseIterable {
    case temperature
    case topK = "top-k"
    case topP = "top-p"
    case minP = "min-p"
    case repetitionPenalty = "repetition penalty"
    case frequencyPenalty = "frequency penalty"
    case presencePenalty = "presence penalty"
    case penaltyWindow = "penalty window"
    case logitBias = "logit bias"

    /// The values that the option may take, in words.
    public var range: String {
      switch self {
      case .temperature: "a finite number, 0 or more"
      case .topK, .penaltyWindow: "0 or more"
      case .topP, .minP: "a number from 0 to 1"
      case .repetitionPenalty: "a finite number above 0"
      case .frequencyPenalty, .presencePenalty: "a finite number"
      case .logitBias: "a finite number, or -infinity to forbid a token"
      }
    }
  }
}

extension SamplingError: CustomStringConvertible {
  /// One line that names the cause and the remedy.
  public var description: String {
    switch self {
    case .optionOutOfRange(let option, let value):
      // Options are whole numbers or single-precision floats: so they are written as they were given.
      "\(option.rawValue) is \(Int(exactly: value).map(String.init) ?? "\(Float(value))"); "
        + "it must be \(option.range)"
    case .biasedTokenOutOfRange(let token, let size?):
      "the logit bias names token \(token); the vocabulary has tokens 0 to \(size - 1)"
    case .biasedTokenOutOfRange(let token, nil):
      "the logit bias names token \(token); tokens are numbered from 0"
    case .noCandidates(let size):
      "none of \(size) tokens can be chosen: all are forbidden, or their logits are not numbers"
    }
  }
}

extension SamplingError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

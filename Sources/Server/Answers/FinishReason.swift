import GPTOSS

/// OpenAI's `finish_reason`.
enum FinishReason: String {
  case stop
  case length
  case toolCalls = "tool_calls"

  /// - Parameter callsTools: whether the answer asks for tools to be run.
  init(_ reason: StopReason, callsTools: Bool) {
    switch reason {
    // An answer that was ended because it repeated itself was cut off, too.
    case .maximumTokens, .contextFull, .repetition: self = .length
    case .stopToken, .stopSequence: self = callsTools ? .toolCalls : .stop
    }
  }
}

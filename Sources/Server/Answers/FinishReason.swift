import GPTOSS

/// OpenAI's `finish_reason`.
enum FinishReason: String {
  case stop
  case length
  case toolCalls = "tool_calls"

  /// - Parameter callsTools: whether the answer asks for tools to be run.
  init(_ reason: StopReason, callsTools: Bool) {
    switch reason {
    // A loop that was broken is an answer that was cut off.
    case .maximumTokens, .contextFull, .repetition: self = .length
    case .stopToken, .stopSequence: self = callsTools ? .toolCalls : .stop
    }
  }
}

import GPTOSS
import GPTOSSJSON

/// OpenAI's `finish_reason`.
enum FinishReason: String {
  case stop
  case length
  case toolCalls = "tool_calls"
  /// As `toolCalls`, in answers to requests with `functions`.
  case functionCall = "function_call"

  /// - Parameter calls: the reason if the answer asks for tools to be run; nil if it does not.
  init(_ reason: StopReason, calls: FinishReason? = nil) {
    switch reason {
    case .maximumTokens, .contextFull: self = .length
    case .stopToken, .stopSequence: self = calls ?? .stop
    // No limit was reached. ``StopReason/note`` says what it was.
    case .repetition: self = .stop
    }
  }
}

extension StopReason {
  /// What an answer says beside OpenAI's reasons, which have no word for it: that it was ended because it
  /// repeated itself.
  var note: JSONObject {
    JSONObject(self == .repetition ? [(key: "stop_reason", value: .string(rawValue))] : [])
  }
}

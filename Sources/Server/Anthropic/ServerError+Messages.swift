package import GPTOSSJSON

extension ServerError {
  /// `{"type": "error", …}` as Anthropic's clients expect it.
  ///
  /// - Parameter requestID: nil within a stream, where the header has it.
  package func messagesJSON(requestID: String? = nil) -> JSONValue {
    let details: JSONValue = ["type": .string(messagesType), "message": .string(messagesText)]
    let error: JSONValue = ["type": "error", "error": details.adding(messagesDetails)]
    return requestID.map { error.adding(["request_id": .string($0)]) } ?? error
  }

  /// Anthropic's `type`.
  private var messagesType: String {
    switch status {
    case 401: "authentication_error"
    case 403: "permission_error"
    case 404: "not_found_error"
    case 408: "timeout_error"
    case 413: "request_too_large"
    case 429: "rate_limit_error"
    case 503: "overloaded_error"
    case 500...: "api_error"
    default: "invalid_request_error"
    }
  }

  /// What clients read besides: Anthropic's own runs its tools in a conversation that the server keeps,
  /// unless it is told like this that there are none.
  private var messagesDetails: JSONObject {
    guard case .unsupported(parameter: "thread", _) = self else { return JSONObject() }
    let details: JSONValue = ["error_code": "thread_unsupported_request", "unsupported": ["thread"]]
    return JSONObject([(key: "details", value: details)])
  }

  private var messagesText: String {
    guard case .contextExceeded(let needed, let limit) = self else { return description }
    // Clients that shorten their conversation when it is too long know that by these words.
    return
      "prompt is too long: \(needed) tokens > \(limit) maximum, this model's context; shorten the messages."
  }
}

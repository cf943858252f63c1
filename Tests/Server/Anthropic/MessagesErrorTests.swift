import GPTOSSJSON
import GPTOSSServer
import Testing

/// Errors as Anthropic's clients read them: by status and type they choose their exception.
struct MessagesErrorTests {
  @Test(arguments: [
    (ServerError.missing(parameter: "max_tokens"), 400, "invalid_request_error"),
    (.unauthorized, 401, "authentication_error"), (.foreignOrigin("x"), 403, "permission_error"),
    (.unknownModel("x"), 404, "not_found_error"),
    (.unknownPath(method: "GET", path: "/"), 404, "not_found_error"),
    (.bodyTooSlow, 408, "timeout_error"), (.bodyTooLarge(limit: 1), 413, "request_too_large"),
    (.busy(retryAfter: 1), 429, "rate_limit_error"), (.failure("x"), 500, "api_error"),
    (.stopping, 503, "overloaded_error"),
  ]) func types(_ error: ServerError, _ status: Int, _ type: String) {
    #expect(error.status == status && error.messagesJSON()["error"]?["type"]?.stringValue == type)
  }

  @Test func shape() {
    let error = ServerError.missing(parameter: "max_tokens")
    #expect(
      error.messagesJSON(requestID: "req_1").text
        == #"{"type":"error","error":{"type":"invalid_request_error","#
        + #""message":"Missing required parameter: 'max_tokens'."},"request_id":"req_1"}"#)
    #expect(error.messagesJSON()["request_id"] == nil, "within a stream")
  }

  /// Anthropic's client then sends the whole conversation.
  @Test func conversationsOfTheServersAreRefusedByCode() {
    let error = #expect(throws: ServerError.self) {
      try MessagesRequest(.body(Array(#"{"thread": {"type": "create"}}"#.utf8)))
    }
    let details = error?.messagesJSON()["error"]?["details"]
    #expect(details?["error_code"] == "thread_unsupported_request")
  }

  /// Programs look for Anthropic's words and shorten their conversation.
  @Test func aLongPromptIsToldInAnthropicsWords() {
    let message = ServerError.contextExceeded(needed: 5000, limit: 4096).messagesJSON()["error"]?["message"]
    #expect(message?.stringValue?.hasPrefix("prompt is too long: 5000 tokens > 4096 maximum") == true)
  }
}

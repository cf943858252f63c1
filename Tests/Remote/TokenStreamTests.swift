import GPTOSS
import GPTOSSJSON
import GPTOSSRemote
import Testing

/// Breaks when what vLLM sends is read wrongly, or when something is believed that it cannot have meant.
struct TokenStreamTests {
  @Test func recordedStreamOfTokens() throws {
    let exchange = try Exchange("generate_stream")
    var stream = TokenStream(.small(.generate, limit: 8))
    let tokens = try stream.take(all: exchange.events)
    #expect(tokens.map(\.id) == [2043, 419, 2046, 379, 32, 359, 1801, 1785])
    #expect(stream.finish == .maximumTokens && tokens.allSatisfy { $0.logProbability == nil })
  }

  @Test func recordedStreamOfCompletions() throws {
    let exchange = try Exchange("completion_stream")
    var stream = TokenStream(.small(.completions, limit: 8))
    let tokens = try stream.take(all: exchange.events)
    #expect(tokens.map(\.id) == [2043, 419, 2046, 379, 32, 359, 1801, 1785])
    #expect(stream.finish == .maximumTokens && tokens.allSatisfy { $0.logProbability == nil })
  }

  /// A whole answer has the same fields as one event with everything.
  @Test(arguments: [
    ("generate", Dialect.generate, 24, 24, StopReason.maximumTokens),
    ("completion_ids", .completions, 24, 24, .maximumTokens),
    ("generate_structured", .generate, 80, 43, .stopToken),
    ("completion_structural_tag", .completions, 80, 43, .stopToken),
  ])
  func recordedAnswers(
    _ name: String, _ dialect: Dialect, limit: Int, count: Int, reason: StopReason
  ) throws {
    let exchange = try Exchange(name)
    var stream = TokenStream(.small(dialect, limit: limit))
    #expect(try stream.take(all: [exchange.response.text]).count == count)
    #expect(stream.finish == reason)
  }

  @Test func recordedLogProbabilitiesOfCompletions() throws {
    let exchange = try Exchange("completion_logprobs_as_ids")
    var stream = TokenStream(.small(.completions, limit: 3, logProbabilities: 2))
    let tokens = try stream.take(all: [exchange.response.text])
    #expect(tokens.map(\.id) == [2043, 419, 2046])
    #expect(tokens[1].logProbability == -1.1920928244535389e-07)
    #expect(tokens[0].alternatives.map(\.token) == [2043, 2046], "the best first, two as asked for")
  }

  /// A stream of completions without ids is text, and no way to speak the format.
  @Test func textAloneIsRefused() throws {
    let exchange = try Exchange("completion_default_text")
    var stream = TokenStream(.small(.completions))
    #expect(throws: RemoteError.noTokenProtocol(server: "host:1")) {
      try stream.take(all: [exchange.response.text])
    }
  }

  @Test func aFullContextIsTold() throws {
    var stream = TokenStream(.small(.generate, limit: 1, isContextLimited: true))
    _ = try stream.take(all: [event("[5]", finish: "length")])
    #expect(stream.finish == .contextFull)
  }

  @Test func repetitionsThatTheServerFindsAreTold() throws {
    var stream = TokenStream(.small(.completions))
    let choice =
      #"{"choices": [{"token_ids": [], "finish_reason": "stop", "stop_reason": "repetition"}]}"#
    _ = try stream.take(all: [event("[5]"), choice])
    #expect(stream.finish == .repetition)
  }

  @Test func doneAloneIsNoEnd() throws {
    var stream = TokenStream(.small(.generate))
    _ = try stream.take(all: [event("[5]"), "[DONE]"])
    #expect(stream.finish == nil)
  }

  @Test(arguments: [
    [#"{"choices""#], ["[]"], [#"{"choices": 1}"#], [event("[5]") + "x"],
    [event("[2048]")], [event("[-1]")], [event(#"["5"]"#)], [event("[1.5]")], [event("5")],
    [event("[99999999999999999999]")],
    // More tokens than asked for, after the end, after a token that ends, two ends.
    [event("[1, 2, 3, 4, 5, 6]")], [event("[5]", finish: "length"), event("[6]")],
    [event("[2041]"), event("[6]")], [event("[2041]", finish: "stop"), event("[]", finish: "stop")],
    // An end that nothing brought.
    [event("[5]", finish: "stop")],
    // Other figures than what was sent.
    [
      event("[5]", finish: "length"),
      #"{"choices": [], "usage": {"prompt_tokens": 85, "completion_tokens": 2}}"#,
    ],
    [#"{"choices": [], "usage": {"prompt_tokens": 84}}"#],
    [#"{"choices": [{"token_ids": [1]}, {"token_ids": [1]}]}"#],
  ])
  func lies(_ events: [String]) throws {
    var stream = TokenStream(.small(.generate, limit: 5))
    let error = #expect(throws: RemoteError.self) { try stream.take(all: events) }
    guard case .malformed(server: "host:1", _)? = error else {
      Issue.record("\(events) is \(error.map { "\($0)" } ?? "believed")")
      return
    }
  }

  /// Log-probabilities that are missing, too few, or of other tokens.
  @Test(arguments: [
    "null", "{}", #"{"tokens": [], "token_logprobs": []}"#,
    #"{"tokens": ["token_id:6"], "token_logprobs": [-1]}"#,
    #"{"tokens": ["token_id:5"], "token_logprobs": [null]}"#, #"{"tokens": ["5"], "token_logprobs": [-1]}"#,
  ])
  func wrongLogProbabilities(_ text: String) {
    var stream = TokenStream(.small(.completions, logProbabilities: 1))
    #expect(throws: RemoteError.self) {
      try stream.take(all: [#"{"choices": [{"token_ids": [5], "logprobs": \#(text)}]}"#])
    }
  }

  /// An error within a stream whose status was 200.
  @Test func errorsAreEventsToo() throws {
    let exchange = try Exchange("error_grammar_stream")
    var stream = TokenStream(.small(.completions))
    let error = #expect(throws: RemoteError.self) { try stream.take(all: exchange.events) }
    guard case .refused(_, let message)? = error, message.hasPrefix("Invalid grammar") else {
      Issue.record("it is \(String(describing: error))")
      return
    }
    for code in ["500", "404", "\"internal\""] {
      var stream = TokenStream(.small(.completions))
      let event = #"{"error": {"message": "EngineCore died", "code": \#(code)}}"#
      let error = #expect(throws: RemoteError.self) { try stream.take(all: [event]) }
      guard case .failed? = error else {
        Issue.record("code \(code) is \(String(describing: error))")
        return
      }
    }
    var aborted = TokenStream(.small(.completions))
    #expect(throws: RemoteError.self) { try aborted.take(all: [event("[5]", finish: "abort")]) }
  }
}

/// An event with token ids.
private func event(_ ids: String, finish: String? = nil) -> String {
  let reason = finish.map { "\"\($0)\"" } ?? "null"
  return #"{"choices": [{"index": 0, "token_ids": \#(ids), "finish_reason": \#(reason)}]}"#
}

import GPTOSS

/// What `generate` tells about an answer, for people and for scripts.
struct GenerateReport {
  let text: String
  let reasoning: String
  let tokens: [TokenID]
  let statistics: GenerationStatistics

  /// One line for people.
  var summary: String {
    let rates = [statistics.prefillTokensPerSecond, statistics.decodeTokensPerSecond]
      .map { String(Int($0.rounded())) }
    return """
      \(statistics.promptTokens) tokens read (\(rates[0])/s), \(statistics.generatedTokens) generated \
      (\(rates[1])/s), seed \(statistics.seed)
      """
  }

  /// `{"text", "reasoning", "tokens", "prompt_tokens", "stop_reason", "statistics"}`.
  ///
  /// - Parameter information: of a model that was loaded here; nil for one that runs elsewhere.
  func json(_ information: ModelInformation?) -> JSONValue {
    [
      "text": .string(text), "reasoning": .string(reasoning), "tokens": .array(tokens.map { JSONValue($0) }),
      "prompt_tokens": JSONValue(statistics.promptTokens),
      "stop_reason": .string(statistics.stopReason.rawValue), "statistics": statistics.json(information),
    ]
  }
}

extension GenerationStatistics {
  fileprivate func json(_ information: ModelInformation?) -> JSONValue {
    var object = JSONObject([
      (key: "generated_tokens", value: JSONValue(generatedTokens)),
      (key: "cached_tokens", value: JSONValue(cachedTokens)),
      (key: "prefill_seconds", value: JSONValue(decimal: prefillTime / .seconds(1))),
      (key: "time_to_first_token_seconds", value: JSONValue(decimal: timeToFirstToken / .seconds(1))),
      (key: "decode_seconds", value: JSONValue(decimal: decodeTime / .seconds(1))),
      (key: "prefill_tokens_per_second", value: JSONValue(decimal: prefillTokensPerSecond)),
      (key: "decode_tokens_per_second", value: JSONValue(decimal: decodeTokensPerSecond)),
      (key: "seed", value: JSONValue(seed)),
    ])
    // No server says so of its passes.
    guard let information else { return .object(object) }
    object["recalled_tokens"] = JSONValue(recalledTokens)
    object["cache_miss"] = cacheMiss.map(JSONValue.string) ?? .null
    object["passes"] = JSONValue(passes)
    object["forced_tokens"] = JSONValue(forcedTokens)
    object["drafted_tokens"] = JSONValue(draftedTokens)
    object["accepted_tokens"] = JSONValue(acceptedTokens)
    object["load_seconds"] = JSONValue(decimal: information.loadTime / .seconds(1))
    object["kernels"] = .string(information.kernels)
    object["threads"] = JSONValue(information.threads)
    return .object(object)
  }
}

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
  func json(_ information: ModelInformation) -> JSONValue {
    [
      "text": .string(text), "reasoning": .string(reasoning), "tokens": .array(tokens.map { JSONValue($0) }),
      "prompt_tokens": JSONValue(statistics.promptTokens),
      "stop_reason": .string(statistics.stopReason.rawValue), "statistics": statistics.json(information),
    ]
  }
}

extension GenerationStatistics {
  fileprivate func json(_ information: ModelInformation) -> JSONValue {
    [
      "generated_tokens": JSONValue(generatedTokens), "cached_tokens": JSONValue(cachedTokens),
      "recalled_tokens": JSONValue(recalledTokens), "cache_miss": cacheMiss.map(JSONValue.string) ?? .null,
      "passes": JSONValue(passes), "forced_tokens": JSONValue(forcedTokens),
      "drafted_tokens": JSONValue(draftedTokens), "accepted_tokens": JSONValue(acceptedTokens),
      "prefill_seconds": JSONValue(decimal: prefillTime / .seconds(1)),
      "time_to_first_token_seconds": JSONValue(decimal: timeToFirstToken / .seconds(1)),
      "decode_seconds": JSONValue(decimal: decodeTime / .seconds(1)),
      "prefill_tokens_per_second": JSONValue(decimal: prefillTokensPerSecond),
      "decode_tokens_per_second": JSONValue(decimal: decodeTokensPerSecond),
      "load_seconds": JSONValue(decimal: information.loadTime / .seconds(1)), "seed": JSONValue(seed),
      "kernels": .string(information.kernels), "threads": JSONValue(information.threads),
    ]
  }
}

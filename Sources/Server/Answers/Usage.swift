import GPTOSS
import GPTOSSJSON
import GPTOSSTokenizer

/// The tokens of a request.
package struct Usage: Equatable {
  /// Tokens of the prompt; several choices share one.
  var promptTokens = 0
  /// Tokens of the prompt that were found in the cache.
  var cachedTokens = 0
  /// Tokens of all choices, reasoning included.
  var completionTokens = 0
  /// Tokens of the reasoning's text, as the tokenizer counts them, and no more than were generated: a model may
  /// write a text in fewer. Markers between messages are not reasoning.
  var reasoningTokens = 0

  package init(promptTokens: Int = 0, completionTokens: Int = 0) {
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
  }

  /// Adds another choice.
  mutating func add(_ statistics: GenerationStatistics, reasoning: String = "", tokenizer: Tokenizer? = nil) {
    promptTokens = max(promptTokens, statistics.promptTokens)
    // The first choice reads the prompt. The others find it in the cache, which does not count.
    cachedTokens =
      completionTokens == 0 ? statistics.cachedTokens : min(cachedTokens, statistics.cachedTokens)
    completionTokens += statistics.generatedTokens
    let count = reasoning.isEmpty ? 0 : tokenizer?.count(reasoning) ?? 0
    reasoningTokens += min(count, statistics.generatedTokens)
  }

  /// Adds another prompt and its choices.
  mutating func add(_ other: Usage) {
    promptTokens += other.promptTokens
    cachedTokens += other.cachedTokens
    completionTokens += other.completionTokens
    reasoningTokens += other.reasoningTokens
  }

  /// `usage` of chat and completions.
  var chatJSON: JSONValue {
    [
      "prompt_tokens": .integer(promptTokens), "completion_tokens": .integer(completionTokens),
      "total_tokens": .integer(promptTokens + completionTokens),
      "prompt_tokens_details": ["cached_tokens": .integer(cachedTokens)],
      "completion_tokens_details": ["reasoning_tokens": .integer(reasoningTokens)],
    ]
  }

  /// `usage` of Responses.
  var responsesJSON: JSONValue {
    [
      "input_tokens": .integer(promptTokens),
      "input_tokens_details": ["cached_tokens": .integer(cachedTokens), "cache_write_tokens": 0],
      "output_tokens": .integer(completionTokens),
      "output_tokens_details": ["reasoning_tokens": .integer(reasoningTokens)],
      "total_tokens": .integer(promptTokens + completionTokens),
    ]
  }

  /// `usage` of Messages, whose input leaves out what was found in the cache.
  var messagesJSON: JSONValue {
    [
      "input_tokens": .integer(promptTokens - cachedTokens), "cache_creation_input_tokens": 0,
      "cache_read_input_tokens": .integer(cachedTokens), "output_tokens": .integer(completionTokens),
      "output_tokens_details": ["thinking_tokens": .integer(reasoningTokens)],
    ]
  }
}

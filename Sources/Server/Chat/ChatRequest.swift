import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON

/// The body of `POST /v1/chat/completions`.
package struct ChatRequest {
  package var answer: AnswerRequest
  var reasoningFormat: ReasoningFormat
  /// How many answers to give.
  package var choiceCount: Int
  /// Whether the last chunk of a stream tells the usage.
  package var includesUsage: Bool

  /// - Throws: `ServerError` or `JSONError` with the path of the parameter at fault.
  package init(_ request: JSONField) throws {
    answer = try AnswerRequest(
      parameters: request, items: try ConversationItem.read(messages: request.required("messages")),
      layout: .chat,
      format: try request.optional("response_format"))
    answer.generation.options.maximumTokens =
      try request.integer("max_completion_tokens", in: 1...Int.max)
      ?? request.integer("max_tokens", in: 1...Int.max)
    reasoningFormat = try ReasoningFormat(parameters: request)
    choiceCount = try request.integer("n", in: 1...128) ?? 1
    includesUsage = try request.optional("stream_options")?.flag("include_usage") ?? false
    let alternatives = try request.integer("top_logprobs", in: 0...20)
    if try request.flag("logprobs") ?? false {
      answer.generation.options.logProbabilities = alternatives ?? 0
    } else if alternatives != nil {
      throw ServerError.invalid(parameter: "top_logprobs", problem: "it needs 'logprobs' to be true")
    }
  }
}

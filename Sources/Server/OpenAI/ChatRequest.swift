import GPTOSS
package import GPTOSSJSON

/// The body of `POST /v1/chat/completions`.
package struct ChatRequest {
  package var answer: AnswerParameters
  var reasoningFormat: ReasoningFormat
  /// How many answers to give.
  package var choiceCount: Int
  /// Whether the last chunk of a stream has the usage.
  package var includesUsage: Bool

  /// - Throws: `ServerError` or `JSONError` with the path of the parameter at fault.
  package init(_ request: JSONField) throws {
    answer = try AnswerParameters(
      parameters: request, items: try ConversationItem.read(messages: request.required("messages")),
      layout: .chat,
      format: try request.optional("response_format"))
    answer.generation.options.maximumTokens = try request.tokenLimit("max_completion_tokens", "max_tokens")
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

extension ChatRequest: AnswerableRequest {
  var generation: GenerationParameters { answer.generation }
  var tools: DeclaredTools { answer.tools.declared }

  func plan(
    _ model: any TokenModel, _ service: APIService
  ) throws -> AnswerPlan<ChoicesAnswer<ChatChoice>> {
    try answer.plan(model, count: choiceCount, limitPath: "max_tokens") {
      let head: JSONValue = [
        "id": .string(service.identifiers.make("chatcmpl-")), "object": "chat.completion",
        "created": .now, "model": .string(generation.model), "service_tier": "default",
        "system_fingerprint": nil,
      ]
      let spelling = TokenSpelling(generation.options, model.tokenizer)
      return ChoicesAnswer(
        head: head, chunkHead: head.adding(["object": "chat.completion.chunk"]), includesUsage: includesUsage,
        hasNullUsage: includesUsage, notes: tools.notes,
        choices: (0..<choiceCount).map {
          ChatChoice(
            index: $0, reasoningFormat: reasoningFormat, tools: answer.tools, spelling: spelling,
            identifiers: service.identifiers, tokenizer: model.tokenizer)
        },
        choicesPerPrompt: choiceCount)
    }
  }
}

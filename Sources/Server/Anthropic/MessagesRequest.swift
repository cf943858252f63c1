import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON

/// The body of `POST /v1/messages`.
package struct MessagesRequest {
  package var answer: AnswerParameters
  package var thinking: ThinkingParameters

  /// - Throws: `ServerError` or `JSONError` with the path of the parameter at fault.
  package init(_ request: JSONField) throws {
    if let thread = try request.optional("thread") {
      throw ServerError.unsupported(
        parameter: thread.path, what: "this server keeps no conversations; send all messages each time")
    }
    answer = try AnswerParameters(messages: request)
    _ = try request.required("max_tokens")
    answer.generation.options.maximumTokens = try request.tokenLimit("max_tokens", atLeast: 0)
    thinking = try ThinkingParameters(messages: request)
  }
}

extension MessagesRequest: AnswerableRequest {
  var generation: GenerationParameters { answer.generation }
  var tools: DeclaredTools { answer.tools.declared }

  func plan(_ model: any TokenModel, _ service: APIService) throws -> AnswerPlan<MessageDraft> {
    try answer.plan(model, limitPath: "max_tokens") {
      MessageDraft(
        model: generation.model, thinking: thinking.display, tools: tools, identifiers: service.identifiers,
        tokenizer: model.tokenizer)
    }
  }
}

extension AnswerParameters {
  /// Reads what `POST /v1/messages` and `POST /v1/messages/count_tokens` have in common: all but the limit of
  /// tokens.
  ///
  /// - Throws: `ServerError` or `JSONError` with the path of the parameter at fault.
  package init(messages request: JSONField) throws {
    let output = try request.optional("output_config")
    let thinking = try ThinkingParameters(messages: request)
    self.init(
      generation: try GenerationParameters(parameters: request, stop: "stop_sequences"),
      items: try ConversationItem.read(messagesRequest: request),
      tools: try ToolParameters(messages: request),
      // Earlier clients send the format by itself. It looks as in Responses.
      format: try FormatParameters(
        output?.optional("format") ?? request.optional("output_format"), layout: .responses),
      effort: try output?.optional("effort").map(ReasoningEffort.init(name:))
        ?? thinking.effort,
      reasoningBudget: thinking.budget)
  }
}

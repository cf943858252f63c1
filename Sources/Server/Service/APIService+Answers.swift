import GPTOSS
import GPTOSSHarmony

extension APIService {
  /// Notes for the log what a request asks for, and makes sure that it asks for this model.
  ///
  /// - Throws: ``ServerError/unknownModel(_:)``.
  func identify(_ parameters: GenerationParameters, _ exchange: Exchange) throws(ServerError) {
    exchange.note {
      $0.model = parameters.model
      $0.isStreamed = parameters.isStreamed
    }
    try names.check(parameters.model)
  }

  /// Starts the answers to a conversation, which chat and Responses ask for alike.
  ///
  /// - Parameters:
  ///   - count: how many answers.
  ///   - limitPath: where the request has the limit of tokens.
  /// - Throws: `ServerError`, `CancellationError`.
  func start(
    _ request: AnswerRequest, count: Int = 1, limitPath: String, _ exchange: Exchange
  ) async throws -> Generations<ResponseEvent> {
    try identify(request.generation, exchange)
    let conversation = try request.conversation(date: today)
    return try await start(
      count, exchange, schemaPath: request.format.schemaPath, limitPath: limitPath
    ) { [model] choice in
      model.respond(to: conversation, options: request.options(choice: choice))
    }
  }
}

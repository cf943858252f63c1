import GPTOSS
import GPTOSSHarmony

extension APIService {
  /// `POST /v1/chat/completions`.
  ///
  /// - Throws: `ServerError`, `HarmonyError` with a parameter's path, `CancellationError`.
  func chat(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    let request = try ChatRequest(.body(body))
    let answer = request.answer
    exchange.note {
      $0.model = answer.model
      $0.isStreamed = answer.isStreamed
    }
    try names.check(answer.model)
    let conversation = try answer.conversation(date: today)
    let generations = try await start(
      request.choiceCount, exchange, schemaPath: answer.format.schemaPath
    ) { [model] choice in
      model.respond(to: conversation, options: answer.options(choice: choice))
    }
    let completion = ChatCompletion(
      request: request, id: identifiers.make("chatcmpl-"), created: now,
      spelling: spelling(answer.generation),
      identifiers: identifiers)
    guard answer.isStreamed else {
      return .json(try await collect(generations, completion, exchange))
    }
    return .events { send in try await stream(generations, completion, exchange, send) }
  }

  private func collect(
    _ generations: Generations<ResponseEvent>, _ completion: ChatCompletion, _ exchange: Exchange
  ) async throws -> JSONValue {
    defer { generations.cancel() }
    var completion = completion
    do {
      for try await (choice, event) in generations.events {
        _ = completion.choices[choice].read(event)
        if case .finished(let response) = event { note(response.statistics, exchange) }
      }
    } catch { throw ServerError.ofEngine(error) }
    try Task.checkCancellation()
    return completion.json(tokenizer: model.tokenizer)
  }

  private func stream(
    _ generations: Generations<ResponseEvent>, _ completion: ChatCompletion, _ exchange: Exchange,
    _ send: (ServerSentEvent) async throws -> Void
  ) async throws {
    defer { generations.cancel() }
    var completion = completion
    for choice in completion.choices { try await send(completion.chunk(choice.opening)) }
    do {
      for try await (choice, event) in generations.events {
        switch event {
        case .prompt(let read, let total): try await send(.progress(read: read, total: total))
        case .finished(let response): note(response.statistics, exchange)
        default: break
        }
        if let change = completion.choices[choice].read(event) { try await send(completion.chunk(change)) }
      }
    } catch let error as GPTOSSError {
      // The status has been sent; the error comes as an event, which OpenAI's clients throw.
      let error = ServerError(ServerError.ofEngine(error))
      exchange.note { $0.error = error }
      return try await send(ServerSentEvent(error.json))
    }
    try Task.checkCancellation()
    if completion.request.includesUsage { try await send(completion.usageChunk(tokenizer: model.tokenizer)) }
    try await send(.done)
  }
}

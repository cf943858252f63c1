import GPTOSS
import GPTOSSHarmony

extension APIService {
  /// `POST /v1/responses`.
  ///
  /// - Throws: `ServerError`, `HarmonyError` with a parameter's path, `CancellationError`.
  func respond(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    let request = try ResponsesRequest(.body(body), store: store)
    let answer = request.answer
    exchange.note {
      $0.model = answer.model
      $0.isStreamed = answer.isStreamed
    }
    try names.check(answer.model)
    let conversation = try answer.conversation(date: today)
    let generations = try await start(
      1, exchange, schemaPath: answer.format.schemaPath, limitPath: "max_output_tokens"
    ) { [model] choice in
      model.respond(to: conversation, options: answer.options(choice: choice))
    }
    let builder = ResponseBuilder(
      createdAt: now, model: answer.model, echo: request.echo, spelling: spelling(answer.generation),
      identifiers: identifiers)
    guard answer.isStreamed else {
      return .json(try await run(generations, builder, request, exchange) { _ in })
    }
    return .events { send in
      _ = try await run(generations, builder, request, exchange, send)
    }
  }

  /// `GET /v1/responses/{id}`.
  func storedResponse(_ id: String) throws(ServerError) -> JSONValue {
    guard let entry = store.entry(id) else { throw .unknownResponse(id, parameter: nil) }
    return entry.response
  }

  /// `DELETE /v1/responses/{id}`.
  func deleteResponse(_ id: String) throws(ServerError) -> JSONValue {
    guard store.remove(id) else { throw .unknownResponse(id, parameter: nil) }
    return ["id": .string(id), "object": "response", "deleted": true]
  }

  /// Sends the events and returns the whole response.
  private func run(
    _ generations: Generations<ResponseEvent>, _ builder: ResponseBuilder, _ request: ResponsesRequest,
    _ exchange: Exchange, _ send: (ServerSentEvent) async throws -> Void
  ) async throws -> JSONValue {
    defer { generations.cancel() }
    var builder = builder
    for event in builder.begin() { try await send(ServerSentEvent(named: event)) }
    var response = JSONValue.null
    do {
      for try await (_, event) in generations.events {
        var changes = builder.read(event)
        switch event {
        case .prompt(let read, let total): try await send(.progress(read: read, total: total))
        case .finished(let end):
          note(end.statistics, exchange)
          var usage = Usage()
          usage.add(end.statistics, reasoning: builder.reasoning, tokenizer: model.tokenizer)
          let (last, whole) = builder.finish(end.statistics.stopReason, usage, completedAt: now)
          changes += last
          response = whole
          if request.isStored {
            store.keep(
              builder.id, ResponseStore.Entry(response: whole, conversation: request.history + builder.output)
            )
          }
        default: break
        }
        for change in changes { try await send(ServerSentEvent(named: change)) }
      }
    } catch let error as GPTOSSError {
      let error = ServerError(ServerError.ofEngine(error))
      exchange.note { $0.error = error }
      guard request.answer.isStreamed else { throw error }
      for event in builder.fail(error) { try await send(ServerSentEvent(named: event)) }
    }
    try Task.checkCancellation()
    return response
  }
}

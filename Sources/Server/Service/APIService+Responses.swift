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
    let draft = ResponseDraft(
      builder: builder, tokenizer: model.tokenizer, keep: request.isStored ? (store, request.history) : nil)
    return try await reply(generations, draft, isStreamed: answer.isStreamed, exchange) { $0.response }
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
}

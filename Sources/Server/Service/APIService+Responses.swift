import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON

extension APIService {
  /// `POST /v1/responses`.
  ///
  /// - Throws: `ServerError`, `JSONError` with a parameter's path, `CancellationError`.
  package func respond(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    let request = try ResponsesRequest(.body(body), store: store)
    let generation = request.answer.generation
    let generations = try await start(request.answer, limitPath: "max_output_tokens", exchange)
    let builder = ResponseBuilder(
      createdAt: now, model: generation.model, echo: request.echo, spelling: spelling(generation.options),
      identifiers: identifiers)
    let draft = ResponseDraft(
      builder: builder, tokenizer: model.tokenizer, keep: request.isStored ? (store, request.history) : nil)
    return try await reply(generations, draft, isStreamed: generation.isStreamed, exchange) { $0.response }
  }

  /// `GET /v1/responses/{id}`.
  package func storedResponse(_ id: String) throws(ServerError) -> JSONValue {
    guard let entry = store.entry(id) else { throw .unknownResponse(id, parameter: nil) }
    return entry.response
  }

  /// `DELETE /v1/responses/{id}`.
  package func deleteResponse(_ id: String) throws(ServerError) -> JSONValue {
    guard store.remove(id) else { throw .unknownResponse(id, parameter: nil) }
    return ["id": .string(id), "object": "response", "deleted": true]
  }
}

import GPTOSS
import GPTOSSHarmony

extension APIService {
  /// `POST /v1/chat/completions`.
  ///
  /// - Throws: `ServerError`, `JSONError` with a parameter's path, `CancellationError`.
  package func chat(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    let request = try ChatRequest(.body(body))
    let generation = request.answer.generation
    let generations = try await start(
      request.answer, count: request.choiceCount, limitPath: "max_tokens", exchange)
    let completion = ChatCompletion(
      request: request, id: identifiers.make("chatcmpl-"), created: now,
      spelling: spelling(generation.options),
      identifiers: identifiers, tokenizer: model.tokenizer)
    return try await reply(
      generations, completion, isStreamed: generation.isStreamed, exchange, whole: \.json)
  }
}

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
      identifiers: identifiers, tokenizer: model.tokenizer)
    return try await reply(generations, completion, isStreamed: answer.isStreamed, exchange, whole: \.json)
  }
}

import GPTOSS
import GPTOSSHarmony
import GPTOSSTokenizer

extension APIService {
  /// `POST /v1/completions`.
  ///
  /// - Throws: `ServerError`, `HarmonyError` with a parameter's path, `CancellationError`.
  func completion(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    let request = try CompletionRequest(.body(body))
    exchange.note {
      $0.model = request.model
      $0.isStreamed = request.isStreamed
    }
    try names.check(request.model)
    let prompts = request.prompts.map(tokens(of:))
    let generation = request.generation
    let count = request.choiceCount
    let generations = try await start(prompts.count * count, exchange) { [model] index in
      var options = generation
      // Each choice is another draw; a given seed gives the same choices again.
      if let seed = options.sampling.seed { options.sampling.seed = seed &+ UInt64(index % count) }
      return model.generate(from: prompts[index / count], options: options)
    }
    let spelling = spelling(generation)
    let completion = Completion(
      id: identifiers.make("cmpl-"), created: now, request: request,
      choices: try (0..<prompts.count * count).map {
        CompletionChoice(
          index: $0, echo: request.echoes ? try text(of: request.prompts[$0 / count]) : "", spelling: spelling
        )
      })
    return try await reply(generations, completion, isStreamed: request.isStreamed, exchange, whole: \.json)
  }

  private func tokens(of prompt: CompletionRequest.Prompt) -> [TokenID] {
    switch prompt {
    case .text(let text): model.tokenizer.encode(text)
    case .tokens(let tokens): tokens
    }
  }

  private func text(of prompt: CompletionRequest.Prompt) throws -> String {
    switch prompt {
    case .text(let text): text
    case .tokens(let tokens): try model.tokenizer.decodeReplacingInvalid(tokens)
    }
  }
}

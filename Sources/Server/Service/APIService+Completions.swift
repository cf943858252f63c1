import GPTOSS
import GPTOSSHarmony
import GPTOSSTokenizer

extension APIService {
  /// `POST /v1/completions`.
  ///
  /// - Throws: `ServerError`, `JSONError` with a parameter's path, `CancellationError`.
  func completion(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    let request = try CompletionRequest(.body(body))
    let generation = request.generation
    try identify(generation, exchange)
    let prompts = request.prompts.map(tokens(of:))
    let count = request.choiceCount
    let generations = try await start(prompts.count * count, exchange) { [model] index in
      model.generate(from: prompts[index / count], options: generation.options(choice: index % count))
    }
    let spelling = spelling(generation.options)
    let completion = Completion(
      id: identifiers.make("cmpl-"), created: now, request: request,
      choices: try (0..<prompts.count * count).map {
        CompletionChoice(
          index: $0, echo: request.echoes ? try text(of: request.prompts[$0 / count]) : "", spelling: spelling
        )
      })
    return try await reply(
      generations, completion, isStreamed: generation.isStreamed, exchange, whole: \.json)
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

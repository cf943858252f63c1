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
    guard request.isStreamed else { return .json(try await collect(generations, completion, exchange)) }
    return .events { send in try await stream(generations, completion, exchange, send) }
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

  private func collect(
    _ generations: Generations<GenerationEvent>, _ completion: Completion, _ exchange: Exchange
  ) async throws -> JSONValue {
    defer { generations.cancel() }
    var completion = completion
    do {
      for try await (choice, event) in generations.events {
        _ = completion.choices[choice].read(event)
        if case .finished(_, let statistics) = event { note(statistics, exchange) }
      }
    } catch { throw ServerError.ofEngine(error) }
    try Task.checkCancellation()
    return completion.json
  }

  private func stream(
    _ generations: Generations<GenerationEvent>, _ completion: Completion, _ exchange: Exchange,
    _ send: (ServerSentEvent) async throws -> Void
  ) async throws {
    defer { generations.cancel() }
    var completion = completion
    for choice in completion.choices {
      if let opening = choice.opening { try await send(completion.chunk(opening)) }
    }
    do {
      for try await (choice, event) in generations.events {
        switch event {
        case .prompt(let read, let total): try await send(.progress(read: read, total: total))
        case .finished(_, let statistics): note(statistics, exchange)
        case .token: break
        }
        if let change = completion.choices[choice].read(event) { try await send(completion.chunk(change)) }
      }
    } catch let error as GPTOSSError {
      let error = ServerError(ServerError.ofEngine(error))
      exchange.note { $0.error = error }
      return try await send(ServerSentEvent(error.json))
    }
    try Task.checkCancellation()
    if completion.request.includesUsage { try await send(completion.usageChunk) }
    try await send(.done)
  }
}

/// The answer to a completion request: its choices, as a whole or in chunks.
private struct Completion {
  let id: String
  let created: Int
  let request: CompletionRequest
  var choices: [CompletionChoice]

  var json: JSONValue { head.adding(["choices": .array(choices.map(\.json)), "usage": usage.chatJSON]) }

  func chunk(_ choice: JSONValue) -> ServerSentEvent {
    ServerSentEvent(head.adding(["choices": [choice]]))
  }

  var usageChunk: ServerSentEvent {
    ServerSentEvent(head.adding(["choices": [], "usage": usage.chatJSON]))
  }

  private var head: JSONValue {
    [
      "id": .string(id), "object": "text_completion", "created": .integer(created),
      "model": .string(request.model), "system_fingerprint": nil,
    ]
  }

  private var usage: Usage {
    // The choices of one prompt share it; different prompts add up.
    var usage = Usage()
    for first in stride(from: 0, to: choices.count, by: request.choiceCount) {
      var ofPrompt = Usage()
      for choice in choices[first..<first + request.choiceCount] {
        if let statistics = choice.statistics { ofPrompt.add(statistics) }
      }
      usage.promptTokens += ofPrompt.promptTokens
      usage.cachedTokens += ofPrompt.cachedTokens
      usage.completionTokens += ofPrompt.completionTokens
    }
    return usage
  }
}

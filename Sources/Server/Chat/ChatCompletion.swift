import GPTOSSHarmony
import GPTOSSTokenizer

/// The answer to a chat request: its choices, as a whole or in chunks.
struct ChatCompletion {
  let request: ChatRequest
  var choices: [ChatChoice]

  private let id: String
  private let created: Int

  /// - Parameters:
  ///   - created: seconds since 1970.
  ///   - spelling: nil if no log-probabilities are asked for.
  init(request: ChatRequest, id: String, created: Int, spelling: TokenSpelling?, identifiers: Identifiers) {
    self.request = request
    self.id = id
    self.created = created
    choices = (0..<request.choiceCount).map {
      ChatChoice(
        index: $0, reasoningFormat: request.reasoningFormat, spelling: spelling, identifiers: identifiers)
    }
  }

  /// The whole answer.
  func json(tokenizer: Tokenizer) -> JSONValue {
    head("chat.completion").adding([
      "choices": .array(choices.map(\.json)), "usage": usage(tokenizer).chatJSON,
    ])
  }

  /// A chunk with one choice's change.
  func chunk(_ choice: JSONValue) -> ServerSentEvent {
    let chunk = head("chat.completion.chunk").adding(["choices": [choice]])
    // Clients that ask for the usage expect the field in every chunk.
    return ServerSentEvent(request.includesUsage ? chunk.adding(["usage": nil]) : chunk)
  }

  /// The chunk that tells the usage, without choices.
  func usageChunk(tokenizer: Tokenizer) -> ServerSentEvent {
    ServerSentEvent(
      head("chat.completion.chunk").adding(["choices": [], "usage": usage(tokenizer).chatJSON]))
  }

  private func head(_ object: JSONValue) -> JSONValue {
    [
      "id": .string(id), "object": object, "created": .integer(created),
      "model": .string(request.answer.model),
      "service_tier": "default", "system_fingerprint": nil,
    ]
  }

  private func usage(_ tokenizer: Tokenizer) -> Usage {
    var usage = Usage()
    for choice in choices {
      if let statistics = choice.statistics {
        usage.add(statistics, reasoning: choice.reasoning, tokenizer: tokenizer)
      }
    }
    return usage
  }
}

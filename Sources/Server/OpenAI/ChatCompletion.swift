import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSTokenizer

/// The answer to a chat request: its choices, as a whole or in chunks.
struct ChatCompletion: AnswerDraft {
  private let request: ChatRequest
  private let id: String
  /// Seconds since 1970.
  private let created = Int(Date().timeIntervalSince1970)
  private let tokenizer: Tokenizer
  private var choices: [ChatChoice]

  /// - Parameters:
  ///   - spelling: nil if no log-probabilities are asked for.
  ///   - tokenizer: counts the tokens of reasoning.
  init(
    request: ChatRequest, spelling: TokenSpelling?, identifiers: Identifiers, tokenizer: Tokenizer
  ) {
    self.request = request
    id = identifiers.make("chatcmpl-")
    self.tokenizer = tokenizer
    choices = (0..<request.choiceCount).map {
      ChatChoice(
        index: $0, reasoningFormat: request.reasoningFormat, spelling: spelling, identifiers: identifiers)
    }
  }

  func begin() -> [ServerSentEvent] { choices.map { chunk($0.opening) } }

  mutating func read(_ event: ResponseEvent, choice: Int) -> [ServerSentEvent] {
    choices[choice].read(event).map { [chunk($0)] } ?? []
  }

  func end() -> [ServerSentEvent] {
    guard request.includesUsage else { return [.done] }
    let chunk = head("chat.completion.chunk").adding(["choices": [], "usage": usage.chatJSON])
    return [ServerSentEvent(chunk), .done]
  }

  func fail(_ error: ServerError) -> [ServerSentEvent] { [ServerSentEvent(error.json)] }

  /// The whole answer.
  var json: JSONValue {
    head("chat.completion").adding(["choices": .array(choices.map(\.json)), "usage": usage.chatJSON])
  }

  /// A chunk with one choice's change.
  private func chunk(_ choice: JSONValue) -> ServerSentEvent {
    let chunk = head("chat.completion.chunk").adding(["choices": [choice]])
    // Clients that ask for the usage expect the field in every chunk.
    return ServerSentEvent(request.includesUsage ? chunk.adding(["usage": nil]) : chunk)
  }

  private func head(_ object: JSONValue) -> JSONValue {
    [
      "id": .string(id), "object": object, "created": .integer(created),
      "model": .string(request.answer.generation.model),
      "service_tier": "default", "system_fingerprint": nil,
    ]
  }

  private var usage: Usage {
    var usage = Usage()
    for choice in choices {
      if let statistics = choice.statistics {
        usage.add(statistics, reasoning: choice.reasoning, tokenizer: tokenizer)
      }
    }
    return usage
  }
}

import Foundation
import GPTOSS
import GPTOSSJSON

/// The answer to a completion request: its choices, as a whole or in chunks.
struct Completion: AnswerDraft {
  private let id: String
  /// Seconds since 1970.
  private let created = Int(Date().timeIntervalSince1970)
  private let request: CompletionRequest
  private var choices: [CompletionChoice]

  init(id: String, request: CompletionRequest, choices: [CompletionChoice]) {
    self.id = id
    self.request = request
    self.choices = choices
  }

  func begin() -> [ServerSentEvent] { choices.compactMap { $0.opening.map(chunk) } }

  mutating func read(_ event: GenerationEvent, choice: Int) -> [ServerSentEvent] {
    choices[choice].read(event).map { [chunk($0)] } ?? []
  }

  func end() -> [ServerSentEvent] {
    guard request.includesUsage else { return [.done] }
    return [ServerSentEvent(head.adding(["choices": [], "usage": usage.chatJSON])), .done]
  }

  func fail(_ error: ServerError) -> [ServerSentEvent] { [ServerSentEvent(error.json)] }

  /// The whole answer.
  var json: JSONValue { head.adding(["choices": .array(choices.map(\.json)), "usage": usage.chatJSON]) }

  private func chunk(_ choice: JSONValue) -> ServerSentEvent {
    ServerSentEvent(head.adding(["choices": [choice]]))
  }

  private var head: JSONValue {
    [
      "id": .string(id), "object": "text_completion", "created": .integer(created),
      "model": .string(request.generation.model), "system_fingerprint": nil,
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

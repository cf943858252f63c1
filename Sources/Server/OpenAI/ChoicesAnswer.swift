import GPTOSSJSON

/// One choice of an answer, put together from the engine's events, for streams and whole answers alike.
protocol AnswerChoice: Sendable {
  associatedtype Event: EngineEvent

  /// The choice as the first chunk has it; nil if there is no chunk before the first event.
  var opening: JSONValue? { get }

  /// Takes an event.
  ///
  /// - Returns: the choice of the chunk that follows from it; nil for no chunk.
  mutating func read(_ event: Event) -> JSONValue?

  /// The choice as a whole answer has it.
  var json: JSONValue { get }

  /// Counts the choice's tokens.
  func count(in usage: inout Usage)
}

/// The answer of chat and completions: choices, as a whole or in chunks.
struct ChoicesAnswer<Choice: AnswerChoice>: AnswerDraft {
  /// What the whole answer begins with.
  let head: JSONValue
  /// What a chunk begins with.
  let chunkHead: JSONValue
  /// Whether the last chunk of a stream has the usage.
  let includesUsage: Bool
  /// Whether the chunks before it have a usage of null, as in OpenAI's chat.
  var hasNullUsage = false
  /// What the whole answer and the first chunk say about the request.
  var notes = JSONObject()
  var choices: [Choice]
  /// How many of the choices continue the same prompt.
  let choicesPerPrompt: Int

  func begin() -> [ServerSentEvent] {
    choices.compactMap(\.opening).enumerated().map { chunk($1, isFirst: $0 == 0) }
  }

  mutating func read(_ event: Choice.Event, choice: Int) -> [ServerSentEvent] {
    choices[choice].read(event).map { [chunk($0)] } ?? []
  }

  func end() -> [ServerSentEvent] {
    guard includesUsage else { return [.done] }
    return [ServerSentEvent(chunkHead.adding(["choices": [], "usage": usage])), .done]
  }

  func fail(_ error: ServerError) -> [ServerSentEvent] { [ServerSentEvent(error.json)] }

  var json: JSONValue {
    head.adding(["choices": .array(choices.map(\.json)), "usage": usage]).adding(notes)
  }

  /// A chunk with one choice's change.
  private func chunk(_ choice: JSONValue, isFirst: Bool = false) -> ServerSentEvent {
    let chunk = chunkHead.adding(["choices": [choice]]).adding(isFirst ? notes : JSONObject())
    return ServerSentEvent(hasNullUsage ? chunk.adding(["usage": nil]) : chunk)
  }

  private var usage: JSONValue {
    // The choices of one prompt share it; different prompts add up.
    var usage = Usage()
    for first in stride(from: 0, to: choices.count, by: choicesPerPrompt) {
      var ofPrompt = Usage()
      for choice in choices[first..<first + choicesPerPrompt] { choice.count(in: &ofPrompt) }
      usage.add(ofPrompt)
    }
    return usage.chatJSON
  }
}

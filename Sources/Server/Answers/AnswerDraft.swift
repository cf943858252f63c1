import GPTOSS
import GPTOSSJSON

/// An answer that is put together from events of the engine: pure, for streams and whole answers alike.
protocol AnswerDraft: Sendable {
  /// What the engine tells.
  associatedtype Event: EngineEvent

  /// The whole answer, once all choices are complete.
  var json: JSONValue { get }

  /// What a stream begins with.
  mutating func begin() -> [ServerSentEvent]
  /// Takes an event of a choice, and says what a stream tells of it.
  mutating func read(_ event: Event, choice: Int) -> [ServerSentEvent]
  /// What a stream ends with when all choices are complete.
  mutating func end() -> [ServerSentEvent]
  /// What a stream ends with when the engine has failed.
  mutating func fail(_ error: ServerError) -> [ServerSentEvent]
}

/// What all events of the engine have.
protocol EngineEvent: Sendable {
  /// How much of the prompt has been read, if this tells it.
  var progress: (read: Int, total: Int)? { get }
  /// The figures of a generation, if this is its end.
  var statistics: GenerationStatistics? { get }
}

extension ResponseEvent: EngineEvent {
  var progress: (read: Int, total: Int)? {
    if case .prompt(let read, let total) = self { (read, total) } else { nil }
  }

  var statistics: GenerationStatistics? {
    if case .finished(let response) = self { response.statistics } else { nil }
  }
}

extension GenerationEvent: EngineEvent {
  var progress: (read: Int, total: Int)? {
    if case .prompt(let read, let total) = self { (read, total) } else { nil }
  }

  var statistics: GenerationStatistics? {
    if case .finished(_, let statistics) = self { statistics } else { nil }
  }
}

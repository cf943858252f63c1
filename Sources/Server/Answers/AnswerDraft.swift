import GPTOSS
import GPTOSSJSON

/// An answer that is put together from the engine's events, for streams and whole answers alike.
///
/// A state machine without input or output: each API has its own.
protocol AnswerDraft: Sendable {
  /// The engine's events.
  associatedtype Event: EngineEvent

  /// The whole answer, once all choices are complete.
  var json: JSONValue { get }

  /// The events that a stream begins with.
  mutating func begin() -> [ServerSentEvent]
  /// Takes an event of a choice.
  ///
  /// - Returns: the events of the stream that follow from it.
  mutating func read(_ event: Event, choice: Int) -> [ServerSentEvent]
  /// The events that a stream ends with when all choices are complete.
  mutating func end() -> [ServerSentEvent]
  /// The events that a stream ends with when the engine has failed.
  mutating func fail(_ error: ServerError) -> [ServerSentEvent]
}

/// What all events of the engine have in common.
protocol EngineEvent: Sendable {
  /// How much of the prompt has been read, if the event is about that.
  var progress: (read: Int, total: Int)? { get }
  /// The figures of a generation, if the event is its end.
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

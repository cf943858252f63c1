import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSTokenizer

/// A response that is being written, and kept when it is complete.
struct ResponseDraft: AnswerDraft {
  private var builder: ResponseBuilder
  private let tokenizer: Tokenizer
  private let date: String?
  private let keep: (store: ResponseStore, history: [JSONValue])?
  /// The whole response, once it is complete.
  private(set) var json = JSONValue.null

  /// - Parameters:
  ///   - tokenizer: counts the tokens of reasoning.
  ///   - date: the day that the system message names, if the response is to have what a trace needs.
  ///   - keep: where the response is kept, and the conversation before it; nil if it is not.
  init(
    builder: ResponseBuilder, tokenizer: Tokenizer, tracedAs date: String?,
    keep: (store: ResponseStore, history: [JSONValue])?
  ) {
    self.builder = builder
    self.tokenizer = tokenizer
    self.date = date
    self.keep = keep
  }

  mutating func begin() -> [ServerSentEvent] { builder.begin().map(ServerSentEvent.init(named:)) }

  mutating func read(_ event: ResponseEvent, choice: Int) -> [ServerSentEvent] {
    var events = builder.read(event)
    if case .finished(let end) = event {
      var usage = Usage()
      usage.add(end.statistics, reasoning: builder.reasoning, tokenizer: tokenizer)
      let now = Int(Date().timeIntervalSince1970)
      let (last, whole) = builder.finish(
        end.statistics.stopReason, usage, given: given(end), completedAt: now)
      events += last
      json = whole
      // It is kept before the last event is sent, because the next request may follow at once.
      if let keep {
        keep.store.keep(
          builder.id, ResponseStore.Entry(response: whole, conversation: keep.history + builder.output))
      }
    }
    return events.map(ServerSentEvent.init(named:))
  }

  /// What a trace of the answer needs. The tokens of several rounds do not follow each other: results of
  /// tools stand between them.
  private func given(_ end: Response) -> GivenAnswer? {
    guard let date, end.rounds == 1, !end.tokens.isEmpty else { return nil }
    return GivenAnswer(tokens: end.tokens, seed: end.statistics.seed, date: date)
  }

  func end() -> [ServerSentEvent] { [] }

  mutating func fail(_ error: ServerError) -> [ServerSentEvent] {
    builder.fail(error).map(ServerSentEvent.init(named:))
  }
}

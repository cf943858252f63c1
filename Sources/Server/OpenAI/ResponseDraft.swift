import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSTokenizer

/// A response that is being written, and kept when it is complete.
struct ResponseDraft: AnswerDraft {
  private var builder: ResponseBuilder
  private let tokenizer: Tokenizer
  private let keep: (store: ResponseStore, history: [JSONValue])?
  /// The whole response, once it is complete.
  private(set) var json = JSONValue.null

  /// - Parameters:
  ///   - tokenizer: counts the tokens of reasoning.
  ///   - keep: where the response is kept, and the conversation before it; nil if it is not.
  init(builder: ResponseBuilder, tokenizer: Tokenizer, keep: (store: ResponseStore, history: [JSONValue])?) {
    self.builder = builder
    self.tokenizer = tokenizer
    self.keep = keep
  }

  mutating func begin() -> [ServerSentEvent] { builder.begin().map(ServerSentEvent.init(named:)) }

  mutating func read(_ event: ResponseEvent, choice: Int) -> [ServerSentEvent] {
    var events = builder.read(event)
    if case .finished(let end) = event {
      var usage = Usage()
      usage.add(end.statistics, reasoning: builder.reasoning, tokenizer: tokenizer)
      let now = Int(Date().timeIntervalSince1970)
      let (last, whole) = builder.finish(end.statistics.stopReason, usage, completedAt: now)
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

  func end() -> [ServerSentEvent] { [] }

  mutating func fail(_ error: ServerError) -> [ServerSentEvent] {
    builder.fail(error).map(ServerSentEvent.init(named:))
  }
}

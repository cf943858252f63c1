import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSPlatform
import GPTOSSTracing

/// The page of a trace, for as long as it is kept.
package struct TracePage: Sendable {
  /// A whole document.
  package let html: String
  /// The value of `Content-Security-Policy` that it is sent with.
  package let policy: String
}

/// Traces of answers, made when somebody asks for one.
///
/// One is made at a time, whatever else is generated, because a trace takes memory: at 20b up to 200 MB.
final class TraceDesk: Sendable {
  /// The most tokens of a text, prompt and answer.
  static let tokenLimit = 2048

  let admission = Admission(parallel: 1, queueLimit: 8)
  /// The pages of the last traces. A browser cannot send a key when it opens one, so their ids are as good as
  /// keys.
  let pages = TimedStore<TracePage>(count: 8, byteCount: 128 << 20, age: .seconds(600))
}

extension APIService {
  /// `POST /api/v1/trace`: reads a conversation and its answer once more, observed, and keeps a page that
  /// shows what happened.
  ///
  /// The body is that of a request for a response. `trace` is the answer as it was given, which the response
  /// had; without it, what follows the user's last message is the answer, and is rendered again.
  ///
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path, `CancellationError`.
  package func trace(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    let fields = try await LongWork.run { try JSONField.body(body) }
    let offers = try await serverOffers(for: fields, exchange)
    let (answer, given) = try await LongWork.run {
      let given = try fields.optional("trace").map(GivenAnswer.init)
      var answer = try ResponsesRequest(fields, store: store, offers: offers).answer
      if let given { answer.date = given.date }
      return (answer, given)
    }
    exchange.note { $0.model = answer.generation.model }
    let used = try await use(answer.generation.model, idleTime: answer.generation.idleTime, exchange)
    defer { withExtendedLifetime(used.lease) {} }
    guard let model = used.model as? LanguageModel else {
      throw ServerError.unsupported(
        parameter: "model", what: "the engine behind this server runs elsewhere, and has no inside to show")
    }
    try given?.check(vocabularyCount: model.tokenizer.vocabulary.count)
    let conversation = try await LongWork.run { try answer.conversation() }
    guard given != nil || conversation.endsWithAnswer else {
      throw ServerError.invalid(
        parameter: "input", problem: "it does not end with an answer; add the answer's items, or its 'trace'")
    }
    let client = exchange.record.client
    let tracing = Task {
      try await makeTrace(model, client: client) { options in
        guard let given else { return try await model.trace(of: conversation, options: options) }
        return try await model.trace(
          of: conversation, answer: given.tokens, seed: given.seed,
          responseOptions: answer.options(choice: 0), options: options)
      }
    }
    exchange.onCancel { tracing.cancel() }
    do { return .json(try await tracing.value) } catch let error as GPTOSSError {
      throw ServerError(engine: error, schemaPath: answer.format.schemaPath)
    }
  }

  /// `GET /api/v1/trace/{id}`.
  ///
  /// - Throws: ``ServerError/unknownTrace(_:)``.
  package func tracePage(_ id: String) throws(ServerError) -> TracePage {
    guard let page = traces.pages.value(id) else { throw .unknownTrace(id) }
    return page
  }

  /// Makes a trace when it is its turn, and keeps its page.
  ///
  /// - Returns: what the client is told of it.
  private func makeTrace(
    _ model: LanguageModel, client: String, _ trace: (TraceOptions) async throws -> Trace
  ) async throws -> JSONValue {
    // The turn among traces comes first: a slot that waited for it would keep answers waiting.
    let turn = try await traces.admission.slot(client: client)
    defer { turn.leave() }
    let slot = try await admission.slot(client: client)
    defer { slot.leave() }
    let trace = try await trace(TraceOptions(tokenLimit: TraceDesk.tokenLimit))
    let policy = PagePolicy()
    let html = await LongWork.$isExpected.withValue(true) {
      await LongWork.run {
        var html = ""
        trace.writePage(policy) { html += $0 }
        return html
      }
    }
    try Task.checkCancellation()
    let (id, pages) = (identifiers.make("trace_"), traces.pages)
    let page = TracePage(html: html, policy: policy.header)
    guard pages.keep(id, page, byteCount: html.utf8.count) else {
      throw ServerError.invalid(
        parameter: "input", problem: "the page of its trace would be too large; ask for a shorter text")
    }
    return [
      "id": .string(id), "object": "trace", "tokens": .integer(trace.tokens.count),
      "expires_in": .integer(Int(pages.age.components.seconds)),
    ]
  }
}

extension Conversation {
  /// Whether the assistant has the last word.
  fileprivate var endsWithAnswer: Bool { messages.last?.author.role == .assistant }
}

import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSModel
import GPTOSSSampling
import GPTOSSTokenizer

/// OpenAI's API over one model, without HTTP: bodies in, replies out.
package struct APIService: Sendable {
  package let model: any AnsweringModel
  let names: ModelNames
  package let admission: Admission
  let store: ResponseStore
  let metrics: Metrics
  var identifiers = Identifiers.random
  /// When the model was loaded.
  let startedAt = Date()

  package init(
    model: any AnsweringModel, names: ModelNames, admission: Admission, store: ResponseStore, metrics: Metrics
  ) {
    self.model = model
    self.names = names
    self.admission = admission
    self.store = store
    self.metrics = metrics
  }

  /// `GET /v1/models`.
  var modelList: JSONValue {
    ["object": "list", "data": .array(names.all.map(description(ofModel:)))]
  }

  /// `GET /v1/models/{id}`.
  func model(named name: String) throws(ServerError) -> JSONValue {
    try names.check(name)
    return description(ofModel: name)
  }

  private func description(ofModel name: String) -> JSONValue {
    [
      "id": .string(name), "object": "model", "created": .integer(startedAt.secondsSince1970),
      "owned_by": "openai",
    ]
  }

  /// Notes a generation's end in metrics and log.
  private func note(_ statistics: GenerationStatistics, _ exchange: Exchange) {
    metrics.note(statistics)
    exchange.note(statistics)
  }

  var now: Int { Date().secondsSince1970 }

  /// Today in UTC, as Harmony's system message tells it.
  var today: String {
    let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
    return Date().formatted(style)
  }

  /// How tokens are told, if log-probabilities are asked for.
  func spelling(_ options: GenerationOptions) -> TokenSpelling? {
    options.logProbabilities == nil ? nil : TokenSpelling(vocabulary: model.tokenizer.vocabulary)
  }

  /// Starts the generations of a request and waits until there is something to tell.
  ///
  /// - Throws: `ServerError` if the engine refuses the request, `CancellationError`.
  func start<Event>(
    _ count: Int, _ exchange: Exchange, schemaPath: String? = nil, limitPath: String = "max_tokens",
    generate: @escaping @Sendable (Int) -> AsyncThrowingStream<Event, any Error>
  ) async throws -> Generations<Event> {
    let generations = Generations(
      try admission.enter(client: exchange.client, count: count), generate: generate)
    exchange.expect(count)
    exchange.onCancel(generations.cancel)
    do {
      try await generations.waitForBeginning()
      return generations
    } catch {
      generations.cancel()
      throw ServerError.ofEngine(error, schemaPath: schemaPath, limitPath: limitPath)
    }
  }

  /// Replies with an answer: the whole of it, or its events as they come.
  func reply<Draft: AnswerDraft & Sendable>(
    _ generations: Generations<Draft.Event>, _ draft: Draft, isStreamed: Bool, _ exchange: Exchange,
    whole: (Draft) -> JSONValue
  ) async throws -> Reply {
    if isStreamed {
      return .events { send in
        do {
          _ = try await complete(draft, generations, exchange, send)
        } catch let failure as Failure<Draft> {
          // The status has been sent; the error comes as an event, which OpenAI's clients throw.
          exchange.note { $0.error = failure.error }
          var draft = failure.draft
          for event in draft.fail(failure.error) { try await send(event) }
        }
      }
    }
    do {
      return .json(whole(try await complete(draft, generations, exchange) { _ in }))
    } catch let failure as Failure<Draft> {
      throw failure.error
    }
  }

  /// An error of the engine, and how far the answer was.
  private struct Failure<Draft: AnswerDraft & Sendable>: Error {
    var error: ServerError
    var draft: Draft
  }

  private func complete<Draft: AnswerDraft & Sendable>(
    _ draft: Draft, _ generations: Generations<Draft.Event>, _ exchange: Exchange,
    _ send: (ServerSentEvent) async throws -> Void
  ) async throws -> Draft {
    defer { generations.cancel() }
    var draft = draft
    for event in draft.begin() { try await send(event) }
    do {
      for try await (choice, event) in generations.events {
        if let (read, total) = event.progress { try await send(.progress(read: read, total: total)) }
        if let statistics = event.statistics { note(statistics, exchange) }
        for change in draft.read(event, choice: choice) { try await send(change) }
      }
    } catch let error as GPTOSSError {
      throw Failure(error: ServerError(ServerError.ofEngine(error)), draft: draft)
    }
    // An iteration that is cancelled ends as if it were complete.
    try Task.checkCancellation()
    for event in draft.end() { try await send(event) }
    return draft
  }
}

extension Date {
  fileprivate var secondsSince1970: Int { Int(timeIntervalSince1970) }
}

extension ServerError {
  /// What an error of the engine is to a client; cancellation stays what it is.
  ///
  /// - Parameters:
  ///   - schemaPath: where the request has the answer's schema.
  ///   - limitPath: where it has the limit of tokens.
  static func ofEngine(
    _ error: any Error, schemaPath: String? = nil, limitPath: String = "max_tokens"
  ) -> any Error {
    guard let error = error as? GPTOSSError else { return error }
    switch error {
    case .model(.contextFull(let needed, let limit)):
      return ServerError.contextExceeded(needed: needed, limit: limit)
    case .model(.tokenOutOfRange): return ServerError.invalid(parameter: "prompt", problem: "\(error)")
    case .structuredOutput: return ServerError.invalid(parameter: schemaPath ?? "tools", problem: "\(error)")
    case .answerDoesNotFit: return ServerError.invalid(parameter: limitPath, problem: "\(error)")
    case .undeclaredTool: return ServerError.invalid(parameter: "tool_choice", problem: "\(error)")
    case .sampling(.biasedTokenOutOfRange):
      return ServerError.invalid(parameter: "logit_bias", problem: "\(error)")
    case .emptyPrompt: return ServerError.invalid(parameter: "prompt", problem: "\(error)")
    case .unloaded: return ServerError.stopping
    default: return ServerError.failure("\(error)")
    }
  }
}

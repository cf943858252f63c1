import GPTOSS
package import GPTOSSJSON
import GPTOSSPlatform

/// A request that the model answers. Every API has a type of its own that reads it from a body.
protocol AnswerableRequest {
  associatedtype Draft: AnswerDraft

  var generation: GenerationParameters { get }
  /// The tools that the request declares.
  var tools: DeclaredTools { get }

  /// What is generated, and how the answer is put together.
  ///
  /// - Parameter model: the model that ``generation`` names.
  /// - Throws: ``ServerError`` for what does not fit together.
  func plan(_ model: any TokenModel, _ service: APIService) throws -> AnswerPlan<Draft>
}

extension AnswerableRequest {
  /// None: a request without a conversation declares no tools.
  var tools: DeclaredTools { DeclaredTools() }
}

/// What is generated for a request, and how the answer is put together.
struct AnswerPlan<Draft: AnswerDraft> {
  /// How many generations the answer consists of.
  var count = 1
  /// Where the request has the schema of the answer.
  var schemaPath: String?
  /// Where it has the limit of tokens.
  var limitPath = "max_tokens"
  /// Finds out what the answer is held to, and what of the tools' schemas it is not.
  var prepare: @Sendable () async throws(GPTOSSError) -> [ConstraintNotice] = {
    () async throws(GPTOSSError) in []
  }
  /// Starts the generation of one choice.
  var generate: @Sendable (_ choice: Int) -> EventStream<Draft.Event>
  /// Begins the answer, once the engine has accepted the request.
  var draft: () throws -> Draft
}

/// What a request is answered with.
package enum Reply: Sendable {
  /// A JSON object, with status 200.
  case json(JSONValue)
  /// Server-sent events, written as they come. The closure returns after the last one and throws what `send`
  /// throws.
  case events(@Sendable (_ send: (ServerSentEvent) async throws -> Void) async throws -> Void)
}

extension APIService {
  /// Reads a request from a body and answers it.
  ///
  /// - Parameters:
  ///   - body: JSON.
  ///   - exchange: learns what is asked.
  ///   - read: makes a request of the body's fields.
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path, `CancellationError`.
  func answer<Request: AnswerableRequest>(
    _ body: [UInt8], _ exchange: Exchange, _ read: (JSONField) throws -> Request
  ) async throws -> Reply {
    try await answer(exchange) { try read(.body(body)) }
  }

  /// Waits for the request's turn and its first event, then replies with the whole answer or a stream.
  ///
  /// A request that cannot be answered throws here, before a stream begins.
  ///
  /// - Parameters:
  ///   - exchange: learns what is asked.
  ///   - read: makes the request.
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path, `CancellationError`.
  func answer<Request: AnswerableRequest>(
    _ exchange: Exchange, _ read: () throws -> Request
  ) async throws -> Reply {
    let (request, parameters) = try await LongWork.run {
      let request = try read()
      return (request, request.generation)
    }
    exchange.note {
      $0.model = parameters.model.shortened(to: 200)
      $0.isStreamed = parameters.isStreamed
      $0.unsupportedTools = request.tools.unsupportedTypes
    }
    let used = try await use(parameters.model, idleTime: parameters.idleTime, exchange)
    let plan = try await LongWork.run { try request.plan(used.model, self) }
    // Schemas are compiled before the request has a place, and not for a client that has gone.
    let preparation = Task { [prepare = plan.prepare] in try await prepare() }
    exchange.onCancel { preparation.cancel() }
    do {
      let notices = try await preparation.value
      exchange.note { $0.tell(notices) }
    } catch let error as GPTOSSError {
      throw ServerError(engine: error, schemaPath: plan.schemaPath, limitPath: plan.limitPath)
    }
    let generations = Generations(
      try admission.enter(client: exchange.record.client, count: plan.count), generate: plan.generate)
    exchange.expect(plan.count)
    exchange.onCancel(generations.cancel)
    do {
      try await generations.waitForBeginning()
    } catch {
      generations.cancel()
      guard let error = error as? GPTOSSError else { throw error }
      throw ServerError(engine: error, schemaPath: plan.schemaPath, limitPath: plan.limitPath)
    }
    let draft = try plan.draft()
    let paths = (schema: plan.schemaPath, limit: plan.limitPath)
    guard parameters.isStreamed else {
      do {
        return .json(try await complete(draft, generations, paths, used, exchange) { _ in }.json)
      } catch let failure as Failure<Request.Draft> {
        throw failure.error
      }
    }
    return .events { send in
      do {
        _ = try await complete(draft, generations, paths, used, exchange, send)
      } catch let failure as Failure<Request.Draft> {
        // The status has been sent: the error is an event, which OpenAI's clients throw.
        exchange.note { $0.error = failure.error }
        var draft = failure.draft
        for event in draft.fail(failure.error) { try await send(event) }
      }
    }
  }

  /// An error of the engine, and the answer so far.
  private struct Failure<Draft: AnswerDraft>: Error {
    var error: ServerError
    var draft: Draft
  }

  /// Lets a request use the model that it names, until the end of its exchange.
  ///
  /// - Throws: ``ServerError``.
  func use(_ name: String, idleTime: Duration?, _ exchange: Exchange) async throws(ServerError) -> UsedModel {
    let used = try await models.use(name, idleTime: idleTime)
    exchange.note { $0.warning = used.notice }
    return used
  }

  /// Puts an answer together from the events of its generations, while the model is in use.
  private func complete<Draft: AnswerDraft>(
    _ draft: Draft, _ generations: Generations<Draft.Event>, _ paths: (schema: String?, limit: String),
    _ used: UsedModel, _ exchange: Exchange, _ send: (ServerSentEvent) async throws -> Void
  ) async throws -> Draft {
    defer {
      generations.cancel()
      withExtendedLifetime(used.lease) {}
    }
    var draft = draft
    for event in draft.begin() { try await send(event) }
    do {
      for try await (choice, event) in generations.events {
        if let (read, total) = event.progress { try await send(.progress(read: read, total: total)) }
        if let statistics = event.statistics {
          metrics.note(statistics, model: used.identifier)
          exchange.note(statistics)
        }
        for change in draft.read(event, choice: choice) { try await send(change) }
      }
    } catch let error as GPTOSSError {
      throw Failure(
        error: ServerError(engine: error, schemaPath: paths.schema, limitPath: paths.limit), draft: draft)
    }
    // A cancelled iteration ends without an error.
    try Task.checkCancellation()
    for event in draft.end() { try await send(event) }
    return draft
  }
}

import Foundation
package import GPTOSS
package import GPTOSSJSON
import GPTOSSPlatform

/// What the server answers, without HTTP: bodies in, replies out.
package struct APIService: Sendable {
  package let model: any TokenModel
  let names: ModelNames
  package let admission: Admission
  let store: ResponseStore
  let metrics: Metrics
  let identifiers = Identifiers.random
  /// When the model was loaded.
  private let startedAt = Date()

  package init(
    model: any TokenModel, names: ModelNames, admission: Admission, store: ResponseStore, metrics: Metrics
  ) {
    self.model = model
    self.names = names
    self.admission = admission
    self.store = store
    self.metrics = metrics
  }

  // MARK: - Answers

  /// `POST /v1/chat/completions`.
  ///
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path, `CancellationError`.
  package func chat(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    try await answer(body, exchange, ChatRequest.init)
  }

  /// `POST /v1/completions`.
  ///
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path, `CancellationError`.
  package func completion(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    try await answer(body, exchange, CompletionRequest.init)
  }

  /// `POST /v1/responses`.
  ///
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path, `CancellationError`.
  package func respond(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    try await answer(body, exchange) { try ResponsesRequest($0, store: store) }
  }

  /// `POST /v1/messages`.
  ///
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path, `CancellationError`.
  package func message(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    try await answer(body, exchange, MessagesRequest.init)
  }

  /// `POST /v1/messages/count_tokens`.
  ///
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path.
  package func countTokens(_ body: [UInt8], _ exchange: Exchange) async throws -> Reply {
    try await LongWork.run {
      let parameters = try AnswerParameters(messages: .body(body))
      exchange.note { $0.model = parameters.generation.model }
      let model = try model(named: parameters.generation.model)
      let conversation = try parameters.conversation()
      do throws(GPTOSSError) {
        let count = try model.promptTokenCount(of: conversation, history: .currentTurn)
        return .json(["input_tokens": .integer(count)])
      } catch { throw ServerError(engine: error) }
    }
  }

  /// `GET /v1/responses/{id}`.
  ///
  /// - Throws: ``ServerError/unknownResponse(_:parameter:)``.
  package func storedResponse(_ id: String) throws(ServerError) -> JSONValue {
    guard let entry = store.entry(id) else { throw .unknownResponse(id, parameter: nil) }
    return entry.response
  }

  /// `DELETE /v1/responses/{id}`.
  ///
  /// - Throws: ``ServerError/unknownResponse(_:parameter:)``.
  package func deleteResponse(_ id: String) throws(ServerError) -> JSONValue {
    guard store.remove(id) else { throw .unknownResponse(id, parameter: nil) }
    return ["id": .string(id), "object": "response", "deleted": true]
  }

  // MARK: - Models

  /// `GET /v1/models`: what the clients of OpenAI and of Anthropic read.
  var modelList: JSONValue {
    [
      "object": "list", "data": .array(names.all.map(description(ofModel:))), "has_more": false,
      "first_id": .optional(names.all.first), "last_id": .optional(names.all.last),
    ]
  }

  /// `GET /v1/models/{name}`.
  ///
  /// - Throws: ``ServerError/unknownModel(_:)``.
  func modelDescription(_ name: String) throws(ServerError) -> JSONValue {
    try names.check(name)
    return description(ofModel: name)
  }

  private func description(ofModel name: String) -> JSONValue {
    [
      "id": .string(name), "object": "model", "created": .integer(Int(startedAt.timeIntervalSince1970)),
      "owned_by": "openai", "type": "model", "display_name": .string(name),
      "created_at": .string(startedAt.formatted(.iso8601)), "lifecycle": "active",
    ]
  }

  /// The model that a request names.
  ///
  /// - Throws: ``ServerError/unknownModel(_:)``.
  func model(named name: String) throws(ServerError) -> any TokenModel {
    try names.check(name)
    return model
  }

  // MARK: - Operations

  /// `GET /health`.
  var health: JSONValue {
    let counts = admission.counts
    return [
      "status": "ok", "model": .string(names.id), "running": .integer(counts.running),
      "waiting": .integer(counts.waiting),
    ]
  }

  /// `GET /metrics`: a page for Prometheus.
  var metricsPage: String {
    let counts = admission.counts
    return metrics.text(
      running: counts.running, waiting: counts.waiting, residentBytes: residentMemoryByteCount())
  }
}

import Foundation
import GPTOSS
import GPTOSSHosting
package import GPTOSSJSON
import GPTOSSPlatform

/// What the server answers, without HTTP: bodies in, replies out.
package struct APIService: Sendable {
  package let models: any ModelProvider
  package let admission: Admission
  let store: ResponseStore
  let metrics: Metrics
  /// The MCP servers for requests; nil for none.
  let mcp: ServedMCP?
  let downloads = DownloadJobs()
  let traces = TraceDesk()
  let identifiers = Identifiers.random
  /// When the server was started.
  private let startedAt = Date()

  package init(
    models: any ModelProvider, admission: Admission, store: ResponseStore, metrics: Metrics,
    mcp: ServedMCP? = nil
  ) {
    self.models = models
    self.admission = admission
    self.store = store
    self.metrics = metrics
    self.mcp = mcp
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
    let fields = try await LongWork.run { try JSONField.body(body) }
    let offers = try await serverOffers(for: fields, exchange)
    return try await answer(exchange) { try ResponsesRequest(fields, store: store, offers: offers) }
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
    let (parameters, conversation) = try await LongWork.run {
      let parameters = try AnswerParameters(messages: .body(body))
      return (parameters.generation, try parameters.conversation())
    }
    exchange.note { $0.model = parameters.model }
    let used = try await use(parameters.model, idleTime: parameters.idleTime, exchange)
    defer { withExtendedLifetime(used.lease) {} }
    return try await LongWork.run {
      do throws(GPTOSSError) {
        let count = try used.model.promptTokenCount(of: conversation, history: .currentTurn)
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

  /// `GET /v1/models`: every name that a request may use, loaded or not, as the clients of OpenAI and of
  /// Anthropic read it.
  package var modelList: JSONValue {
    let data = models.models().flatMap { model in model.names.map { description(of: model, as: $0) } }
    return [
      "object": "list", "data": .array(data), "has_more": false, "first_id": data.first?["id"] ?? .null,
      "last_id": data.last?["id"] ?? .null,
    ]
  }

  /// `GET /v1/models/{name}`: the model's state, too.
  ///
  /// - Throws: ``ServerError/unknownModel(_:download:)``.
  package func modelDescription(_ name: String) throws(ServerError) -> JSONValue {
    let model = try models.model(named: name)
    return description(of: model, as: name).adding([
      "size_bytes": .integer(model.byteCount), "max_context_length": .integer(model.contextLength),
      "loaded_instances": .array(model.instances.map { .string($0.identifier) }),
    ])
  }

  private func description(of model: ServedModel, as name: String) -> JSONValue {
    let loaded = model.instances.first { $0.state == .loaded }
    let state = loaded == nil ? "not-loaded" : "loaded"
    return [
      "id": .string(name), "object": "model", "created": .integer(Int(startedAt.timeIntervalSince1970)),
      "owned_by": "openai", "type": "model", "display_name": .string(name),
      "created_at": .string(startedAt.formatted(.iso8601)), "lifecycle": "active", "state": .string(state),
      // The same for all names of a model, as in vLLM's list.
      "root": .string(model.names.first ?? name),
      // What a client of the token protocol wants to know (``CompletionRequest``).
      "max_model_len": .integer(loaded?.contextLength ?? model.contextLength),
      "structured_outputs": ["harmony"],
    ]
  }

  // MARK: - Operations

  /// `GET /health`.
  var health: JSONValue {
    let counts = admission.counts
    let instances = models.models().flatMap(\.instances)
    let loaded = instances.map { instance -> JSONValue in
      [
        "id": .string(instance.identifier), "state": .string(instance.state.rawValue),
        "in_use": .integer(instance.useCount),
        "memory_bytes": instance.byteCount.map(JSONValue.integer) ?? .null,
      ]
    }
    return [
      "status": "ok", "model": .optional(instances.first?.identifier), "running": .integer(counts.running),
      "waiting": .integer(counts.waiting), "models": .array(loaded),
    ]
  }

  /// `GET /metrics`: a page for Prometheus.
  var metricsPage: String {
    let counts = admission.counts
    return metrics.text(
      running: counts.running, waiting: counts.waiting, residentBytes: residentMemoryByteCount(),
      instances: models.models().flatMap(\.instances))
  }
}

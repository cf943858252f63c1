import Foundation
import GPTOSS
import GPTOSSHTTPClient

/// A running `gptoss serve`, as its REST API for models shows it.
struct RunningServer {
  let url: URL
  private let key: String?
  private let client: HTTPClient
  /// Loading a large model from a slow disk takes minutes, in which nothing comes.
  private let patientClient = HTTPClient(stallLimit: .seconds(30 * 60))
  private static let byteLimit = 16 << 20

  /// - Parameter patience: how long the server may stay silent, unless it has to load a model.
  init(url: URL, key: String?, patience: Duration = .seconds(10)) {
    self.url = url
    self.key = key
    client = HTTPClient(stallLimit: patience)
  }

  /// Whether the server holds a model, by its name or identifier. No if none answers within two seconds.
  ///
  /// - Throws: `CancellationError`.
  func holds(_ name: String) async throws -> Bool {
    let hasty = RunningServer(url: url, key: key, patience: .seconds(1))
    let instances = Task { try await hasty.instances() }
    let limit = Task {
      try await Task.sleep(for: .seconds(2))
      instances.cancel()
    }
    defer { limit.cancel() }
    do {
      return try await instances.wantedValue.contains { $0.identifier == name || $0.model == name }
    } catch is RunnerError {
      return false
    } catch is CancellationError where !Task.isCancelled {
      return false
    }
  }

  /// What is loaded.
  ///
  /// - Throws: `RunnerError`, `CancellationError`.
  func instances() async throws -> [Instance] {
    let models = try await send("GET", "/api/v1/models")["models"]?.arrayValue ?? []
    return models.flatMap { model in
      (model["loaded_instances"]?.arrayValue ?? []).map { Instance(model: model, json: $0) }
    }
  }

  /// Loads a model; returns its identifier and how long it took.
  ///
  /// - Throws: `RunnerError`, `CancellationError`.
  func load(
    _ name: String, identifier: String?, ttl: Int?, contextLength: Int?
  ) async throws -> (identifier: String, seconds: Double) {
    var body = JSONObject([("model", .string(name))])
    if let identifier { body.add([("identifier", .string(identifier))]) }
    if let ttl { body.add([("ttl", JSONValue(ttl))]) }
    if let contextLength { body.add([("context_length", JSONValue(contextLength))]) }
    let reply = try await send("POST", "/api/v1/models/load", .object(body))
    guard let identifier = reply["instance_id"]?.stringValue else {
      throw RunnerError.noModelServer("\(url)")
    }
    return (identifier, reply["load_time_seconds"]?.doubleValue ?? 0)
  }

  /// Unloads one model, or with nil all. Returns the identifiers.
  ///
  /// - Throws: `RunnerError`, `CancellationError`.
  func unload(_ identifier: String?) async throws -> [String] {
    let body: JSONValue = if let identifier { ["instance_id": .string(identifier)] } else { ["all": true] }
    let reply = try await send("POST", "/api/v1/models/unload", body)
    if let identifier = reply["instance_id"]?.stringValue { return [identifier] }
    return (reply["instance_ids"]?.arrayValue ?? []).compactMap(\.stringValue)
  }

  private func send(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
    var headers: [String: String] = [:]
    if let key, !key.isEmpty { headers["Authorization"] = "Bearer \(key)" }
    if body != nil { headers["Content-Type"] = "application/json" }
    let request = HTTPRequest(
      method, url.appending(path: path), headers: headers, body: body.map { Data($0.text.utf8) })
    let answer: (head: HTTPResponse, body: Data)
    do {
      let client = body == nil ? client : patientClient
      answer = try await client.answer(to: request, byteLimit: Self.byteLimit)
    } catch is HTTPClientError {
      throw RunnerError.noServer("\(url)", start: startCommand)
    }
    let json: JSONValue
    do { json = try JSONValue(parsing: [UInt8](answer.body)) } catch {
      throw RunnerError.noModelServer("\(url)")
    }
    guard answer.head.status == 200 else {
      guard let message = json["error"]?["message"]?.stringValue else {
        throw RunnerError.noModelServer("\(url)")
      }
      throw RunnerError.server(message, status: answer.head.status)
    }
    return json
  }

  private var startCommand: String {
    var command = "gptoss serve"
    if let host = url.host(), host != "127.0.0.1", host != "localhost" { command += " --host \(host)" }
    if let port = url.port, port != 1234 { command += " --port \(port)" }
    return command
  }

  /// A model that the server holds.
  struct Instance {
    let identifier: String
    let model: String
    let state: String
    let useCount: Int
    let contextLength: Int
    let byteCount: Int?
    /// Seconds without a request after which it is unloaded; nil for never.
    let ttl: Double?
    /// Seconds without a request; nil while one uses it.
    let unused: Double?
    let json: JSONValue

    fileprivate init(model: JSONValue, json: JSONValue) {
      self.model = model["key"]?.stringValue ?? ""
      identifier = json["id"]?.stringValue ?? ""
      state = json["state"]?.stringValue ?? "loaded"
      useCount = json["in_use"]?.intValue ?? 0
      contextLength = json["config"]?["context_length"]?.intValue ?? 0
      byteCount = json["memory_bytes"]?.intValue
      ttl = json["ttl"]?.doubleValue
      unused = json["idle_seconds"]?.doubleValue
      self.json = [
        "identifier": .string(identifier), "model": .string(self.model), "state": .string(state),
        "in_use": JSONValue(useCount), "context_length": JSONValue(contextLength),
        "memory_bytes": json["memory_bytes"] ?? .null, "ttl": json["ttl"] ?? .null,
        "idle_seconds": json["idle_seconds"] ?? .null,
      ]
    }
  }
}

extension JSONValue {
  fileprivate var doubleValue: Double? {
    if case .number(let number) = self { number.doubleValue } else { nil }
  }
}

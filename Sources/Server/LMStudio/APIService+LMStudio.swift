import Foundation
import GPTOSS
import GPTOSSHosting
package import GPTOSSJSON
import GPTOSSModel

/// LM Studio's REST API for models (https://lmstudio.ai/docs/developer/rest): what is here and what is loaded, and
/// how to change it. `ttl`, `identifier` and what instances tell besides their `config` are this server's own.
extension APIService {
  // MARK: Version 1

  /// `GET /api/v1/models`.
  package var lmStudioModels: JSONValue {
    ["models": .array(models.models().map(\.lmStudioJSON))]
  }

  /// `POST /api/v1/models/load`.
  ///
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path.
  package func loadModel(_ body: [UInt8]) async throws -> JSONValue {
    let host = try hostOfModels()
    let request = try JSONField.body(body)
    let name = try request.required("model").string()
    let identifier = try request.text("identifier")
    let idleTime = try request.idleTime()
    let contextLength = try request.integer("context_length", in: 1...Int.max)
    if try request.flag("estimate_only") == true {
      let key = try models.model(named: name).key
      do throws(HostingError) {
        return .estimate(try host.memory(of: key, contextLength: contextLength), of: name, host.memoryLimit)
      } catch { throw ServerError(error, name: name) }
    }
    let echoes = try request.flag("echo_load_config") ?? false
    let start = ContinuousClock.now
    let number = try await models.load(
      name,
      as: InstanceParameters(identifier: identifier, idleTime: idleTime, contextLength: contextLength),
      onProgress: nil)
    guard let instance = host.instances.first(where: { $0.number == number }) else {
      throw ServerError.notLoaded(name, problem: "it has been unloaded in the meantime")
    }
    var reply: JSONValue = [
      "type": "llm", "instance_id": .string(instance.identifier),
      "load_time_seconds": .seconds(.now - start), "status": "loaded",
    ]
    if echoes {
      reply = reply.adding(["load_config": .loadConfiguration(contextLength: instance.memory.contextLength)])
    }
    return reply
  }

  /// `POST /api/v1/models/unload`; this server's own: `{"all": true}`.
  ///
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path.
  package func unloadModel(_ body: [UInt8]) async throws -> JSONValue {
    let request = try JSONField.body(body)
    let isAll = try request.flag("all") == true
    let host = try hostOfModels(for: isAll ? "all" : "instance_id")
    if isAll {
      let identifiers = host.instances.map(\.identifier)
      await host.unloadAll()
      return ["instance_ids": .array(identifiers.map(JSONValue.string))]
    }
    let identifier = try request.required("instance_id").string()
    do throws(HostingError) { try await host.unload(identifier) } catch {
      throw ServerError(error, name: identifier)
    }
    return ["instance_id": .string(identifier)]
  }

  // MARK: Version 0

  /// `GET /api/v0/models`.
  package var lmStudioModelsV0: JSONValue {
    ["object": "list", "data": .array(models.models().map(\.lmStudioJSONV0))]
  }

  /// `GET /api/v0/models/{name}`.
  ///
  /// - Throws: ``ServerError/unknownModel(_:download:)``.
  package func lmStudioModelV0(_ name: String) throws(ServerError) -> JSONValue {
    try models.model(named: name).lmStudioJSONV0
  }

  // MARK: Parts

  /// - Parameter parameter: the field that names what is to be loaded or unloaded.
  func hostOfModels(for parameter: String = "model") throws(ServerError) -> ModelHost {
    guard let host = models.host else { throw .oneModel(parameter) }
    return host
  }
}

extension ServerError {
  /// The error for loading and unloading where there is one model.
  static func oneModel(_ parameter: String = "model") -> ServerError {
    .unsupported(parameter: parameter, what: "this server has one model, which stays")
  }
}

extension JSONField {
  /// `ttl`: after how many seconds without a request a model is unloaded; nil if it is not said.
  ///
  /// - Throws: `ServerError` or `JSONError` with the field's path.
  func idleTime() throws -> Duration? {
    try number("ttl", in: 0.001...1_000_000_000).map { .seconds($0) }
  }
}

extension ServedModel {
  fileprivate var lmStudioJSON: JSONValue {
    let bits = parameterCount.map { $0 == 0 ? 0 : Double(byteCount) * 8 / Double($0) }
    return [
      "type": "llm", "publisher": .string(publisher), "key": .string(key), "display_name": .string(key),
      "architecture": .string(architecture),
      "quantization": [
        "name": .optional(quantization), "bits_per_weight": bits.map { .rounded($0) } ?? .null,
      ],
      "size_bytes": .integer(byteCount), "params_string": .optional(parameterCount.map(Self.parameters)),
      "loaded_instances": .array(instances.map(\.lmStudioJSON)),
      "max_context_length": .integer(contextLength), "format": "gguf",
      "capabilities": [
        "vision": false, "trained_for_tool_use": true,
        "reasoning": ["allowed_options": ["low", "medium", "high"], "default": "low"],
      ],
      "description": nil, "names": .array(names.map(JSONValue.string)),
    ]
  }

  fileprivate var lmStudioJSONV0: JSONValue {
    let instance = instances.first { $0.state == .loaded }
    var json: JSONValue = [
      "id": .string(key), "object": "model", "type": "llm", "publisher": .string(publisher),
      "arch": .string(architecture), "compatibility_type": "gguf", "quantization": .optional(quantization),
      "state": .string(instance == nil ? "not-loaded" : "loaded"),
      "max_context_length": .integer(contextLength),
    ]
    if let instance { json = json.adding(["loaded_context_length": .integer(instance.contextLength)]) }
    return json
  }

  /// Such as `20.9B` or `7.8M`.
  static func parameters(_ count: Int) -> String {
    let (value, unit) = count >= 1_000_000_000 ? (Double(count) / 1e9, "B") : (Double(count) / 1e6, "M")
    return "\((value * 10).rounded() / 10)\(unit)"
  }
}

extension ServedInstance {
  fileprivate var lmStudioJSON: JSONValue {
    [
      "id": .string(identifier), "config": .loadConfiguration(contextLength: contextLength),
      "state": .string(state.rawValue), "load_progress": .rounded(loadedShare), "in_use": .integer(useCount),
      "memory_bytes": byteCount.map(JSONValue.integer) ?? .null,
      "ttl": idleTime.map(JSONValue.seconds) ?? .null,
      "idle_seconds": unused.map(JSONValue.seconds) ?? .null, "loaded_on_request": .bool(!isKept),
    ]
  }
}

extension JSONValue {
  /// A time in seconds, to a millisecond.
  fileprivate static func seconds(_ time: Duration) -> JSONValue { .rounded(time / .seconds(1)) }

  /// A number with three decimals at most.
  fileprivate static func rounded(_ number: Double) -> JSONValue {
    let rounded = (number * 1000).rounded() / 1000
    return Int(exactly: rounded).map(JSONValue.integer) ?? .number(JSONNumber(rounded))
  }

  /// What a model would take, in bytes.
  fileprivate static func estimate(_ memory: MemoryEstimate, of name: String, _ limit: Int) -> JSONValue {
    [
      "type": "llm", "model": .string(name), "status": "estimated",
      "load_config": .loadConfiguration(contextLength: memory.contextLength),
      "memory": [
        "weights_bytes": .integer(memory.weights), "cache_bytes": .integer(memory.cache),
        "workspace_bytes": .integer(memory.workspace), "total_bytes": .integer(memory.total),
        "limit_bytes": .integer(limit),
      ],
    ]
  }

  fileprivate static func loadConfiguration(contextLength: Int) -> JSONValue {
    ["context_length": .integer(contextLength)]
  }
}

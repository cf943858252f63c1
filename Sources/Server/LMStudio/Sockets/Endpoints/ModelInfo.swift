import GPTOSSJSON

extension ServedModel {
  /// The model as LM Studio's SDKs read it. What they call a path is the name here: where files lie is nobody's
  /// business on a socket.
  var socketJSON: JSONValue {
    var json: JSONValue = [
      "type": "llm", "modelKey": .string(key), "format": "gguf", "displayName": .string(key),
      "publisher": .string(publisher), "path": .string(key), "sizeBytes": .integer(byteCount),
      "indexedModelIdentifier": .string(key), "deviceIdentifier": nil, "architecture": .string(architecture),
      "vision": false, "trainedForToolUse": true, "maxContextLength": .integer(contextLength),
    ]
    // The TypeScript SDK takes no null here.
    if let parameterCount, parameterCount > 0 {
      json = json.adding(["paramsString": .string(Self.parameters(parameterCount))])
      if let quantization {
        let bits = Int((Double(byteCount) * 8 / Double(parameterCount)).rounded())
        json = json.adding(["quantization": ["name": .string(quantization), "bits": .integer(bits)]])
      }
    }
    return json
  }
}

/// A model that is loaded, with what is known of its file.
struct LoadedInstance {
  var model: ServedModel
  var instance: ServedInstance

  /// The instance as LM Studio's SDKs read it.
  ///
  /// - Parameter epoch: tells this server from others.
  func json(_ epoch: String) -> JSONValue {
    model.socketJSON.adding([
      "identifier": .string(instance.identifier),
      "instanceReference": .string(InstanceReference(self, epoch).text),
      "ttlMs": instance.idleTime.map { .integer(Int(clamping: $0)) } ?? .null, "lastUsedTime": nil,
      "contextLength": .integer(instance.contextLength),
    ])
  }

  /// How it was loaded: `{"fields": [{"key", "value"}]}`.
  var loadConfiguration: JSONValue {
    ["fields": [["key": "llm.load.contextLength", "value": .integer(instance.contextLength)]]]
  }
}

extension Int {
  /// Milliseconds.
  fileprivate init(clamping time: Duration) {
    let milliseconds: Double = time / .milliseconds(1)
    self = Int(exactly: Swift.min(milliseconds, 1e15).rounded()) ?? 0
  }
}

/// What the TypeScript SDK calls an instance by. It is not known any more when the instance is unloaded.
///
/// It has the server that gave it and the instance's name in it: a program that outlives a restart of the
/// server goes on with the model of that name.
struct InstanceReference: Equatable {
  var epoch: String
  var number: Int
  var identifier: String

  init(_ loaded: LoadedInstance, _ epoch: String) {
    self.epoch = epoch
    number = loaded.instance.number
    identifier = loaded.instance.identifier
  }

  /// nil for a text that is none.
  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let number = Int(parts[1]) else { return nil }
    epoch = String(parts[0])
    self.number = number
    identifier = String(parts[2])
  }

  var text: String { "\(epoch)/\(number)/\(identifier)" }
}

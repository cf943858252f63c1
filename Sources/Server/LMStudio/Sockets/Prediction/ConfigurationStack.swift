package import GPTOSSJSON

/// A configuration as LM Studio's SDKs send it: layers of fields, each a key and a value. Of a key that comes
/// twice, the last value counts.
package struct ConfigurationStack {
  /// The most layers, and the most fields of all layers, that are looked at.
  private static let limit = 1024
  package static let contextLengthKey = "llm.load.contextLength"

  private var fields: [String: JSONField] = [:]
  /// The keys in their order.
  package private(set) var keys: [String] = []
  /// The names of the layers.
  package private(set) var layers: [String] = []

  /// - Parameter stack: nil for an empty configuration.
  /// - Throws: `ServerError` or `JSONError` with the path of what is malformed.
  package init(_ stack: JSONField?) throws {
    for layer in try stack?.optional("layers")?.elements().prefix(Self.limit) ?? [] {
      layers.append(try layer.text("layerName") ?? "")
      for field in try layer.optional("config")?.optional("fields")?.elements() ?? [] {
        let key = try field.required("key").string()
        if fields[key] == nil { keys.append(key) }
        guard keys.count <= Self.limit else {
          throw ServerError.outOfRange(
            parameter: field.path, expected: "at most \(Self.limit) fields", actual: "more")
        }
        // An error names the key: that is what the client's user has written.
        fields[key] = JSONField(field.value["value"] ?? .null, path: key)
      }
    }
  }

  /// The value of a key; nil if it is absent or null.
  package func value(_ key: String) -> JSONField? {
    fields[key].flatMap { $0.value == .null ? nil : $0 }
  }

  /// The value of a key that can be checked or not: `{"checked": …, "value": …}`. lmstudio-python turns `False`
  /// into a checked one whose value is false, which means off.
  package func checked(_ key: String) throws -> JSONField? {
    guard let field = value(key) else { return nil }
    guard field.value.objectValue != nil else { return field.value == false ? nil : field }
    guard try field.flag("checked") ?? false, let value = try field.optional("value"), value.value != false
    else { return nil }
    return JSONField(value.value, path: key)
  }

  /// The most positions of a sequence.
  package func contextLength() throws -> Int? {
    try value(Self.contextLengthKey)?.integer(in: 1...Int.max)
  }

  /// The fields of some keys, as an answer repeats them.
  func json(_ keys: [String]) -> JSONValue {
    [
      "fields": .array(
        keys.compactMap { key in
          value(key).map { ["key": .string(key), "value": $0.value.withoutNulls] }
        })
    ]
  }
}

extension JSONValue {
  /// The value without members that are null, which the TypeScript SDK may refuse.
  fileprivate var withoutNulls: JSONValue {
    guard case .object(let object) = self else { return self }
    return .object(
      JSONObject(
        object.entries.filter { $0.value != .null }.map { (key: $0.key, value: $0.value.withoutNulls) }))
  }
}

/// A type that is a part of the JSON schema of OpenAI's Harmony library.
public protocol JSONCodable {
  /// Reads the value from JSON.
  ///
  /// - Throws: ``JSONError/missingField(path:)``, ``JSONError/wrongType(path:expected:actual:)``
  ///   or ``JSONError/unknownValue(path:value:)``.
  init(json: JSONValue) throws(JSONError)

  /// The value as JSON.
  var json: JSONValue { get }
}

extension JSONCodable {
  /// Reads the value from JSON text.
  ///
  /// - Throws: ``JSONError`` for malformed JSON, or JSON that is not such a value.
  public init(jsonText: String) throws(JSONError) {
    self = try Self(json: JSONValue(parsing: jsonText))
  }
}

/// A value and the path that led to it, for errors that say where.
package struct JSONField: Sendable {
  package let value: JSONValue
  package let path: String

  package init(_ value: JSONValue, path: String = "") {
    self.value = value
    self.path = path
  }

  /// The path of the field for a key, whether it is there or not. Of a long key it has the beginning: every
  /// element of an array has a path of its own.
  package func path(of key: String) -> String {
    let scalars = key.unicodeScalars.prefix(Self.shownKeyCount + 1)
    let key = scalars.count > Self.shownKeyCount ? "\(String(scalars.dropLast()))…" : key
    return path.isEmpty ? key : "\(path).\(key)"
  }

  /// The most Unicode scalars of a key in a path.
  private static let shownKeyCount = 100

  /// The field for a key; nil when it is absent or null.
  package func optional(_ key: String) throws(JSONError) -> JSONField? {
    guard let object = value.objectValue else { throw wrongType("object") }
    guard let value = object[key], value != .null else { return nil }
    return JSONField(value, path: path(of: key))
  }

  /// The field for a key that must be there.
  package func required(_ key: String) throws(JSONError) -> JSONField {
    guard let field = try optional(key) else { throw .missingField(path: path(of: key)) }
    return field
  }

  package func string() throws(JSONError) -> String {
    guard let text = value.stringValue else { throw wrongType("string") }
    return text
  }

  package func bool() throws(JSONError) -> Bool {
    guard let flag = value.boolValue else { throw wrongType("boolean") }
    return flag
  }

  package func elements() throws(JSONError) -> [JSONField] {
    guard let elements = value.arrayValue else { throw wrongType("array") }
    return elements.enumerated().map { JSONField($1, path: "\(path)[\($0)]") }
  }

  package func entries() throws(JSONError) -> [(key: String, field: JSONField)] {
    guard let object = value.objectValue else { throw wrongType("object") }
    return object.entries.map { ($0.key, JSONField($0.value, path: path(of: $0.key))) }
  }

  /// Refuses fields that nobody reads: most likely they are misspelled.
  ///
  /// - Parameters:
  ///   - known: the fields there are.
  ///   - ignored: fields that may stand beside them and mean nothing.
  package func checkFields(_ known: [String], ignored: [String] = []) throws(JSONError) {
    for (key, _) in value.objectValue?.entries ?? [] where !known.contains(key) && !ignored.contains(key) {
      throw .unknownField(path: path(of: key), known: known)
    }
  }

  package func unknownValue() -> JSONError {
    .unknownValue(path: path, value: value.stringValue ?? value.text)
  }

  package func wrongType(_ expected: String) -> JSONError {
    .wrongType(path: path, expected: expected, actual: value.typeName)
  }
}

extension JSONObject {
  /// Sets a key unless the value is nil.
  package mutating func set(_ key: String, _ text: String?) {
    if let text { self[key] = .string(text) }
  }
}

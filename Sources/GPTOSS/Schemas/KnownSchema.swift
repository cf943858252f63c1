import Foundation
import GPTOSSJSON

/// A type whose schema does not come from its `init(from:)`.
protocol KnownSchema: Decodable {
  /// Notes the schema, and makes a placeholder.
  static func record(_ recorder: SchemaRecorder, at node: SchemaNode) throws -> Self
}

/// A known type that has the same schema everywhere.
private protocol FixedSchema: KnownSchema {
  static var schema: JSONValue { get }
  static var placeholder: Self { get }
}

extension FixedSchema {
  static func record(_ recorder: SchemaRecorder, at node: SchemaNode) throws -> Self {
    try recorder.note(schema, at: node)
    return placeholder
  }
}

// MARK: Numbers

extension FixedSchema where Self: FixedWidthInteger {
  static var schema: JSONValue {
    var object = JSONObject([("type", "integer")])
    // Generated integers have 64 bits at most.
    if Self.bitWidth < 64 || !Self.isSigned { object["minimum"] = .number(JSONNumber(Self.min)) }
    if Self.bitWidth < 64 { object["maximum"] = .number(JSONNumber(Self.max)) }
    return .object(object)
  }
  static var placeholder: Self { 0 }
}

extension Int: FixedSchema {}
extension Int8: FixedSchema {}
extension Int16: FixedSchema {}
extension Int32: FixedSchema {}
extension Int64: FixedSchema {}
extension Int128: FixedSchema {}
extension UInt: FixedSchema {}
extension UInt8: FixedSchema {}
extension UInt16: FixedSchema {}
extension UInt32: FixedSchema {}
extension UInt64: FixedSchema {}
extension UInt128: FixedSchema {}

extension Double: FixedSchema {
  static var schema: JSONValue { ["type": "number"] }
  static var placeholder: Double { 0 }
}

extension Float: FixedSchema {
  /// Decoding a number that a `Float` cannot hold is an error.
  static var schema: JSONValue {
    let largest = Double(Float.greatestFiniteMagnitude)
    return [
      "type": "number", "minimum": .number(JSONNumber(-largest)), "maximum": .number(JSONNumber(largest)),
    ]
  }
  static var placeholder: Float { 0 }
}

extension Decimal: FixedSchema {
  static var schema: JSONValue { ["type": "number"] }
  static var placeholder: Decimal { 0 }
}

// MARK: Other values

extension Bool: FixedSchema {
  static var schema: JSONValue { ["type": "boolean"] }
  static var placeholder: Bool { false }
}

extension String: FixedSchema {
  static var schema: JSONValue { ["type": "string"] }
  static var placeholder: String { "" }
}

extension Date: FixedSchema {
  static var schema: JSONValue { ["type": "string", "format": "date-time"] }
  static var placeholder: Date { Date(timeIntervalSinceReferenceDate: 0) }
}

extension URL: FixedSchema {
  static var schema: JSONValue { ["type": "string", "format": "uri"] }
  static var placeholder: URL { URL(filePath: "/") }
}

extension UUID: FixedSchema {
  static var schema: JSONValue { ["type": "string", "format": "uuid"] }
  static var placeholder: UUID { UUID() }
}

extension Data: FixedSchema {
  /// Base64, as `JSONDecoder` reads it.
  static var schema: JSONValue {
    [
      "type": "string",
      "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
      "contentEncoding": "base64",
    ]
  }
  static var placeholder: Data { Data() }
}

extension JSONValue: FixedSchema {
  static var schema: JSONValue { [:] }
  static var placeholder: JSONValue { .null }
}

extension JSONObject: FixedSchema {
  static var schema: JSONValue { ["type": "object"] }
  static var placeholder: JSONObject { JSONObject() }
}

// MARK: Containers

extension Optional: KnownSchema where Wrapped: Decodable {
  /// A value that may be null.
  ///
  /// Optional properties do not come here: they are decoded if they are present.
  static func record(_ recorder: SchemaRecorder, at node: SchemaNode) throws -> Wrapped? {
    let wrapped = SchemaNode(path: node.path)
    let value = try recorder.decode(Wrapped.self, at: wrapped)
    try recorder.note(nullable(wrapped.schema), at: node)
    return value
  }

  /// A scalar gets a list of types, which the model reads as `number | null`. For anything else the model
  /// would see only the list, so there it is a `oneOf`.
  private static func nullable(_ schema: JSONValue) -> JSONValue {
    guard var object = schema.objectValue, let type = object["type"] else { return schema }
    guard object["enum"] == nil, ["string", "integer", "number", "boolean"].contains(type) else {
      return type.arrayValue == nil ? ["oneOf": [schema, ["type": ["null"]]]] : schema
    }
    object["type"] = [type, "null"]
    return .object(object)
  }
}

extension Dictionary: KnownSchema where Key == String, Value: Decodable {
  static func record(_ recorder: SchemaRecorder, at node: SchemaNode) throws -> [String: Value] {
    let values = SchemaNode(path: node.path.appending(.element))
    let value = try recorder.decode(Value.self, at: values)
    try recorder.note(["type": "object", "additionalProperties": values.schema], at: node)
    return ["key": value]
  }
}

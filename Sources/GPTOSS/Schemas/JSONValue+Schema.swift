public import GPTOSSJSON

extension JSONValue {
  /// The JSON schema of a Swift type, for tools' arguments and typed answers.
  ///
  ///     struct Query: Decodable { var city: String; var days: Int? }
  ///     try JSONValue.schema(of: Query.self)
  ///     // {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},
  ///     //  "required":["city"],"additionalProperties":false}
  ///
  /// The type is decoded once, from a decoder that notes what it is asked for and answers with placeholders.
  /// A `Decodable` conformance that the compiler writes asks for everything that the type has; Docs/Tools.md
  /// lists which type gives which schema. A type says more about its properties by being ``Guided``.
  ///
  /// What an `init(from:)` written by hand checks about values is not seen, nor what it would ask for if a
  /// value were another one. If it refuses the placeholders, that is an error.
  ///
  /// - Parameter type: a type that is decoded from JSON.
  /// - Returns: the schema, its properties in the order in which they are decoded.
  /// - Throws: ``GPTOSSError/schema(_:)`` for a type that contains itself, has an enum with associated values
  ///   or cannot be recorded for another reason.
  public static func schema<T: Decodable>(of type: T.Type) throws(GPTOSSError) -> JSONValue {
    let root = SchemaNode(path: SchemaPath(type))
    let recorder = SchemaRecorder()
    do {
      _ = try recorder.decode(type, at: root)
    } catch {
      // The recorder has noted the failure and its place; a type may even have caught the error.
    }
    if let failure = recorder.failure { throw .schema(failure) }
    return root.schema
  }
}

/// Decodes a type from nothing and notes what it asks for.
final class SchemaRecorder {
  private static let depthLimit = 64
  private static let valueLimit = 10_000

  /// What went wrong first, even if the type caught it and went on.
  private(set) var failure: SchemaFailure?
  /// The types that are being decoded, the outermost first.
  private var types: [any Any.Type] = []
  private var valueCount = 0

  /// A placeholder of a type whose schema is noted at a node.
  func decode<T: Decodable>(_ type: T.Type, at node: SchemaNode) throws -> T {
    valueCount += 1
    let isRecursive = types.contains { $0 == type }
    types.append(type)
    defer { types.removeLast() }
    guard !isRecursive else { throw fail(.recursive, at: node.path) }
    guard types.count <= Self.depthLimit, valueCount <= Self.valueLimit else {
      throw fail(.tooLarge, at: node.path)
    }

    if let known = type as? any KnownSchema.Type, let value = try known.record(self, at: node) as? T {
      return value
    }
    if let known = type as? any (CaseIterable & Decodable).Type,
      let value = try firstCase(known, at: node) as? T
    {
      return value
    }
    let value: T
    do {
      value = try T(from: RecordingDecoder(recorder: self, node: node))
    } catch {
      throw fail(.refused("\(error)"), at: node.path)
    }
    try guide(type, at: node)
    return value
  }

  /// Notes a value with a schema of its own.
  func note(_ schema: JSONValue, at node: SchemaNode) throws {
    guard node.become(schema) else { throw fail(.ambiguous, at: node.path) }
  }

  /// Notes a failure of the type that is being decoded, unless there is one already; then this one only
  /// follows from it.
  func fail(_ reason: SchemaFailure.Reason, at path: SchemaPath) -> SchemaFailure {
    let type = types.last.map { String(describing: $0) } ?? ""
    let known = failure ?? SchemaFailure(path: path.text, type: type, reason: reason)
    failure = known
    return known
  }

  private func guide(_ type: any Any.Type, at node: SchemaNode) throws {
    guard let guided = type as? any Guided.Type else { return }
    for (key, guide) in guided.guides.sorted(by: { $0.key < $1.key }) {
      guard node.setGuide(guide, for: key) else {
        throw fail(.unknownGuide, at: node.path.appending(.property(key)))
      }
    }
  }
}

extension SchemaRecorder {
  /// Notes a type's cases as an `enum`, each as it is in JSON.
  func firstCase<E: CaseIterable & Decodable>(_ type: E.Type, at node: SchemaNode) throws -> E {
    var values: [JSONValue] = []
    for value in type.allCases {
      guard let json = try? Self.json(of: value), Self.canBeRead(json, as: type) else {
        throw fail(.casesWithoutValue, at: node.path)
      }
      if !values.contains(json) { values.append(json) }
    }
    guard let first = type.allCases.first else { throw fail(.noCases, at: node.path) }
    let names = Set(values.map { $0.typeName })
    let isInteger = values.allSatisfy { $0.intValue != nil }
    guard names.count == 1, let name = names.first, ["string", "number"].contains(name) else {
      throw fail(.casesWithoutValue, at: node.path)
    }
    try note(
      ["type": .string(isInteger ? "integer" : name), "enum": .array(values)], at: node)
    return first
  }

  private static func json(of value: some Any) throws -> JSONValue? {
    let encodable = (value as? any Encodable) ?? (value as? any RawRepresentable)?.rawValue as? any Encodable
    return try encodable.map { try JSONValue(parsing: ModelJSON.text(of: $0, isQuoted: true)) }
  }

  /// A type may be written in another way than it is read.
  private static func canBeRead<E: Decodable>(_ json: JSONValue, as type: E.Type) -> Bool {
    (try? ModelJSON.decode(type, from: json)) != nil
  }
}

import GPTOSSHarmony
import GPTOSSJSON

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

  /// Notes a failure of the type that is being decoded, unless there is one already, which this then only follows from.
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

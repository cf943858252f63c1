import Foundation
import GPTOSSHarmony
import GPTOSSJSON

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

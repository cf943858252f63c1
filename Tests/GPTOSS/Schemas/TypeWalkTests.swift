import Foundation
import GPTOSS
import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Testing

/// Whatever a constraint made from a type allows, the type decodes.
///
/// With `GPTOSS_STRUCTURED_OUTPUT=FILE` every schema and text is written there, one object per line, for
/// Tests/Conformance/structured.py.
@Suite struct TypeWalkTests {
  private static var types: [any Decodable.Type] {
    [
      SchemaSamples.Empty.self, SchemaSamples.Scalars.self, SchemaSamples.Foundational.self,
      SchemaSamples.Weather.self, SchemaSamples.Order.self, SchemaSamples.Nullables.self,
      SchemaSamples.Written.self,
      SchemaSamples.Dog.self, SchemaSamples.Wrapped.self, [String].self, [String: [Date]].self,
      [Foundation.Decimal].self,
      [Float].self, [Int32].self, [UInt32].self, [Int16].self, [UInt8].self, [Int64].self, [UInt].self,
      [SchemaSamples.Signal].self, [SchemaSamples.Level?].self, [Data].self, [URL].self, Double.self,
    ]
  }

  @Test func everyTextIsDecoded() throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["GPTOSS_SEED"].flatMap(UInt64.init) ?? 1
    var lines = ""
    for (index, type) in Self.types.enumerated() {
      let schema = try JSONValue.schema(of: type)
      let constraint = try TokenConstraint(schema: schema, tokens: TestVocabulary.small)
      var walk = RandomWalk(
        random: RandomSource(seed: seed &* 1000 &+ UInt64(index)), vocabulary: TestVocabulary.small.vocabulary
      )
      let shortest = constraint.completion().count
      for limit in [shortest, shortest + 20, shortest + 60, shortest + 60, shortest + 200] {
        let text = try walk.text(constraint, limit: limit).text
        #expect(throws: Never.self, "\(type): \(text)") { try Self.decode(type, text) }
        lines += JSONValue.object(JSONObject([("schema", schema), ("text", .string(text))])).text + "\n"
      }
    }
    if let file = environment["GPTOSS_STRUCTURED_OUTPUT"] {
      try lines.write(toFile: file, atomically: false, encoding: .utf8)
    }
  }

  private static func decode<T: Decodable>(_ type: T.Type, _ text: String) throws {
    _ = try ModelJSON.decode(type, from: text)
  }
}

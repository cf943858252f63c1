import Foundation
import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Testing

/// Random walks through the constraints of random schemas.
///
/// With `GPTOSS_STRUCTURED_OUTPUT=FILE` every schema and text is written there, one object per line, for
/// Tests/Conformance/structured.py, which holds them against another implementation of JSON Schema.
@Suite struct RandomSchemaTests {
  private static let schemaCount = 1000

  @Test func everyTextIsJSON() throws {
    let environment = ProcessInfo.processInfo.environment
    let file = environment["GPTOSS_STRUCTURED_OUTPUT"]
    let seed = environment["GPTOSS_SEED"].flatMap { UInt64($0) } ?? 1
    var generator = RandomSchema(seed: seed)
    var lines = ""
    var skipped = 0
    var seen: Set<String> = []
    while seen.count - skipped < Self.schemaCount {
      let schema = generator.schema()
      guard seen.insert(schema.text).inserted else { continue }
      let index = seen.count
      guard let constraint = try constraint(schema, index % 2 == 0 ? .flexible : .none) else {
        skipped += 1
        lines += JSONValue.object(JSONObject([("schema", schema), ("text", nil)])).text + "\n"
        continue
      }
      var walk = RandomWalk(
        random: RandomSource(seed: seed &+ UInt64(index)), vocabulary: TestVocabulary.small.vocabulary)
      for limit in [60, 400] {
        let shortest = constraint.completion().count
        let (text, tokenCount) = try walk.text(constraint, limit: max(limit, shortest))
        #expect(tokenCount <= max(limit, shortest))
        #expect(throws: Never.self, "\(schema.text)") { try JSONValue(parsing: text) }
        lines += JSONValue.object(JSONObject([("schema", schema), ("text", .string(text))])).text + "\n"
      }
    }
    #expect(skipped < Self.schemaCount / 20)
    if let file { try Data(lines.utf8).write(to: URL(filePath: file)) }
  }

  /// Nil when nothing fits the schema.
  private func constraint(_ schema: JSONValue, _ whitespace: JSONWhitespace) throws -> TokenConstraint? {
    do {
      return try TokenConstraint(schema: schema, whitespace: whitespace, tokens: TestVocabulary.small)
    } catch {
      guard case .unsatisfiable = error else { throw error }
      return nil
    }
  }
}

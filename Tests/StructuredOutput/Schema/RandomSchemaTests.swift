import GPTOSSJSON
import GPTOSSPlatform
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
    let file = getenv("GPTOSS_STRUCTURED_OUTPUT").map { String(cString: $0) }
    let seed = getenv("GPTOSS_SEED").flatMap { UInt64(String(cString: $0)) } ?? 1
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
    if let file { try write(lines, to: file) }
  }

  private func write(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    try #require(descriptor >= 0, "\(path) cannot be written")
    defer { close(descriptor) }
    try writeAll(text, to: descriptor)
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

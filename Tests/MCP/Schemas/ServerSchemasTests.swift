import Foundation
import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Testing

/// Calls of tools are held to the schemas that servers declare: 500 of them, in the shapes of real ones.
///
/// With `GPTOSS_STRUCTURED_OUTPUT=FILE` every schema and text is written there, one object per line, for
/// Tests/Conformance/structured.py, which holds the texts to the schemas with a validator of others.
@Suite struct ServerSchemasTests {
  @Test func everyCallFits() throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["GPTOSS_SEED"].flatMap(UInt64.init) ?? 1
    var schemas = ServerSchemas(seed: seed)
    var lines = ""
    var seen: Set<String> = []
    while seen.count < 500 {
      let schema = schemas.next()
      guard seen.insert(schema.text).inserted else { continue }
      let constraint: TokenConstraint
      do {
        constraint = try TokenConstraint(schema: schema, tokens: TestVocabulary.small)
      } catch {
        Issue.record("\(schema): \(error)")
        continue
      }
      var walk = RandomWalk(
        random: RandomSource(seed: seed &* 1000 &+ UInt64(seen.count)),
        vocabulary: TestVocabulary.small.vocabulary
      )
      let text = try walk.text(constraint, limit: constraint.completion().count + 80).text
      let arguments = try #require(try JSONValue(parsing: text).objectValue, "\(schema): \(text)")
      for name in schema["required"]?.arrayValue ?? [] {
        #expect(arguments[name.stringValue ?? ""] != nil, "\(name) is missing: \(schema): \(text)")
      }
      lines += JSONValue.object(JSONObject([("schema", schema), ("text", .string(text))])).text + "\n"
    }
    if let file = environment["GPTOSS_STRUCTURED_OUTPUT"] {
      try lines.write(toFile: file, atomically: false, encoding: .utf8)
    }
  }
}

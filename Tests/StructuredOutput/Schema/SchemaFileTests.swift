import Foundation
import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Testing

/// The Swift side of Tests/Conformance/schema_fuzz.py: compiles the schemas of a file and walks through those
/// that are held.
///
/// `GPTOSS_SCHEMAS=FILE` has one schema per line. What was found is written to `GPTOSS_STRUCTURED_OUTPUT`,
/// one object per line: the schema's number, its cost, an error or what is not held, and texts. Without the
/// file a few schemas of each kind stand in.
@Suite struct SchemaFileTests {
  private static let samples = [
    #"{"type": "object", "properties": {"e": {"format": "email", "maxLength": 254}}, "required": ["e"]}"#,
    #"{"type": "array", "uniqueItems": true, "items": {"type": "string", "maxLength": 3}, "minItems": 3}"#,
    #"{"type": "object", "minProperties": 3, "maxProperties": 5, "additionalProperties": {"type": "null"}}"#,
    #"{"pattern": "^(?:ab|c\\n)*$", "minLength": 3, "maxLength": 9}"#,
    #"{"patternProperties": {"^a": {}}, "properties": {"n": {"type": "integer", "minimum": 3}}}"#,
  ]

  @Test func nothingEndsInADeadEnd() throws {
    let environment = ProcessInfo.processInfo.environment
    var lines = Self.samples
    if let file = environment["GPTOSS_SCHEMAS"] {
      lines = try String(contentsOf: URL(filePath: file), encoding: .utf8).split(separator: "\n").map(
        String.init)
    }
    let walkCount = environment["GPTOSS_WALKS"].flatMap { Int($0) } ?? 2
    let seed = environment["GPTOSS_SEED"].flatMap { UInt64($0) } ?? 1
    var report = ""
    for (index, line) in lines.enumerated() {
      let schema = try JSONValue(parsing: line)
      for isLenient in [false, true] {
        report += try check(schema, index, isLenient: isLenient, walkCount, seed &+ UInt64(index)).text + "\n"
      }
    }
    if let file = environment["GPTOSS_STRUCTURED_OUTPUT"] {
      try Data(report.utf8).write(to: URL(filePath: file))
    }
  }

  private func check(
    _ schema: JSONValue, _ index: Int, isLenient: Bool, _ walkCount: Int, _ seed: UInt64
  ) throws -> JSONValue {
    let budget = CompilationBudget()
    var report = JSONObject([("index", .number(JSONNumber(index))), ("lenient", .bool(isLenient))])
    do throws(StructuredOutputError) {
      let tokens = TestVocabulary.small
      let constraint =
        isLenient
        ? try TokenConstraint(holding: schema, tokens: tokens, budget: budget)
        : try TokenConstraint(schema: schema, tokens: tokens, budget: budget)
      report["notices"] = .array(constraint.notices.map { .string("\($0)") })
      report["texts"] = .array(texts(constraint, walkCount, seed).map { .string($0) })
    } catch { report["error"] = .string("\(error)") }
    report["steps"] = .number(JSONNumber(budget.spent.steps))
    return .object(report)
  }

  /// The texts of random walks: each ends by itself or is completed near its limit.
  private func texts(_ constraint: TokenConstraint, _ count: Int, _ seed: UInt64) -> [String] {
    (0..<count).compactMap { number in
      var walk = RandomWalk(
        random: RandomSource(seed: seed &* 31 &+ UInt64(number)), vocabulary: TestVocabulary.small.vocabulary)
      do {
        let shortest = constraint.completion().count
        let (text, tokens) = try walk.text(constraint, limit: max(number % 2 == 0 ? 60 : 300, shortest))
        #expect(tokens <= max(300, shortest))
        return text
      } catch {
        Issue.record("a dead end: \(error)")
        return nil
      }
    }
  }
}

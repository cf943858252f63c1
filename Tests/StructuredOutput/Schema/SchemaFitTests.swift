import GPTOSSJSON
import GPTOSSStructuredOutput
import Testing

/// Breaks when a value is compared with a schema in another way than the schema's grammar would write it.
struct SchemaFitTests {
  private let schema: JSONValue = [
    "type": "object", "required": ["size"], "additionalProperties": false,
    "properties": [
      "size": ["type": "integer", "minimum": 1, "maximum": 9],
      "names": ["type": "array", "items": ["$ref": "#/$defs/name"], "maxItems": 2, "uniqueItems": true],
      "kind": ["enum": ["a", 1]],
    ],
    "$defs": ["name": ["type": "string", "pattern": "^[a-z]+$", "maxLength": 3]],
  ]

  @Test(arguments: [
    (#"{"size": 3}"#, true), (#"{"names": ["ab", "c"], "size": 9}"#, true),
    (#"{"kind": 1, "size": 1}"#, true),
    (#"{"size": 10}"#, false), (#"{"size": 1.5}"#, false), (#"{}"#, false), (#"[]"#, false),
    (#"{"size": 1, "other": 1}"#, false), (#"{"size": 1, "names": ["ab", "ab"]}"#, false),
    (#"{"size": 1, "names": ["A"]}"#, false), (#"{"size": 1, "names": ["abcd"]}"#, false),
    (#"{"size": 1, "names": ["a", "b", "c"]}"#, false), (#"{"size": 1, "kind": "b"}"#, false),
  ])
  func values(_ text: String, fits: Bool) throws {
    #expect(try JSONValue(parsing: text).fits(schema) == fits)
  }

  @Test func whatCannotBeCompared() throws {
    #expect(throws: StructuredOutputError.self) { try JSONValue.null.fits(["type": 1]) }
    #expect(throws: StructuredOutputError.self) { try JSONValue.null.fits(["$ref": "#/nothing"]) }
    let large = JSONValue.array((0..<10_000).map { JSONValue($0) })
    #expect(throws: StructuredOutputError.self) {
      try large.fits(
        ["items": ["minimum": 0]], budget: CompilationBudget(.init(steps: 1_000, bytes: 1 << 20)))
    }
  }
}

import Foundation
import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Testing

/// Schemas from outside may hold any number, any pattern and any depth: they are compiled or refused, and
/// never end the program.
@Suite struct HostileSchemaTests {
  /// The numbers at which arithmetic breaks. Tests/Conformance/schema_fuzz.py sends the same to every API.
  static let numbers =
    [
      "0", "-0", "-1", "0.5", "1.0", "1", "3", "2147483647", "2147483648", "-2147483648", "9007199254740991",
      "9007199254740993", "-9223372036854775808", "9223372036854775807", "9223372036854775808",
      "18446744073709551616", "1e308", "1e400", "1e-400", "-1e308", "1e9223372036854775807",
      "1e-9223372036854775808", "1e99999999999999999999", "0.1e-400", "0e-9223372036854775808",
    ] + [String(repeating: "9", count: 100_000), "0." + String(repeating: "1", count: 100_000)]
  static let notNumbers = ["\"NaN\"", "\"Infinity\"", "\"-inf\"", "null", "true", "[]", "{}", "\"1\""]
  static let keywords = [
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minContains", "maxContains", "const",
  ]

  @Test(arguments: keywords) func survivesEveryNumber(_ keyword: String) throws {
    for value in Self.numbers + Self.notNumbers {
      let part = "{\"\(keyword)\": \(value)}"
      let schemas = [
        part, "{\"not\": \(part)}", "{\"oneOf\": [\(part), \(part)]}",
        "{\"items\": \(part), \"minItems\": 1}",
        "{\"type\": \"array\", \"not\": \(part)}", "{\"type\": \"object\", \"not\": \(part)}",
        "{\"type\": \"array\", \"oneOf\": [\(part), {\"maxItems\": 2}]}",
        "{\"if\": \(part), \"then\": {\"type\": \"integer\"}}",
        "{\"enum\": [\(value), 1, \"x\"], \"not\": \(part)}",
        "{\"properties\": {\"a\": {}, \"b\": {}}, \"\(keyword)\": \(value)}",
        "{\"type\": \"array\", \"uniqueItems\": true, \"items\": {\"enum\": [1, 2]}, \"\(keyword)\": \(value)}",
        "{\"type\": \"string\", \"pattern\": \"^a\", \"\(keyword)\": \(value)}",
      ]
      // Hundreds of digits take an automaton of hundreds of states, wherever they stand.
      for schema in schemas.prefix(value.contains("e") ? 2 : schemas.count) { try compile(schema) }
    }
  }

  @Test(arguments: ["Length", "Items", "Properties", "imum"]) func survivesCrossedLimits(_ suffix: String)
    throws
  {
    for low in Self.numbers {
      for high in Self.numbers where low.utf8.count + high.utf8.count < 100 {
        try compile("{\"min\(suffix)\": \(low), \"max\(suffix)\": \(high)}")
      }
    }
  }

  @Test(arguments: [
    "[a-\u{FFFF}]", "[\\u0000-\\uffff]", "^[\\u0020-\\uffff]{1,5}$", "[^\\ud800-\\udfff]",
    "[\\ud800-\\udbff]",
    "\\ud83d\\ude00", "\\ud83d", "[\\ud83d\\ude00]", "[\u{0}-\u{10FFFF}]", "[^\u{0}-\u{10FFFF}]", "[^]", "[]",
    "\\",
    "[", "(", "(?", "a{", "a{1", "a{2,1}", "a{99999999999999999999}", "x*?+", "\\u12", "\\x", "^$^$", "|||",
  ])
  func survivesPattern(_ pattern: String) throws {
    try compile(JSONValue.object(JSONObject([("pattern", .string(pattern))])).text)
  }

  /// What is read letter by letter must not take a frame of the stack for each.
  @Test func survivesLongPatterns() throws {
    let letters = String(repeating: "a", count: 65_000)
    for pattern in [
      "(\(letters))", "^(\(letters)|b)$", "(\(letters))*", String(repeating: "a?", count: 20_000),
      "^" + String(repeating: "(a)?", count: 20_000) + "$", String(repeating: "(", count: 65_000),
      "[\(String(String.UnicodeScalarView((0x4E00..<0x5388).compactMap(Unicode.Scalar.init))))]",
      String(repeating: "a|", count: 30_000), String(repeating: "(?:x+x+)+", count: 500),
    ] {
      try compile(JSONValue.object(JSONObject([("pattern", .string(pattern))])).text)
    }
  }

  /// The deepest schemas that are taken need no more than the stack of a secondary thread, and neither do
  /// those that are refused.
  @Test func needsLittleStack() throws {
    let nested = { (open: String, close: String, count: Int) in
      String(repeating: open, count: count) + "{}" + String(repeating: close, count: count)
    }
    var chain: [String] = []
    for index in 0..<400 {
      chain.append("\"d\(index)\": {\"items\": {\"allOf\": [{\"$ref\": \"#/$defs/d\(index + 1)\"}]}}")
    }
    chain.append("\"d400\": {}")
    var links: [String] = []
    for index in 0..<400 { links.append("\"d\(index)\": {\"$ref\": \"#/$defs/d\(index + 1)\"}") }
    links.append("\"d400\": {}")
    let schemas = [
      nested("{\"items\": ", "}", 120), nested("{\"not\": ", "}", 120), nested("{\"allOf\": [", "]}", 60),
      nested("{\"properties\": {\"a\": ", "}}", 60), nested("{\"if\": ", "}", 120),
      nested("{\"additionalProperties\": ", "}", 120),
      "{\"$ref\": \"#/$defs/d0\", \"$defs\": {\(chain.joined(separator: ","))}}",
      "{\"$ref\": \"#/$defs/d0\", \"$defs\": {\(links.joined(separator: ","))}}",
      "{\"enum\": [\(nested("[", "]", 120))], \"not\": \(nested("{\"items\": ", "}", 120))}",
      ##"{"$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}, "$ref": "#/$defs/a", "enum": ["##
        + nested("[", "]", 120) + "]}",
    ]
    try onSmallStack { for schema in schemas { try compile(schema) } }
  }

  private func onSmallStack(_ body: @escaping @Sendable () throws -> Void) throws {
    nonisolated(unsafe) var result: Result<Void, any Error> = .success(())
    let isDone = DispatchSemaphore(value: 0)
    let thread = Thread {
      result = Result(catching: body)
      isDone.signal()
    }
    thread.stackSize = 512 << 10
    thread.start()
    isDone.wait()
    try result.get()
  }

  /// Compiles a schema, or sees it refused with a typed error.
  private func compile(_ schema: String) throws {
    let value: JSONValue
    do { value = try JSONValue(parsing: schema) } catch { return }
    do {
      let constraint = try TokenConstraint(schema: value, tokens: TestVocabulary.small)
      #expect(!constraint.isComplete)
      _ = constraint.allowedTokens()
    } catch { #expect(!error.description.isEmpty) }
  }
}

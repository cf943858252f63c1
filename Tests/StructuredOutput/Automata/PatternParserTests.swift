import Testing

/// Lengths, patterns and formats of strings.
@Suite struct PatternParserTests {
  @Test(arguments: SchemaCase.strings) func acceptsAndRefuses(_ example: SchemaCase) throws {
    try example.check()
  }
}

extension SchemaCase {
  static let strings = [
    SchemaCase(
      #"{"type": "string", "minLength": 2, "maxLength": 3}"#,
      accepts: [#""ab""#, #""日本語""#, #""\n😀""#, #""\ud83d\ude00x""#, #""\u0041bc""#],
      refuses: [#""a""#, #""abcd""#, #""😀""#, #""\ud83d\ude00""#]),
    SchemaCase(#"{"type": "string", "maxLength": 0}"#, accepts: ["\"\""], refuses: [#""a""#]),
    SchemaCase(
      #"{"type": "string", "pattern": "^[a-c]+\\d{2,3}$"}"#, accepts: [#""a12""#, #""cab123""#],
      refuses: [#""12""#, #""d12""#, #""a1""#, #""a1234""#, #""xa12""#]),
    SchemaCase(
      #"{"type": "string", "pattern": "^[\\w-]+: [^|]+$"}"#, accepts: [#""a: é""#], refuses: [#""a: |""#]),
    SchemaCase(
      #"{"type": "string", "pattern": "b|^x"}"#, accepts: [#""abc""#, #""x""#, #""日b""#],
      refuses: [#""ax""#, "\"\""]),
    SchemaCase(
      #"{"type": "string", "pattern": "^[\"\\\\é\\n]*$", "maxLength": 2}"#,
      accepts: ["\"\"", #""\"\\""#, #""é\n""#], refuses: [#""\"\"\"""#, #""\u0022""#, #""a""#]),
    SchemaCase(
      #"{"type": "string", "pattern": "^(?:foo|ba[rz])?$"}"#, accepts: ["\"\"", #""baz""#],
      refuses: [#""ba""#]),
    SchemaCase(
      #"{"type": "string", "format": "date"}"#,
      accepts: [#""2024-02-29""#, #""2023-12-31""#, #""2000-02-29""#],
      refuses: [#""2023-02-29""#, #""2024-13-01""#, #""2023-04-31""#, #""1900-02-29""#, #""24-01-01""#]),
    SchemaCase(
      #"{"type": "string", "format": "date-time"}"#,
      accepts: [#""2024-02-29T23:59:59.5Z""#, #""2024-01-01T00:00:00+02:00""#],
      refuses: [#""2024-02-29""#, #""2024-01-01T24:00:00Z""#, #""2024-01-01T00:00:00+18:30""#]),
    SchemaCase(
      #"{"type": "string", "format": "uuid"}"#, accepts: [#""123e4567-e89b-12d3-a456-426614174000""#],
      refuses: [#""123e4567""#]),
    SchemaCase(
      #"{"type": "string", "format": "ipv4"}"#, accepts: [#""10.0.255.1""#],
      refuses: [#""256.1.1.1""#, #""1.2.3""#]),
    SchemaCase(#"{"format": "email"}"#, accepts: [#""a.b@x.org""#], refuses: [#""a@""#, "1"]),
    SchemaCase(#"{"format": "uri"}"#, accepts: [#""https://x.org/a?b=c#d""#], refuses: [#""x.org""#]),
    // Lengths are counted beside the pattern, and lead into no dead end.
    SchemaCase(
      #"{"pattern": "^(?:ab)*$", "minLength": 3, "maxLength": 7}"#, accepts: [#""abab""#, #""ababab""#],
      refuses: [#""ab""#, #""ababa""#, #""abababab""#, "\"\""]),
    SchemaCase(
      #"{"pattern": "^\\S+$", "maxLength": 500}"#,
      accepts: [#""x""#, "\"" + String(repeating: "é", count: 500) + "\""],
      refuses: ["\"\"", #""a b""#, "\"" + String(repeating: "x", count: 501) + "\""]),
    SchemaCase(
      #"{"pattern": "^(?:an|\\n)$", "maxLength": 1}"#, accepts: [#""\n""#], refuses: [#""an""#, #""n""#]),
    SchemaCase(
      #"{"pattern": "\\S", "minLength": 2, "maxLength": 3}"#,
      accepts: [#""a ""#, #"" \u0001a""#, #""\n\\""#],
      refuses: [#""a""#, "\"  \"", "\"   a\""]),
    SchemaCase(
      #"{"format": "email", "maxLength": 8}"#, accepts: [#""ab@xy.de""#], refuses: [#""abc@xy.de""#]),
    SchemaCase(
      #"{"format": "uri", "minLength": 1, "maxLength": 2083}"#, accepts: [#""http://x.org/""#],
      refuses: ["\"http://x.org/" + String(repeating: "a", count: 2071) + "\""]),
    SchemaCase(
      #"{"type": "string", "pattern": "^[\\u0020-\\uffff]{1,2}$"}"#, accepts: [#""日a""#], refuses: [#""😀""#]),
    // A format that is not known describes.
    SchemaCase(#"{"type": "string", "format": "color"}"#, accepts: [##""#fff""##], refuses: ["1"]),
  ]
}

/// A schema, and texts that its constraint must accept and refuse, read byte by byte.
struct SchemaCase: Sendable {
  let schema: String
  let accepted: [String]
  let refused: [String]

  init(_ schema: String, accepts accepted: [String], refuses refused: [String]) {
    self.schema = schema
    self.accepted = accepted
    self.refused = refused
  }

  static let all = json + numbers + strings + objects + arrays + combinations

  private static let json = [
    SchemaCase(
      "{}",
      accepts: [
        "null", "true", "-1.5e3", #""\ud83d\ude00""#, #"{"a": [1, {}]}"#, "[]", "[\n  1]", "[ 1 ]", "{}",
      ],
      refuses: [
        "", "nul", "01", "1.", #""\ud83d""#, #"{"a" :1}"#, "[1,]", "{} ", "\"\u{1}\"", "[ ]", " 1", "--1",
      ]),
    SchemaCase("true", accepts: ["1", "[]"], refuses: ["x"]),
    SchemaCase(
      #"{"type": ["null", "boolean"]}"#, accepts: ["null", "false"], refuses: ["1", "\"\"", "nulltrue"]),
    SchemaCase(
      #"{"enum": [1, "a", null, {"k": [1, 2]}]}"#, accepts: ["1", #""a""#, "null", #"{"k":[1,2]}"#],
      refuses: ["2", #""b""#, "{}", #"{"k": [1,2]}"#]),
    SchemaCase(#"{"const": "a\"\n/é"}"#, accepts: [#""a\"\n/é""#], refuses: [#""a""#]),
    // The values that the other keywords leave.
    SchemaCase(
      #"{"enum": [1, 2.0, 3.5, "x", "yy"], "type": ["integer", "string"], "minimum": 2, "minLength": 2}"#,
      accepts: ["2.0", #""yy""#], refuses: ["1", "3.5", #""x""#]),
    SchemaCase(#"{"enum": [1, 2, 3], "not": {"enum": [2.0]}}"#, accepts: ["1", "3"], refuses: ["2"]),
  ]

  private static let numbers = [
    SchemaCase(
      #"{"type": "integer"}"#, accepts: ["0", "-9223372036854775808", "9223372036854775807", "12"],
      refuses: ["9223372036854775808", "1.0", "1e2", "-0", "00", "-"]),
    SchemaCase(
      #"{"type": "number"}"#, accepts: ["0.5", "0", "0.0e1", "-1E+9", "1e99", "1234567890123456789.5"],
      refuses: [".5", "1e", "1e999", "+1", "0e1", "-0E1"]),
    SchemaCase(
      #"{"type": "integer", "minimum": -12, "maximum": 105}"#,
      accepts: ["-12", "-1", "0", "9", "99", "100", "105"],
      refuses: ["-13", "106", "110", "999", "-100", "-0"]),
    SchemaCase(
      #"{"type": "integer", "exclusiveMinimum": 5, "exclusiveMaximum": 7}"#, accepts: ["6"],
      refuses: ["5", "7", "60"]),
    SchemaCase(
      #"{"type": "number", "minimum": 1.25, "exclusiveMaximum": 3.5}"#,
      accepts: ["1.25", "1.250", "1.3", "2", "3.4999", "3", "3.0"],
      refuses: ["1.2", "1", "3.5", "3.50", "4", "10", "-2", "1.249999"]),
    SchemaCase(
      #"{"type": "number", "exclusiveMinimum": -0.5, "maximum": 0}"#, accepts: ["0", "0.0", "-0.4", "-0.49"],
      refuses: ["-0.5", "-0.50", "0.1", "-1", "-0", "-0.0"]),
    SchemaCase(
      #"{"type": "number", "exclusiveMinimum": 5}"#,
      accepts: ["5.001", "5.00000000000001", "6", "10"],
      refuses: ["5", "5.0", "4.9", "5.00000000000000001"]),
    SchemaCase(
      #"{"type": "integer", "multipleOf": 7, "minimum": -20, "maximum": 50}"#, accepts: ["-14", "0", "49"],
      refuses: ["-15", "1", "56"]),
    SchemaCase(
      #"{"type": "integer", "minimum": 1.5, "maximum": 2.5e0}"#, accepts: ["2"], refuses: ["1", "3", "2.0"]),
    SchemaCase(
      #"{"minimum": 1e2, "maximum": 1.2E2}"#, accepts: ["100", "120", "101.5"], refuses: ["99", "121", "1e2"]),
  ]

  private static let strings = [
    SchemaCase(
      #"{"type": "string", "minLength": 2, "maxLength": 3}"#,
      accepts: [#""ab""#, #""日本語""#, #""\n😀""#, #""\ud83d\ude00x""#, #""\u0041bc""#],
      refuses: [#""a""#, #""abcd""#, #""😀""#, #""\ud83d\ude00""#]),
    SchemaCase(#"{"type": "string", "maxLength": 0}"#, accepts: ["\"\""], refuses: [#""a""#]),
    SchemaCase(
      #"{"type": "string", "pattern": "^[a-c]+\\d{2,3}$"}"#, accepts: [#""a12""#, #""cab123""#],
      refuses: [#""12""#, #""d12""#, #""a1""#, #""a1234""#, #""xa12""#]),
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
    // A format that is not known describes.
    SchemaCase(#"{"type": "string", "format": "color"}"#, accepts: [##""#fff""##], refuses: ["1"]),
  ]

  private static let objects = [
    SchemaCase(
      """
      {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}, "c": {"type": "null"}},
       "required": ["b"]}
      """,
      accepts: [
        #"{"a":1,"b":"x"}"#, #"{ "b": "x" }"#, "{\n  \"b\": \"\",\n  \"c\": null\n}",
        #"{"a":1,"b":"","c":null}"#,
      ],
      refuses: [
        "{}", #"{"a":1}"#, #"{"b":"","a":1}"#, #"{"b":"","d":1}"#, #"{"b":"",}"#, #"{,"b":""}"#, #"{"b":1}"#,
      ]),
    SchemaCase(#"{"type": "object"}"#, accepts: ["{}", #"{"x":1,"y":[{}]}"#], refuses: ["[]", "1", "{ }"]),
    SchemaCase(
      #"{"properties": {"a": {"type": "null"}}, "additionalProperties": {"type": "integer"}, "type": "object"}"#,
      accepts: ["{}", #"{"a":null}"#, #"{"b":1}"#, #"{"a":null,"b":1,"ab":2}"#, #"{"":0}"#],
      refuses: [#"{"a":1}"#, #"{"b":null}"#, #"{"b":1,"a":null}"#, #"{"\u0061":1}"#]),
    SchemaCase(
      #"{"type": "object", "required": ["x"]}"#, accepts: [#"{"x":[]}"#, #"{"x":1,"y":2}"#],
      refuses: ["{}", #"{"y":1}"#]),
    SchemaCase(
      #"{"type": "object", "additionalProperties": false}"#, accepts: ["{}"], refuses: [#"{"a":1}"#]),
    SchemaCase(
      #"{"properties": {"a\"/~": true, "é": true}, "required": ["é"]}"#, accepts: [#"{"a\"/~":1,"é":2}"#],
      refuses: ["{}"]),
    SchemaCase(
      #"{"properties": {"a": true, "b": true, "c": true}, "minProperties": 1, "maxProperties": 2}"#,
      accepts: [#"{"a":1}"#, #"{"b":1,"c":1}"#], refuses: ["{}", #"{"a":1,"b":1,"c":1}"#]),
    SchemaCase(
      #"{"type": "object", "additionalProperties": {"type": "null"}, "minProperties": 1, "maxProperties": 2}"#,
      accepts: [#"{"a":null}"#, #"{"b":null,"c":null}"#], refuses: ["{}", #"{"a":null,"b":null,"c":null}"#]),
    SchemaCase(
      #"{"properties": {"a": false, "b": {"type": "null"}}}"#, accepts: ["{}", #"{"b":null}"#],
      refuses: [#"{"a":1}"#]),
    SchemaCase(
      #"{"type": "object", "propertyNames": {"pattern": "^[ab]+$", "maxLength": 2}}"#,
      accepts: ["{}", #"{"ab":1,"a":2}"#], refuses: [#"{"c":1}"#, #"{"aba":1}"#, #"{"":1}"#]),
    SchemaCase(
      #"{"properties": {"a": true, "b": true}, "propertyNames": {"enum": ["b", "c"]}, "additionalProperties": true}"#,
      accepts: ["{}", #"{"b":1,"c":2}"#], refuses: [#"{"a":1}"#, #"{"d":1}"#]),
    SchemaCase(
      #"{"properties": {"a": true}, "required": ["a"], "minProperties": 2}"#, accepts: [#"{"a":1,"b":2}"#],
      refuses: [#"{"a":1}"#]),
  ]

  private static let arrays = [
    SchemaCase(
      #"{"type": "array", "items": {"type": "boolean"}, "minItems": 1, "maxItems": 3}"#,
      accepts: ["[true]", "[true, false]", "[true,false,\n  true]"],
      refuses: ["[]", "[true,true,true,true]", "[1]"]),
    SchemaCase(
      #"{"type": "array", "prefixItems": [{"type": "integer"}, {"type": "null"}], "items": {"type": "string"}}"#,
      accepts: ["[]", "[1]", "[1,null]", #"[1,null,"a","b"]"#], refuses: ["[null]", "[1,2]", "[1,null,2]"]),
    SchemaCase(
      #"{"type": "array", "items": [{"type": "integer"}], "additionalItems": false, "minItems": 1}"#,
      accepts: ["[1]"], refuses: ["[]", "[1,2]"]),
    SchemaCase(#"{"type": "array", "maxItems": 0}"#, accepts: ["[]"], refuses: ["[1]"]),
    SchemaCase(#"{"type": "array", "minItems": 2}"#, accepts: ["[1,[]]", "[1,2,3]"], refuses: ["[1]"]),
    SchemaCase(#"{"type": "array", "items": false}"#, accepts: ["[]"], refuses: ["[1]"]),
    SchemaCase(
      #"{"type": "array", "items": {"enum": [1, 2, 1.0, "x"]}, "uniqueItems": true, "minItems": 1}"#,
      accepts: ["[1]", #"[1, "x"]"#, "[2]", #"[1,2,"x"]"#],
      refuses: ["[]", "[1,1]", "[1,1.0]", #"["x","x"]"#]),
    SchemaCase(
      #"{"uniqueItems": true, "maxItems": 1, "items": {"type": "integer"}}"#, accepts: ["[]", "[5]"],
      refuses: ["[5,6]"]),
  ]

  private static let combinations = [
    SchemaCase(
      #"{"anyOf": [{"type": "integer"}, {"type": "null"}]}"#, accepts: ["1", "null"], refuses: ["true"]),
    // What fits both is not allowed.
    SchemaCase(
      #"{"oneOf": [{"type": "integer"}, {"type": "number"}]}"#, accepts: ["1.5"],
      refuses: ["1", "1.0", "1e1"]),
    SchemaCase(
      #"{"oneOf": [{"type": "string", "maxLength": 3}, {"type": "string", "minLength": 2}]}"#,
      accepts: ["\"\"", #""a""#, #""abcd""#], refuses: [#""ab""#, #""abc""#, #""\u0061b""#]),
    SchemaCase(
      """
      {"oneOf": [{"properties": {"kind": {"const": "a"}, "v": {"type": "integer"}}, "required": ["kind"]},
                 {"properties": {"kind": {"const": "b"}, "v": {"type": "number"}}, "required": ["kind"]}]}
      """, accepts: [#"{"kind":"a","v":1}"#, #"{"kind":"b","v":1}"#, #"{"kind":"b"}"#],
      refuses: ["{}", #"{"kind":"a","v":1.5}"#]),
    SchemaCase(
      #"{"oneOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "array", "items": {"type": "null"}}]}"#,
      accepts: ["[1]", "[null,null]"], refuses: ["[]", "[1,null]"]),
    SchemaCase(
      """
      {"type": "object", "oneOf": [
        {"properties": {"a": {"type": "integer"}}, "additionalProperties": false},
        {"properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "additionalProperties": false}]}
      """, accepts: [#"{"b":1}"#, #"{"a":1,"b":1}"#], refuses: ["{}", #"{"a":1}"#]),
    SchemaCase(
      """
      {"allOf": [{"type": "object", "properties": {"a": {"minimum": 3}}, "required": ["a"]},
                 {"properties": {"a": {"type": "integer", "maximum": 5}, "b": {"type": "null"}}}]}
      """, accepts: [#"{"a":3}"#, #"{"a":5,"b":null}"#],
      refuses: [#"{"a":2}"#, #"{"a":3.5}"#, #"{"b":null}"#]),
    SchemaCase(
      #"{"type": "integer", "anyOf": [{"minimum": 10}, {"maximum": 2}], "maximum": 12, "minimum": 1}"#,
      accepts: ["1", "2", "10", "12"], refuses: ["3", "0", "13"]),
    SchemaCase(
      """
      {"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "additionalProperties": false,
       "properties": {"v": {"type": "integer"}, "kids": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
       "required": ["v"]}}}
      """, accepts: [#"{"v":1}"#, #"{"v":1,"kids":[{"v":2,"kids":[]},{"v":3}]}"#],
      refuses: [#"{"v":1,"kids":[1]}"#]),
    SchemaCase(
      ##"{"anyOf": [{"type": "null"}, {"type": "array", "items": {"$ref": "#"}}]}"##,
      accepts: ["null", "[[],[null]]"], refuses: ["1"]),
    SchemaCase(
      ##"{"$ref": "#/definitions/a~1b%20c", "definitions": {"a/b c": {"const": 1}}}"##, accepts: ["1"],
      refuses: ["2"]),
    SchemaCase(
      ##"{"$ref": "#x", "$defs": {"y": {"$anchor": "x", "type": "null"}}}"##, accepts: ["null"],
      refuses: ["1"]),
    SchemaCase(
      #"{"type": ["integer", "string"], "not": {"type": "string"}}"#, accepts: ["1"], refuses: ["\"\""]),
    SchemaCase(
      """
      {"type": "object", "properties": {"k": {"enum": [1, 2]}, "v": {"type": ["integer", "null"]}}, "required": ["k", "v"],
       "if": {"properties": {"k": {"const": 1}}}, "then": {"properties": {"v": {"type": "null"}}},
       "else": {"properties": {"v": {"type": "integer"}}}}
      """, accepts: [#"{"k":1,"v":null}"#, #"{"k":2,"v":3}"#],
      refuses: [#"{"k":1,"v":3}"#, #"{"k":2,"v":null}"#]),
  ]
}

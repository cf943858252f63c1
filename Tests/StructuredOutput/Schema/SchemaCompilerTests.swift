import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Testing

@Suite struct SchemaCompilerTests {
  @Test(arguments: SchemaCase.json + SchemaCase.objects + SchemaCase.arrays + SchemaCase.combinations)
  func acceptsAndRefuses(_ example: SchemaCase) throws { try example.check() }

  static let cases: [(schema: String, error: StructuredOutputError)] = [
    (#"[]"#, .notASchema(path: "#")),
    (#"{"properties": {"a": 1}}"#, .notASchema(path: "#/properties/a")),
    (
      #"{"properties": {"a": {"type": "int"}}}"#,
      .invalidKeyword(
        path: "#/properties/a", keyword: "type", expected: "one of JSON's types or a list of them")
    ),
    (#"{"enum": []}"#, .invalidKeyword(path: "#", keyword: "enum", expected: "a list of values")),
    (
      #"{"minItems": -1}"#,
      .invalidKeyword(path: "#", keyword: "minItems", expected: "a whole number, 0 or more")
    ),
    (#"{"multipleOf": 0}"#, .invalidKeyword(path: "#", keyword: "multipleOf", expected: "a number above 0")),
    (#"{"multipleOf": 0.1}"#, .unsupportedKeyword(path: "#", keyword: "multipleOf")),
    (
      #"{"items": {"uniqueItems": true, "items": {"type": "object"}}}"#,
      .unsupportedKeyword(path: "#/items", keyword: "uniqueItems")
    ),
    (#"{"patternProperties": {}}"#, .unsupportedKeyword(path: "#", keyword: "patternProperties")),
    (#"{"pattern": "a(?=b)"}"#, .unsupportedPattern(path: "#", pattern: "a(?=b)", characterOffset: 3)),
    (#"{"pattern": "a)"}"#, .unsupportedPattern(path: "#", pattern: "a)", characterOffset: 1)),
    (#"{"pattern": "(a"}"#, .unsupportedPattern(path: "#", pattern: "(a", characterOffset: 2)),
    (#"{"pattern": "[b-a]"}"#, .unsupportedPattern(path: "#", pattern: "[b-a]", characterOffset: 4)),
    (#"{"pattern": "\\bx"}"#, .unsupportedPattern(path: "#", pattern: "\\bx", characterOffset: 1)),
    (##"{"$ref": "#/$defs/x"}"##, .unresolvedReference(path: "#", reference: "#/$defs/x")),
    (##"{"$ref": "https://x.org/s"}"##, .unresolvedReference(path: "#", reference: "https://x.org/s")),
    (##"{"$ref": "#"}"##, .circularReference(path: "#")),
    (##"{"anyOf": [{"type": "null"}, {"$ref": "#"}]}"##, .circularReference(path: "#")),
    ("false", .unsatisfiable(path: "#")),
    (#"{"type": "string", "enum": [1]}"#, .unsatisfiable(path: "#")),
    (#"{"type": "integer", "minimum": 3, "maximum": 2}"#, .unsatisfiable(path: "#")),
    (#"{"type": "string", "minLength": 3, "maxLength": 2}"#, .unsatisfiable(path: "#")),
    (##"{"properties": {"a": {"$ref": "#"}}, "required": ["a"]}"##, .unsatisfiable(path: "#")),
    (#"{"oneOf": [{"type": "null"}, {"type": "null"}]}"#, .unsatisfiable(path: "#")),
    (#"{"pattern": "^(a|b)*a(a|b){12}$"}"#, .tooComplex(path: "#", .automatonStates)),
    (#"{"pattern": "((a{1,1000}){1,1000}){1,1000}"}"#, .tooComplex(path: "#", .steps)),
    (#"{"pattern": "(.{0,99}a.{0,99}b){3}"}"#, .tooComplex(path: "#", .automatonStates)),
    (#"{"type": "array", "minItems": 1000000}"#, .tooComplex(path: "#", .shortestText)),
    (#"{"type": "object", "minProperties": 1000000}"#, .tooComplex(path: "#", .shortestText)),
    // What no text can reach, however it is counted.
    (#"{"pattern": "^(?:aa)*$", "minLength": 3, "maxLength": 3}"#, .unsatisfiable(path: "#")),
    (#"{"format": "ipv4", "minLength": 16}"#, .unsatisfiable(path: "#")),
    (#"{"pattern": "^a{3}$", "maxLength": 2}"#, .unsatisfiable(path: "#")),
    (#"{"uniqueItems": true, "items": {"enum": [1, 1.0, 2]}, "minItems": 3}"#, .unsatisfiable(path: "#")),
    (#"{"uniqueItems": true, "items": {"type": "boolean"}, "minItems": 3}"#, .unsatisfiable(path: "#")),
    (
      #"{"uniqueItems": true, "items": {"pattern": "^[ab]?$"}, "minItems": 4}"#, .unsatisfiable(path: "#")
    ),
    (
      #"{"propertyNames": {"pattern": "^[ab]$"}, "minProperties": 3}"#, .unsatisfiable(path: "#")
    ),
    (
      #"{"properties": {"a": {}, "b": false}, "additionalProperties": false, "minProperties": 2}"#,
      .unsatisfiable(path: "#")
    ),
    (
      #"{"properties": {"a": {}, "b": {}}, "required": ["a", "b"], "maxProperties": 1}"#,
      .unsatisfiable(path: "#")
    ),
  ]

  @Test(arguments: cases) func refusesSchema(schema: String, error: StructuredOutputError) throws {
    let value = try JSONValue(parsing: schema)
    #expect(throws: error) { try TokenConstraint(schema: value, tokens: TestVocabulary.small) }
  }

  @Test func refusesWhatExplodes() throws {
    let pair: JSONValue = ["anyOf": [["type": "null"], ["minimum": 1], ["maxLength": 3]]]
    let wide: JSONValue = ["allOf": .array((0..<40).map { _ in pair })]
    #expect(throws: StructuredOutputError.tooComplex(path: "#", .alternatives)) {
      try TokenConstraint(schema: wide, tokens: TestVocabulary.small)
    }
    // A shortest text that doubles with every level.
    var definitions = JSONObject()
    definitions["d0"] = ["const": "x"]
    for level in 1...60 {
      let half: JSONValue = ["$ref": .string("#/$defs/d\(level - 1)")]
      definitions["d\(level)"] = ["type": "array", "prefixItems": [half, half], "minItems": 2]
    }
    let tall = JSONValue.object(JSONObject([("$ref", "#/$defs/d60"), ("$defs", .object(definitions))]))
    #expect(throws: StructuredOutputError.unsatisfiable(path: "#")) {
      try TokenConstraint(schema: tall, tokens: TestVocabulary.small)
    }
    var deep: JSONValue = true
    for _ in 0..<100 { deep = ["items": deep] }
    #expect(throws: Never.self) { try TokenConstraint(schema: deep, tokens: TestVocabulary.small) }
    for _ in 0..<1000 { deep = ["items": deep] }
    #expect(throws: Never.self) { try TokenConstraint(schema: deep, tokens: TestVocabulary.small) }
    for _ in 0..<1000 { deep = ["allOf": [deep]] }
    #expect {
      try TokenConstraint(schema: deep, tokens: TestVocabulary.small)
    } throws: { error in
      guard case .tooComplex(_, .nesting) = error as? StructuredOutputError else { return false }
      return true
    }
  }
}

extension SchemaCase {
  static let json = [
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

  static let objects = [
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
      #"{"type": "object", "propertyNames": {"enum": ["a", "bb"], "minLength": 2}, "additionalProperties": true}"#,
      accepts: ["{}", #"{"bb":1}"#], refuses: [#"{"a":1}"#]),
    SchemaCase(
      #"{"type": "object", "additionalProperties": {"type": "integer"}, "unevaluatedProperties": false}"#,
      accepts: ["{}", #"{"a":1}"#], refuses: [#"{"a":"b"}"#]),
    SchemaCase(
      #"{"properties": {"a": true}, "required": ["a"], "minProperties": 2}"#, accepts: [#"{"a":1,"b":2}"#],
      refuses: [#"{"a":1}"#]),
    // A name that comes again is no further property.
    SchemaCase(
      #"{"type": "object", "minProperties": 3}"#,
      accepts: [#"{"a":1,"b":{"a":2},"c":3}"#, #"{"":1,"b":2,"c":3,"d":4}"#],
      refuses: ["{}", #"{"a":1,"b":2}"#, #"{"a":1,"b":2,"a":3}"#, #"{"a":1,"b":2,"\u0061":3}"#]),
    SchemaCase(
      #"{"propertyNames": {"pattern": "^[ab]$"}, "minProperties": 2, "additionalProperties": {"type": "null"}}"#,
      accepts: [#"{"a":null,"b":null}"#, #"{"b":null,"a":null}"#],
      refuses: [#"{"a":null}"#, #"{"a":null,"a":null}"#]),
    SchemaCase(
      """
      {"properties": {"a": {}, "b": {}, "c": {}, "d": false}, "required": ["c"], "additionalProperties": false,
       "minProperties": 2, "maxProperties": 2}
      """, accepts: [#"{"a":1,"c":2}"#, #"{"b":1,"c":2}"#],
      refuses: [#"{"c":2}"#, #"{"a":1,"b":2}"#, #"{"a":1,"b":2,"c":3}"#]),
  ]

  static let arrays = [
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
    SchemaCase(
      #"{"type": "array", "uniqueItems": true, "items": {"type": "string"}}"#,
      accepts: ["[]", #"["a", "b", "ab", ""]"#, #"["a\"", "a"]"#],
      refuses: [#"["a","a"]"#, #"["","b",""]"#, #"["a","\u0061"]"#, "[1]"]),
    SchemaCase(
      #"{"uniqueItems": true, "items": {"type": ["number", "null", "boolean"]}, "minItems": 2}"#,
      accepts: ["[1, 1.5, null, true]", "[10, 1]"], refuses: ["[1,1]", "[1,1.0]", "[null,null]", "[0,-0]"]),
    // Two are left after the first two, and only what is left may begin.
    SchemaCase(
      #"{"uniqueItems": true, "items": {"pattern": "^[ab][cd]$"}, "minItems": 4}"#,
      accepts: [#"["ac","ad","bc","bd"]"#, #"["bd","bc","ad","ac"]"#],
      refuses: [#"["ac","ad","bc"]"#, #"["ac","ad","ac","bd"]"#, #"["ac","ad","bc","bd","ac"]"#]),
    SchemaCase(
      #"{"uniqueItems": true, "items": {"enum": ["x", "xy", [1], {"a": 1}]}, "maxItems": 3}"#,
      accepts: [#"["xy","x"]"#, #"[[1],{"a":1},"x"]"#], refuses: [#"["x","x"]"#, #"["x","xy",[1],{"a":1}]"#]),
    SchemaCase(
      #"{"items": {"type": "integer"}, "prefixItems": [{"type": "null"}], "minItems": 3, "maxItems": 4}"#,
      accepts: ["[null,1,2]", "[null,1,2,3]"], refuses: ["[null,1]", "[null,1,2,3,4]", "[1,2,3]"]),
    SchemaCase(
      #"{"prefixItems": [{"type": "null"}, {"type": "null"}, {"type": "null"}], "minItems": 2, "maxItems": 2}"#,
      accepts: ["[null,null]"], refuses: ["[null]", "[null,null,null]"]),
  ]

  static let combinations = [
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

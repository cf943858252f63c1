import GPTOSSHarmony
import GPTOSSJSON
import Testing

/// JSON schemas as TypeScript.
///
/// The expected types are the reference library's (openai-harmony 0.0.8).
@Suite struct TypeScriptTests {
  static let cases: [(reason: String, schema: String, type: String)] = [
    (
      "a tool without properties",
      ##"{"type":"object","properties":{}}"##,
      ##"""
      {
      }
      """##
    ),
    (
      "required and optional, in the document's order",
      ##"{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"integer"},"m":{"type":"boolean"}},"required":["a"]}"##,
      ##"""
      {
      z?: string,
      a: number,
      m?: boolean,
      }
      """##
    ),
    (
      "descriptions, titles, examples",
      ##"{"type":"object","description":"about it","properties":{"q":{"type":"string","title":"Query","description":"what to find","examples":["x","y",3]}}}"##,
      ##"""
      // about it
      {
      // Query
      //
      // what to find
      // Examples:
      // - "x"
      // - "y"
      q?: string,
      }
      """##
    ),
    (
      "enums: strings are spelled out, integers are not",
      ##"{"type":"object","properties":{"unit":{"type":"string","enum":["c","f"],"default":"c"},"n":{"type":"integer","enum":[1,2]},"e":{"type":"string","enum":[]}}}"##,
      ##"""
      {
      unit?: "c" | "f", // default: c
      n?: number,
      e?: string,
      }
      """##
    ),
    (
      "defaults of every type",
      ##"{"type":"object","properties":{"s":{"type":"string","default":"a\"b"},"n":{"type":"number","default":100.0},"i":{"type":"integer","default":-1},"b":{"type":"boolean","default":false},"o":{"type":"object","default":{"k":[1,2.5,null]}},"z":{"type":"string","default":null}}}"##,
      ##"""
      {
      s?: string, // default: "a"b"
      n?: number, // default: 100.0
      i?: number, // default: -1
      b?: boolean, // default: false
      o?: {
          }, // default: {"k":[1,2.5,null]}
      z?: string, // default: null
      }
      """##
    ),
    (
      "nullable adds null once",
      ##"{"type":"object","properties":{"a":{"type":"string","nullable":true},"b":{"type":["string","null"],"nullable":true},"c":{"nullable":false,"type":"string"}}}"##,
      ##"""
      {
      a?: string | null,
      b?: string | null,
      c?: string,
      }
      """##
    ),
    (
      "type lists",
      ##"{"type":"object","properties":{"a":{"type":["integer","string"]},"b":{"type":[]},"c":{"type":[1,2]},"d":{"type":"null"}}}"##,
      ##"""
      {
      a?: number | string,
      b?: any,
      c?: any,
      d?: any,
      }
      """##
    ),
    (
      "arrays",
      ##"{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"}},"b":{"type":"array"},"c":{"type":"array","items":{"type":"array","items":{}}},"d":{"type":"array","items":true},"e":{"type":"array","items":{"type":"object","properties":{"x":{"type":"number"}}}}}}"##,
      ##"""
      {
      a?: string[],
      b?: Array<any>,
      c?: any[][],
      d?: any[],
      e?: {
          x?: number,
          }[],
      }
      """##
    ),
    (
      "nested objects are indented",
      ##"{"type":"object","properties":{"o":{"type":"object","description":"inner","properties":{"x":{"type":"string","description":"deep"},"y":{"type":"object","properties":{"z":{"type":"string"}}}}}}}"##,
      ##"""
      {
      // inner
      o?:     // inner
      {
          // deep
          x?: string,
          y?: {
              z?: string,
              },
          },
      }
      """##
    ),
    (
      "oneOf of a property",
      ##"{"type":"object","properties":{"v":{"oneOf":[{"type":"string","default":"d"},{"type":"number","description":"num"},{"type":"string","enum":["p","q"],"default":"p","nullable":true}],"description":"one of","default":20}},"required":["v"]}"##,
      ##"""
      {
      // one of
      // default: 20
      v:
       | string // default: "d"
       | number // num
       | "p" | "q" | null // default: p
      ,
      }
      """##
    ),
    (
      "a description shared with the first variant stands once",
      ##"{"type":"object","properties":{"v":{"oneOf":[{"type":"string","description":"same"},{"type":"number","description":"same"},{"type":"boolean","description":"other"}],"description":"same"}}}"##,
      ##"""
      {
      v?:
       | string
       | number
       | boolean // other
      ,
      }
      """##
    ),
    (
      "oneOf without variants, and of a wrong type",
      ##"{"type":"object","properties":{"a":{"oneOf":[]},"b":{"oneOf":"x","type":"string","description":"hidden","default":"hidden"}}}"##,
      ##"""
      {
      a?:
      ,
      b?: string,
      }
      """##
    ),
    (
      "oneOf in an array",
      ##"{"type":"object","properties":{"a":{"type":"array","items":{"oneOf":[{"type":"string","enum":["x"],"default":"x","description":"d"},{"type":"object","properties":{"k":{"type":"string"}}}]}}}}"##,
      ##"""
      {
      a?: 
           | "x" // d default: "x"
           | {
             k?: string,
             }[],
      }
      """##
    ),
    (
      "oneOf at the top",
      ##"{"oneOf":[{"type":"object","properties":{"a":{"type":"string"}}},{"type":"string","default":"s"}]}"##,
      ##"""

       | {
         a?: string,
         }
       | string // default: "s"
      """##
    ),
    (
      "anyOf, allOf, $ref and const are any",
      ##"{"type":"object","properties":{"a":{"anyOf":[{"type":"string"}]},"b":{"allOf":[{}]},"c":{"$ref":"#/$defs/T"},"d":{"const":3}}}"##,
      ##"""
      {
      a?: any,
      b?: any,
      c?: any,
      d?: any,
      }
      """##
    ),
    (
      "keys with wrong types are passed over",
      ##"{"type":"object","description":5,"properties":{"a":{"type":"string","description":[],"title":1,"examples":"x","enum":"y","nullable":"true"},"b":7,"c":null},"required":"a"}"##,
      ##"""
      {
      a?: string,
      b?: any,
      c?: any,
      }
      """##
    ),
    (
      "no type at all",
      ##"{}"##,
      ##"""
      any
      """##
    ),
    (
      "a type that is no type",
      ##"{"type":"date"}"##,
      ##"""
      any
      """##
    ),
    (
      "properties of a wrong type",
      ##"{"type":"object","properties":[1]}"##,
      ##"""
      {
      }
      """##
    ),
    (
      "keys that are not names",
      ##"{"type":"object","properties":{"a b":{"type":"string"},"é":{"type":"string"},"":{"type":"string"}},"required":["é"]}"##,
      ##"""
      {
      a b?: string,
      é: string,
      ?: string,
      }
      """##
    ),
    (
      "line ends in descriptions are not touched",
      ##"{"type":"object","properties":{"a":{"type":"string","description":"one\ntwo"}}}"##,
      ##"""
      {
      // one
      two
      a?: string,
      }
      """##
    ),
  ]

  @Test(arguments: cases) func typeOfSchema(reason: String, schema: String, type: String) throws {
    let tool = ToolDescription(name: "f", description: "d", parameters: try JSONValue(parsing: schema))
    let message = Message.developer(DeveloperContent(functions: [tool]))
    let segments = try Renderer().segments(of: message)
    let expected = """
      # Tools

      ## functions

      namespace functions {

      // d
      type f = (_: \(type)) => any;

      } // namespace functions
      """
    #expect(segments.contains(.text(expected)), "\(reason): \(segments)")
  }

  @Test func toolsWithoutParametersTakeNothing() throws {
    let tool = ToolDescription(name: "now", description: "", parameters: nil)
    let segments = try Renderer().segments(of: .developer(DeveloperContent(functions: [tool])))
    let expected = """
      # Tools

      ## functions

      namespace functions {

      type now = () => any;

      } // namespace functions
      """
    #expect(segments.contains(.text(expected)))
  }

  @Test func deepSchemasDoNotExhaustTheStack() throws {
    var schema: JSONValue = ["type": "string"]
    for _ in 0..<120 { schema = ["type": "object", "properties": ["p": schema]] }
    let tool = ToolDescription(name: "f", description: "", parameters: schema)
    #expect(try Renderer().segments(of: .developer(DeveloperContent(functions: [tool]))).count == 5)
  }
}

import GPTOSSJSON
import GPTOSSMCP
import Testing

/// Values of headers and the arguments that go there, with the examples of the specification.
struct HTTPHeaderTests {
  @Test(arguments: [
    ("us-west1", "us-west1"), ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
    (" padded ", "=?base64?IHBhZGRlZCA=?="), ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
    ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="), ("", ""), ("a\tb", "a\tb"),
    ("a\r\nX-Evil: 1", "=?base64?YQ0KWC1FdmlsOiAx?="),
  ])
  func encoding(_ text: String, _ value: String) {
    #expect(HTTPHeader("Mcp-Name", encoding: text).value == value)
  }

  @Test func argumentsInHeaders() throws {
    let schema: JSONValue = [
      "type": "object",
      "properties": [
        "region": ["type": "string", "x-mcp-header": "Region"],
        "nested": ["type": "object", "properties": ["n": ["type": "integer", "x-mcp-header": "N"]]],
        "flag": ["type": "boolean", "x-mcp-header": "Flag"],
        "none": ["type": "string", "x-mcp-header": "None"],
        "query": ["type": "string"],
      ],
    ]
    let parameters = try #require(HeaderParameters(schema: schema))
    let arguments: JSONValue = [
      "region": "us-west1", "nested": ["n": 42], "flag": true, "none": nil, "query": "q",
    ]
    let headers = parameters.headers(for: try #require(arguments.objectValue))
    #expect(headers.map(\.name) == ["Mcp-Param-Region", "Mcp-Param-N", "Mcp-Param-Flag"])
    #expect(headers.map(\.value) == ["us-west1", "42", "true"])
  }

  @Test(arguments: [
    #"{"properties":{"a":{"type":"string","x-mcp-header":""}}}"#,
    #"{"properties":{"a":{"type":"string","x-mcp-header":"a b"}}}"#,
    #"{"properties":{"a":{"type":"string","x-mcp-header":"a\r\nb"}}}"#,
    #"{"properties":{"a":{"type":"string","x-mcp-header":7}}}"#,
    #"{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}"#,
    #"{"properties":{"a":{"type":"array","items":{"type":"string","x-mcp-header":"A"}}}}"#,
    #"{"properties":{"a":{"anyOf":[{"type":"string","x-mcp-header":"A"}]}}}"#,
    #"{"$defs":{"a":{"type":"string","x-mcp-header":"A"}},"properties":{}}"#,
    #"{"properties":{"a":{"type":"string","x-mcp-header":"A"},"b":{"type":"string","x-mcp-header":"a"}}}"#,
  ])
  func forbidden(_ schema: String) throws {
    #expect(HeaderParameters(schema: try JSONValue(parsing: schema)) == nil)
  }

  /// A property may be called like the keyword.
  @Test func aPropertyOfThatName() throws {
    let schema = try JSONValue(parsing: #"{"properties":{"x-mcp-header":{"type":"string"}}}"#)
    #expect(
      HeaderParameters(schema: schema)?.headers(for: JSONObject([("x-mcp-header", "a")])).isEmpty == true)
  }
}

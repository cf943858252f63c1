import GPTOSSJSON
import GPTOSSRandomWalks

/// Schemas in the shapes in which servers declare the parameters of their tools: as pydantic and zod make
/// them, as generators for Go and Java do, and as people write them by hand.
struct ServerSchemas {
  private var random: RandomSource
  private static let names = [
    "query", "path", "repo_path", "limit", "timezone", "owner", "repo", "labels", "body", "is_draft",
    "startDate", "max_results", "url", "id", "filters", "user", "tags", "content", "depth", "sort",
  ]

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func next() -> JSONValue {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: pydantic()
    case 1: zod()
    case 2: handwritten()
    default: openAPI()
    }
  }

  private mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: values.indices, using: &random)] }

  private mutating func members(_ make: (inout ServerSchemas) -> JSONValue) -> [(
    key: String, value: JSONValue
  )] {
    let count = Int.random(in: 0...5, using: &random)
    let names = Self.names.shuffled(using: &random).prefix(count)
    return names.map { ($0, make(&self)) }
  }

  private mutating func required(_ members: [(key: String, value: JSONValue)]) -> JSONValue {
    .array(members.filter { _ in random.chance(50) }.map { .string($0.key) })
  }

  // MARK: pydantic: titles, anyOf with null, defaults, $defs

  private mutating func pydantic() -> JSONValue {
    let members = members { schemas in schemas.pydanticMember() }
    let person: JSONValue = [
      "properties": [
        "name": ["title": "Name", "type": "string"],
        "age": ["default": 3, "title": "Age", "type": "integer"],
      ],
      "required": ["name"], "title": "Person", "type": "object",
    ]
    let node: JSONValue = [
      "properties": [
        "value": ["title": "Value", "type": "integer"],
        "children": ["default": [], "items": ["$ref": "#/$defs/Node"], "title": "Children", "type": "array"],
      ], "required": ["value"], "title": "Node", "type": "object",
    ]
    let color: JSONValue = ["enum": ["red", "green", "blue"], "title": "Color", "type": "string"]
    let required = required(members)
    return [
      "$defs": ["Person": person, "Node": node, "Color": color],
      "properties": .object(JSONObject(members)), "required": required, "title": "toolArguments",
      "type": "object",
    ]
  }

  private mutating func pydanticMember() -> JSONValue {
    let scalars: [JSONValue] = [
      ["type": "string"], ["type": "integer"], ["type": "number"], ["type": "boolean"],
      ["format": "date-time", "type": "string"], ["format": "uuid", "type": "string"],
      ["exclusiveMinimum": 0, "maximum": 100, "type": "integer"],
      ["maxLength": 20, "minLength": 1, "type": "string"],
      ["pattern": "^[a-z][a-z0-9_-]*$", "type": "string"], ["$ref": "#/$defs/Person"],
      ["$ref": "#/$defs/Node"],
      ["$ref": "#/$defs/Color"], ["const": "fixed", "type": "string"],
      ["enum": ["asc", "desc"], "type": "string"],
    ]
    let scalar = pick(scalars)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: return ["anyOf": [scalar, ["type": "null"]], "default": nil, "title": "Optional"]
    case 1: return ["items": scalar, "title": "List", "type": "array"]
    case 2: return ["additionalProperties": scalar, "title": "Map", "type": "object"]
    case 3:
      return [
        "anyOf": [["type": "string"], ["type": "integer"], ["items": scalar, "type": "array"]],
        "title": "Union",
      ]
    default: return scalar
    }
  }

  // MARK: zod: $schema of draft 7, closed objects

  private mutating func zod() -> JSONValue {
    let members = members { schemas in schemas.zodMember(depth: 2) }
    let required = required(members)
    return [
      "type": "object", "properties": .object(JSONObject(members)), "required": required,
      "additionalProperties": false, "$schema": "http://json-schema.org/draft-07/schema#",
    ]
  }

  private mutating func zodMember(depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 12 : 8), using: &random) {
    case 0: return ["type": "string", "description": "What to look for"]
    case 1: return ["type": "number", "minimum": 1, "maximum": 100, "default": 10]
    case 2: return ["type": "integer", "exclusiveMinimum": 0]
    case 3: return ["type": "string", "enum": ["open", "closed", "all"], "default": "open"]
    case 4: return ["type": "string", "format": pick(["uri", "email", "date", "uuid", "ipv4"])]
    case 5: return ["type": ["string", "null"], "minLength": 2]
    case 6: return ["type": "boolean", "default": false]
    case 7: return ["anyOf": [["type": "string", "const": "auto"], ["type": "number"]]]
    case 8: return ["type": "array", "items": zodMember(depth: depth - 1), "minItems": 1, "maxItems": 3]
    case 9:
      let members = members { schemas in schemas.zodMember(depth: depth - 1) }
      let required = required(members)
      return [
        "type": "object", "properties": .object(JSONObject(members)), "required": required,
        "additionalProperties": false,
      ]
    case 10:
      return [
        "anyOf": [
          [
            "type": "object",
            "properties": ["kind": ["type": "string", "const": "a"], "a": ["type": "string"]],
            "required": ["kind", "a"], "additionalProperties": false,
          ],
          [
            "type": "object",
            "properties": ["kind": ["type": "string", "const": "b"], "b": ["type": "number"]],
            "required": ["kind"], "additionalProperties": false,
          ],
        ]
      ]
    default: return ["type": "object", "additionalProperties": zodMember(depth: depth - 1)]
    }
  }

  // MARK: By hand: little more than types and descriptions

  private mutating func handwritten() -> JSONValue {
    let members = members { schemas in
      schemas.pick([
        ["type": "string", "description": "Path to the repository"], ["type": "string"], ["type": "integer"],
        ["type": "array", "items": ["type": "string"]], ["description": "Anything"], [:], ["type": "object"],
        ["type": "string", "examples": ["main", "HEAD~3"]],
        [
          "type": "array",
          "items": ["type": "object", "properties": ["path": ["type": "string"]], "required": ["path"]],
        ],
        ["type": "array", "items": ["type": "integer"], "uniqueItems": true, "maxItems": 4],
        ["type": "array"], ["enum": [1, 2, "three", nil, true]], ["type": "string", "maxLength": 5],
      ])
    }
    guard !members.isEmpty else { return pick([["type": "object"], ["type": "object", "properties": [:]]]) }
    let required = required(members)
    return ["type": "object", "properties": .object(JSONObject(members)), "required": required]
  }

  // MARK: From OpenAPI descriptions: allOf, oneOf, nullable

  private mutating func openAPI() -> JSONValue {
    let members = members { schemas in
      schemas.pick([
        ["type": "string", "nullable": true, "description": "Name"],
        ["allOf": [["$ref": "#/definitions/Base"]]],
        ["oneOf": [["type": "string", "title": "By name"], ["type": "integer", "title": "By number"]]],
        ["type": "integer", "format": "int64", "minimum": 0], ["type": "number", "format": "double"],
        ["$ref": "#/definitions/Base"], ["type": "string", "readOnly": true],
        ["type": "string", "deprecated": true],
        ["type": "object", "properties": ["x": ["type": "number"]], "additionalProperties": true],
        ["allOf": [["type": "object", "properties": ["a": ["type": "string"]]], ["required": ["a"]]]],
        ["type": "array", "items": ["$ref": "#/definitions/Base"], "minItems": 0, "maxItems": 2],
      ])
    }
    let required = required(members)
    return [
      "type": "object", "properties": .object(JSONObject(members)), "required": required,
      "definitions": [
        "Base": [
          "type": "object",
          "properties": ["id": ["type": "string", "minLength": 1], "next": ["$ref": "#/definitions/Base"]],
          "required": ["id"],
        ]
      ],
    ]
  }
}

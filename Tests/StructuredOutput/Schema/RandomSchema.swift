import GPTOSSJSON
import GPTOSSRandomWalks

/// Schemas of every kind that a constraint takes, none of which allows nothing.
struct RandomSchema {
  var random: RandomSource
  /// Names under `$defs`.
  private var definitionCount = 0

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  mutating func schema() -> JSONValue {
    definitionCount = int(0...2)
    var root = JSONObject()
    if case .object(let object) = schema(depth: 0) { root = object }
    var definitions = JSONObject()
    for index in 0..<definitionCount { definitions["d\(index)"] = definition(index) }
    if definitionCount > 0 { root["$defs"] = .object(definitions) }
    return .object(root)
  }

  /// An object that may hold others of its kind, but need not.
  private mutating func definition(_ index: Int) -> JSONValue {
    let reference: JSONValue = ["$ref": .string("#/$defs/d\(int(0...definitionCount - 1))")]
    return [
      "type": "object",
      "properties": [
        "v": schema(depth: 3), "next": random.chance(50) ? reference : ["type": "array", "items": reference],
      ],
      "required": random.chance(50) ? ["v"] : [], "additionalProperties": false,
    ]
  }

  private mutating func schema(depth: Int) -> JSONValue {
    let kinds = depth < 3 ? 14 : 8
    switch int(0...kinds - 1) {
    case 0: return ["type": ["boolean", "null"]]
    case 1: return integer()
    case 2: return number()
    case 3, 4: return string()
    case 5: return .object(JSONObject([("enum", .array((0..<int(1...4)).map { _ in constant() }))]))
    case 6: return ["const": constant()]
    case 7:
      return definitionCount > 0
        ? ["$ref": .string("#/$defs/d\(int(0...definitionCount - 1))")] : ["type": "null"]
    case 8, 9: return object(depth: depth)
    case 10: return array(depth: depth)
    case 11: return ["anyOf": .array((0..<int(1...3)).map { _ in schema(depth: depth + 1) })]
    case 12: return oneOf(depth: depth)
    default: return allOf(depth: depth)
    }
  }

  private mutating func integer() -> JSONValue {
    var object = JSONObject([("type", "integer")])
    let low = int(-1200...1200)
    if random.chance(60) {
      object[random.chance(70) ? "minimum" : "exclusiveMinimum"] = .number(JSONNumber(low))
    }
    if random.chance(60) {
      object[random.chance(70) ? "maximum" : "exclusiveMaximum"] = .number(JSONNumber(low + int(20...3000)))
    }
    if random.chance(20) { object["multipleOf"] = .number(JSONNumber(int(1...9))) }
    return .object(object)
  }

  private mutating func number() -> JSONValue {
    var object = JSONObject([("type", "number")])
    let low = Double(int(-5000...5000)) / 64
    if random.chance(50) {
      object[random.chance(70) ? "minimum" : "exclusiveMinimum"] = .number(JSONNumber(low))
    }
    if random.chance(50) {
      object[random.chance(70) ? "maximum" : "exclusiveMaximum"] = .number(
        JSONNumber(low + Double(int(1...900)) / 32))
    }
    return .object(object)
  }

  private mutating func string() -> JSONValue {
    var object = JSONObject([("type", "string")])
    switch int(0...4) {
    case 0:
      let patterns = [
        "^[a-z]{2,5}$", "\\d+", "^(?:foo|bar)(?:-[0-9A-F]{2})*$", "^\\S+@\\S+$", "é|日", "^[^\"x]{1,4}$",
        "^.{0,3}$", "a.b",
        "^\\w+(?:\\s\\w+)?$",
      ]
      object["pattern"] = .string(patterns[int(0...patterns.count - 1)])
    case 1:
      let formats = [
        "date", "time", "date-time", "uuid", "email", "ipv4", "ipv6", "hostname", "uri", "duration", "other",
      ]
      object["format"] = .string(formats[int(0...formats.count - 1)])
    case 2:
      let low = int(0...12)
      object["minLength"] = .number(JSONNumber(low))
      if random.chance(70) { object["maxLength"] = .number(JSONNumber(low + int(0...10))) }
    default: break
    }
    return .object(object)
  }

  private mutating func object(depth: Int) -> JSONValue {
    var properties = JSONObject()
    var required: [JSONValue] = []
    for name in ["id", "name", "a\"b", "日", "kind", "x"].shuffled(using: &random).prefix(int(0...5)) {
      properties[name] = schema(depth: depth + 1)
      if random.chance(60) { required.append(.string(name)) }
    }
    var object = JSONObject([
      ("type", "object"), ("properties", .object(properties)), ("required", .array(required)),
    ])
    switch int(0...3) {
    case 0: object["additionalProperties"] = false
    case 1: object["additionalProperties"] = schema(depth: depth + 1)
    default: break
    }
    if random.chance(20), properties.entries.count > 0 {
      object["minProperties"] = .number(JSONNumber(int(0...properties.entries.count)))
    }
    if random.chance(20) { object["maxProperties"] = .number(JSONNumber(properties.entries.count)) }
    return .object(object)
  }

  private mutating func array(depth: Int) -> JSONValue {
    var object = JSONObject([("type", "array")])
    if random.chance(10) {
      object["items"] = ["enum": [1, "two", nil, [3], 4.5, true]]
      object["uniqueItems"] = true
      object["minItems"] = .number(JSONNumber(int(0...6)))
      return .object(object)
    }
    if random.chance(80) { object["items"] = schema(depth: depth + 1) }
    if random.chance(30) { object["prefixItems"] = [schema(depth: depth + 1), schema(depth: depth + 1)] }
    let low = int(0...3)
    if random.chance(60) { object["minItems"] = .number(JSONNumber(low)) }
    if random.chance(60) { object["maxItems"] = .number(JSONNumber(low + int(0...3))) }
    return .object(object)
  }

  /// Branches that a value can be told apart by, sometimes only by what exactly it is.
  private mutating func oneOf(depth: Int) -> JSONValue {
    switch int(0...4) {
    case 0: return ["oneOf": [integer(), string(), ["type": "null"]]]
    case 1:
      return [
        "oneOf": [["type": "integer", "minimum": 0, "maximum": 50], ["type": "number", "maximum": 20.5]]
      ]
    case 2: return ["oneOf": [["type": "string", "maxLength": 4], ["type": "string", "pattern": "^[ab]"]]]
    case 3:
      return [
        "oneOf": [
          ["type": "array", "items": ["type": "integer"]],
          ["type": "array", "items": schema(depth: 3), "maxItems": 2],
          ["type": "boolean"],
        ]
      ]
    default:
      let branches = ["a", "b", "c"].prefix(int(2...3)).map { kind -> JSONValue in
        [
          "type": "object", "required": ["kind"],
          "properties": ["kind": ["const": .string(kind)], "v": schema(depth: depth + 1)],
        ]
      }
      return ["oneOf": .array(branches)]
    }
  }

  private mutating func allOf(depth: Int) -> JSONValue {
    [
      "type": "object", "properties": ["p": schema(depth: depth + 1)],
      "allOf": [
        ["properties": ["q": integer()], "required": ["q"]],
        ["anyOf": [["required": ["p"]], ["properties": ["r": string()]]]],
      ],
    ]
  }

  private mutating func constant() -> JSONValue {
    let values: [JSONValue] = [
      nil, true, 0, -17, 2.5, "", "a\"b\\c\n", "日本", "name", [1, "x", nil], ["k": ["z": false]], [],
    ]
    return values[int(0...values.count - 1)]
  }

  private mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
}

import GPTOSSJSON

/// A schema by its number in a ``SchemaDocument``.
typealias SchemaID = Int

/// The six types of JSON, numbers in two.
struct JSONTypes: OptionSet, Hashable {
  let rawValue: UInt8

  static let null = JSONTypes(rawValue: 1)
  static let boolean = JSONTypes(rawValue: 2)
  static let integer = JSONTypes(rawValue: 4)
  /// Numbers that are no integers.
  static let fraction = JSONTypes(rawValue: 8)
  static let string = JSONTypes(rawValue: 16)
  static let array = JSONTypes(rawValue: 32)
  static let object = JSONTypes(rawValue: 64)
  static let number: JSONTypes = [.integer, .fraction]
  static let all: JSONTypes = [.null, .boolean, .number, .string, .array, .object]

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init?(name: String) {
    switch name {
    case "null": self = .null
    case "boolean": self = .boolean
    case "integer": self = .integer
    case "number": self = .number
    case "string": self = .string
    case "array": self = .array
    case "object": self = .object
    default: return nil
    }
  }

  /// The type of a value.
  init(of value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool: self = .boolean
    case .number(let number): self = ExactDecimal(number)?.isInteger ?? false ? .integer : .fraction
    case .string: self = .string
    case .array: self = .array
    case .object: self = .object
    }
  }
}

/// What the text of a string has to match.
enum StringPattern: Hashable {
  case format(StringFormat)
  /// A regular expression.
  case expression(ExactString)

  /// The regular expression.
  var text: String {
    switch self {
    case .format(let format): format.pattern
    case .expression(let pattern): pattern.text
    }
  }
}

/// The keywords of one schema, checked; subschemas by their numbers. It is changed only while they are read.
final class SchemaKeywords {
  let path: String
  /// Whether the schema is `false`.
  let allowsNothing: Bool

  var reference: SchemaID?
  var allOf: [SchemaID] = []
  var anyOf: [SchemaID]?
  var oneOf: [SchemaID]?
  var not: SchemaID?
  var condition: (if: SchemaID, then: SchemaID?, else: SchemaID?)?

  var types: JSONTypes?
  /// From `enum` and `const`.
  var values: [ValueList] = []
  var number = NumberRule()
  var minimumLength = 0
  var maximumLength: Int?
  var patterns: [StringPattern] = []
  private(set) var properties: [(name: String, schema: SchemaID)] = []
  private var schemaOfProperty: [ExactString: SchemaID] = [:]
  var required: [String] = []
  var additionalProperties: SchemaID?
  var propertyNames: SchemaID?
  /// Whether `unevaluatedProperties` is `false`.
  var isClosed = false
  var minimumProperties = 0
  var maximumProperties: Int?
  var prefixItems: [SchemaID] = []
  var items: SchemaID?
  var minimumItems = 0
  var maximumItems: Int?
  var hasUniqueItems = false
  /// The types that keywords for one type speak about.
  var impliedTypes: JSONTypes = []

  init(path: String, allowsNothing: Bool = false) {
    self.path = path
    self.allowsNothing = allowsNothing
  }

  func add(property name: String, _ schema: SchemaID) {
    properties.append((name, schema))
    schemaOfProperty[ExactString(name)] = schema
  }

  /// The schema for a property; `nil` if it may be anything.
  func schema(ofProperty name: String) -> SchemaID? {
    schemaOfProperty[ExactString(name)] ?? additionalProperties
  }

  /// The schema for an element; `nil` if it may be anything.
  func schema(ofItem index: Int) -> SchemaID? { index < prefixItems.count ? prefixItems[index] : items }
}

import GPTOSSJSON

/// What is known of one place in a type's JSON.
final class SchemaNode {
  private enum Kind {
    /// Nothing was decoded here: a struct without properties.
    case undecided
    case object
    case array
    case value(JSONValue)
  }

  private struct Property {
    let key: String
    let node: SchemaNode
    var guide: Guide?
  }

  let path: SchemaPath
  private var kind = Kind.undecided
  private var properties: [Property] = []
  private var optionalKeys: Set<String> = []
  /// The elements of an array.
  private var element: SchemaNode?

  init(path: SchemaPath) { self.path = path }

  /// Whether this may be an object, which it then is.
  func becomeObject() -> Bool {
    if case .undecided = kind { kind = .object }
    if case .object = kind { return true }
    return false
  }

  /// Whether this may be an array, which it then is.
  func becomeArray() -> Bool {
    if case .undecided = kind { kind = .array }
    if case .array = kind { return true }
    return false
  }

  /// Whether this may be a value with a schema of its own, which it then is.
  func become(_ schema: JSONValue) -> Bool {
    if case .undecided = kind { kind = .value(schema) }
    if case .value(let known) = kind { return known == schema }
    return false
  }

  /// The node of a property.
  func property(_ key: String) -> SchemaNode {
    if let known = properties.first(where: { $0.key == key }) { return known.node }
    let node = SchemaNode(path: path.appending(.property(key)))
    properties.append(Property(key: key, node: node))
    return node
  }

  /// The node of an array's elements.
  func elements() -> SchemaNode {
    let node = element ?? SchemaNode(path: path.appending(.element))
    element = node
    return node
  }

  /// Notes that a property may be missing.
  func allowMissing(_ key: String) { optionalKeys.insert(key) }

  /// Whether there is such a property, which the guide is then for.
  func setGuide(_ guide: Guide, for key: String) -> Bool {
    guard let index = properties.firstIndex(where: { $0.key == key }) else { return false }
    properties[index].guide = guide
    return true
  }

  var schema: JSONValue {
    switch kind {
    case .value(let schema): return schema
    case .array:
      var object = JSONObject([("type", "array")])
      object["items"] = element?.schema
      return .object(object)
    case .object, .undecided:
      let schemas = properties.map {
        (key: $0.key, value: $0.guide?.applied(to: $0.node.schema) ?? $0.node.schema)
      }
      let required = properties.map(\.key).filter { !optionalKeys.contains($0) }
      return [
        "type": "object", "properties": .object(JSONObject(schemas)),
        "required": .array(required.map { .string($0) }), "additionalProperties": false,
      ]
    }
  }
}

/// Where in a type's JSON something is.
struct SchemaPath: Sendable {
  enum Step: CodingKey {
    case property(String)
    /// Any element of an array or value of a dictionary.
    case element

    var stringValue: String { if case .property(let key) = self { key } else { "[]" } }
    var intValue: Int? { nil }
    init?(stringValue: String) { self = .property(stringValue) }
    init?(intValue: Int) { nil }
  }

  private let root: String
  private(set) var steps: [Step] = []

  init(_ type: (some Any).Type) { root = String(describing: type) }

  func appending(_ step: Step) -> SchemaPath {
    var path = self
    path.steps.append(step)
    return path
  }

  var text: String {
    steps.reduce(root) { text, step in
      switch step {
      case .property(let key): "\(text).\(key)"
      case .element: text + "[]"
      }
    }
  }
}

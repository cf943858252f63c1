import GPTOSSJSON

/// A JSON schema taken apart: every subschema that was asked for has a number. What has been found out about
/// one is kept.
struct SchemaDocument {
  /// Schemas in schemas, and schemas on the way to one through references.
  private static let nestingLimit = 200

  let budget: CompilationBudget
  /// Whether what cannot be held is left out and noted, rather than refused.
  private let isLenient: Bool
  private(set) var notices: [StructuredOutputError] = []

  private let root: JSONValue
  private var values: [JSONValue] = []
  private var paths: [String] = []
  private var idOfPath: [ExactString: SchemaID] = [:]
  private var keywords: [SchemaKeywords?] = []
  private var anchors: [ExactString: SchemaID]?
  private var nesting = 0

  /// What ``Alternatives`` has found.
  var expansions: [SchemaID: [Conjunction]] = [:]
  var alternatives: [Conjunction: [Conjunction]] = [:]
  private var shapes: [ShapeKey: ValueShape] = [:]

  private struct ShapeKey: Hashable {
    var alternative: Conjunction
    var isGenerative: Bool
  }

  /// The whole schema's number.
  static let rootID: SchemaID = 0

  init(_ root: JSONValue, isLenient: Bool, _ budget: CompilationBudget) {
    self.root = root
    self.isLenient = isLenient
    self.budget = budget
    _ = id(of: root, at: "#")
  }

  func path(of id: SchemaID) -> String { paths[id] }

  mutating func id(of value: JSONValue, at path: String) -> SchemaID {
    budget.spend(steps: 2 + path.utf8.count / 8)
    let key = ExactString(path)
    if let id = idOfPath[key] { return id }
    budget.spend(steps: 2, bytes: 2 * path.utf8.count + 128)
    let id = values.count
    values.append(value)
    paths.append(path)
    keywords.append(nil)
    idOfPath[key] = id
    return id
  }

  /// Takes note of what cannot be held.
  ///
  /// - Throws: the error, if the schema has to be held whole or the budget is exhausted.
  mutating func refuse(_ error: StructuredOutputError) throws(StructuredOutputError) {
    try budget.check()
    guard isLenient, !error.endsCompilation else { throw error }
    if !notices.contains(error) { notices.append(error) }
  }

  /// Goes one schema deeper. The work is then at this schema.
  mutating func enter(_ id: SchemaID) throws(StructuredOutputError) {
    budget.path = paths[id]
    try budget.check()
    guard nesting < Self.nestingLimit else { throw .tooComplex(path: paths[id], .nesting) }
    nesting += 1
  }

  mutating func leave() { nesting -= 1 }

  /// The keywords of a schema.
  mutating func keywords(of id: SchemaID) throws(StructuredOutputError) -> SchemaKeywords {
    if let known = keywords[id] { return known }
    let result: SchemaKeywords
    switch values[id] {
    case .bool(let allowsAnything):
      result = SchemaKeywords(path: paths[id], allowsNothing: !allowsAnything)
    case .object(let object): result = try KeywordReader(path: paths[id]).read(object, &self)
    default:
      try refuse(.notASchema(path: paths[id]))
      result = SchemaKeywords(path: paths[id])
    }
    keywords[id] = result
    return result
  }

  /// What one alternative allows.
  mutating func shape(
    of alternative: Conjunction, isGenerative: Bool
  ) throws(StructuredOutputError) -> ValueShape {
    let key = ShapeKey(alternative: alternative, isGenerative: isGenerative)
    budget.spend(steps: 1 + alternative.count / 8)
    if let known = shapes[key] { return known }
    let shape = try ValueShape(alternative, isGenerative: isGenerative, &self)
    shapes[key] = shape
    return shape
  }

  // MARK: References

  /// The schema that a `$ref` names: a JSON pointer into the document, or an anchor in `$defs`.
  mutating func resolve(_ reference: String, from path: String) throws(StructuredOutputError) -> SchemaID {
    let unresolved = StructuredOutputError.unresolvedReference(path: path, reference: reference)
    guard reference.utf8.first == UInt8(ascii: "#") else { throw unresolved }
    let pointer = reference.dropFirst()
    budget.spend(steps: 4 + reference.utf8.count)
    guard pointer.isEmpty || pointer.utf8.first == UInt8(ascii: "/") else {
      guard let id = anchor(String(pointer)) else { throw unresolved }
      return id
    }
    var value = root
    var path = "#"
    for escaped in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      guard let name = Self.unescape(escaped) else { throw unresolved }
      switch value {
      case .object(let object):
        guard let member = object[name] else { throw unresolved }
        value = member
      case .array(let elements):
        guard let index = Int(name), elements.indices.contains(index) else { throw unresolved }
        value = elements[index]
      default: throw unresolved
      }
      path += "/" + Self.escape(name)
    }
    return id(of: value, at: path)
  }

  private mutating func anchor(_ name: String) -> SchemaID? {
    if let anchors { return anchors[ExactString(name)] }
    var found: [ExactString: SchemaID] = [:]
    for keyword in ["$defs", "definitions"] {
      for (key, value) in root[keyword]?.objectValue?.entries ?? [] {
        guard let anchor = value["$anchor"]?.stringValue, found[ExactString(anchor)] == nil else { continue }
        found[ExactString(anchor)] = id(of: value, at: "#/\(keyword)/\(Self.escape(key))")
      }
    }
    anchors = found
    return found[ExactString(name)]
  }

  /// A name as it stands in a JSON pointer.
  static func escape(_ name: String) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": result += "~0"
      case "/": result += "~1"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A name from a pointer in a URL: percent signs first, then `~1` and `~0`.
  private static func unescape(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        let digits = rest.prefix(2)
        guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
          return nil
        }
        rest = rest.dropFirst(2)
        bytes.append(value)
      } else {
        bytes.append(byte)
      }
    }
    var name: [UInt8] = []
    var unescaped = bytes[...]
    while let byte = unescaped.popFirst() {
      guard byte == UInt8(ascii: "~") else {
        name.append(byte)
        continue
      }
      switch unescaped.popFirst() {
      case UInt8(ascii: "0"): name.append(UInt8(ascii: "~"))
      case UInt8(ascii: "1"): name.append(UInt8(ascii: "/"))
      default: return nil
      }
    }
    return String(validating: name, as: UTF8.self)
  }
}

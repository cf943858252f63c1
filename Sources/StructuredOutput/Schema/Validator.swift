import GPTOSSJSON

/// Says whether a value fits a schema: which of an `enum`'s values are left by the keywords beside it.
struct Validator {
  /// What is being checked, to find schemas that refer to themselves.
  private var depth = 0
  private static let depthLimit = 256

  mutating func fits(
    _ value: JSONValue, _ conjunction: Conjunction, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> Bool {
    for id in conjunction.all where try !fits(value, id, &document) { return false }
    for id in conjunction.none where try fits(value, id, &document) { return false }
    return true
  }

  private mutating func fits(
    _ value: JSONValue, _ id: SchemaID, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> Bool {
    guard depth < Self.depthLimit else { throw .circularReference(path: document.path(of: id)) }
    depth += 1
    defer { depth -= 1 }
    for alternative in try Alternatives.expand(Conjunction(all: [id]), &document) {
      if try fitsAlternative(value, alternative, &document) { return true }
    }
    return false
  }

  private mutating func fitsAlternative(
    _ value: JSONValue, _ alternative: Conjunction, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> Bool {
    for id in alternative.none where try fits(value, id, &document) { return false }
    let shape = try ValueShape(alternative, isGenerative: false, &document)
    guard shape.types.contains(JSONTypes(of: value)) else { return false }
    if let values = shape.values, !values.contains(where: { $0.isSame(as: value) }) { return false }
    switch value {
    case .null, .bool: return true
    case .number(let number): return shape.number.allows(number)
    case .string:
      var expressions = Expressions()
      var unrestricted = shape
      unrestricted.values = nil
      let expression = try expressions.string(unrestricted)
      return expressions.matches(expression, value.text.utf8)
    case .array(let elements): return try fits(elements, shape.array, &document)
    case .object(let object): return try fits(object, shape.object, &document)
    }
  }

  private mutating func fits(
    _ elements: [JSONValue], _ shape: ArrayShape, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> Bool {
    guard elements.count >= shape.minimumCount, elements.count <= shape.maximumCount ?? .max else {
      return false
    }
    for (index, element) in elements.enumerated() {
      if shape.isUnique, elements[..<index].contains(where: { $0.isSame(as: element) }) { return false }
      if try !fits(element, shape.element(index), &document) { return false }
    }
    return true
  }

  private mutating func fits(
    _ object: JSONObject, _ shape: ObjectShape, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> Bool {
    let count = object.entries.count
    guard count >= shape.minimumCount, count <= shape.maximumCount ?? .max else { return false }
    for property in shape.properties where property.isRequired {
      if object[property.name] == nil { return false }
    }
    for (name, value) in object.entries {
      let declared = shape.index(of: name).map { shape.properties[$0].value }
      guard let conjunction = declared ?? shape.additional else { return false }
      if try !fits(value, conjunction, &document) { return false }
    }
    return true
  }
}

extension NumberRule {
  /// Whether the rule allows a number.
  func allows(_ number: JSONNumber) -> Bool {
    guard let value = ExactDecimal(number) else { return false }
    if isInteger, !value.isInteger { return false }
    if let lower, value < lower.value || value == lower.value && lower.isExclusive { return false }
    if let upper, value > upper.value || value == upper.value && upper.isExclusive { return false }
    return divisors.allSatisfy { value.isMultiple(of: $0) }
  }
}

extension ExactDecimal {
  /// Whether an integer divides the number without a rest.
  func isMultiple(of divisor: Int) -> Bool {
    isInteger && integer.reduce(0) { ($0 * 10 + Int($1)) % divisor } == 0
  }
}

extension Expressions {
  /// Whether the expression matches the whole of `text`.
  mutating func matches(_ expression: ID, _ text: some Sequence<UInt8>) -> Bool {
    var rest = expression
    for byte in text { rest = derivative(of: rest, by: byte) }
    return matchesEmpty(rest)
  }
}

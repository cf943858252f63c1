import GPTOSSJSON

/// Says whether a value fits a schema: which of an `enum`'s values are left by the keywords beside it.
struct Validator {
  /// The inner bytes of the strings that fit a pattern.
  private var expressionOfPattern: [StringPattern: Expressions.ID] = [:]
  private var expressions: Expressions

  init(_ budget: CompilationBudget) { expressions = Expressions(budget) }

  mutating func fits(
    _ value: JSONValue, _ conjunction: Conjunction, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> Bool {
    if conjunction == .anything { return true }
    for alternative in try Alternatives.expand(conjunction, &document) {
      if try fits(value, alternative: alternative, &document) { return true }
    }
    return false
  }

  /// Whether a value fits one of the alternatives that a conjunction was rewritten to.
  mutating func fits(
    _ value: JSONValue, alternative: Conjunction, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> Bool {
    document.budget.spend(steps: 4)
    if let id = alternative.all.first ?? alternative.none.first { try document.enter(id) }
    defer { if !alternative.all.isEmpty || !alternative.none.isEmpty { document.leave() } }
    let shape = try document.shape(of: alternative, isGenerative: false)
    guard shape.types.contains(JSONTypes(of: value)) else { return false }
    for id in alternative.none where try fits(value, Conjunction(all: [id]), &document) { return false }
    if let values = shape.values, !values.contains(value) { return false }
    switch value {
    case .null, .bool: return true
    case .number(let number): return shape.number.allows(number)
    case .string(let text): return try fits(text, shape, document.budget)
    case .array(let elements): return try fits(elements, shape.array, &document)
    case .object(let object): return try fits(object, shape.object, &document)
    }
  }

  private mutating func fits(
    _ text: String, _ shape: ValueShape, _ budget: CompilationBudget
  ) throws(StructuredOutputError) -> Bool {
    let length = text.unicodeScalars.count
    budget.spend(steps: length / 8)
    guard length >= shape.minimumLength, length <= shape.maximumLength ?? .max else { return false }
    for pattern in shape.patterns {
      let known = expressionOfPattern[pattern]
      let expression = if let known { known } else { try expressions.pattern(pattern, shape.path) }
      expressionOfPattern[pattern] = expression
      guard expressions.matches(expression, JSONValue.string(text).text.utf8.dropFirst().dropLast()) else {
        return false
      }
    }
    return true
  }

  private mutating func fits(
    _ elements: [JSONValue], _ shape: ArrayShape, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> Bool {
    guard elements.count >= shape.minimumCount, elements.count <= shape.maximumCount ?? .max else {
      return false
    }
    if shape.isUnique, !ValueList(elements, document.budget).isDistinct { return false }
    for (index, element) in elements.enumerated() {
      if try !fits(element, shape.element(index), &document) { return false }
    }
    return true
  }

  private mutating func fits(
    _ object: JSONObject, _ shape: ObjectShape, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> Bool {
    let count = object.entries.count
    guard count >= shape.minimumCount, count <= shape.maximumCount ?? .max else { return false }
    document.budget.spend(steps: shape.properties.count * (1 + count))
    for property in shape.properties where property.isRequired {
      if object[property.name] == nil { return false }
    }
    for (name, value) in object.entries {
      if try !fits(.string(name), shape.name, &document) { return false }
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
    for byte in text {
      budget.spend(steps: 1)
      rest = derivative(of: rest, by: byte)
    }
    return matchesEmpty(rest)
  }

  /// The inner bytes of the strings that fit a pattern.
  mutating func pattern(_ pattern: StringPattern, _ path: String) throws(StructuredOutputError) -> ID {
    budget.path = path
    do throws(PatternFault) {
      return try PatternParser.parse(pattern.text, &self)
    } catch {
      try budget.check()
      throw .unsupportedPattern(path: path, pattern: pattern.text, characterOffset: error.characterOffset)
    }
  }
}

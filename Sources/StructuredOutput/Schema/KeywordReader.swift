import GPTOSSJSON

/// Reads the keywords of one schema and refuses those that cannot be enforced.
struct KeywordReader {
  let path: String

  func read(
    _ object: JSONObject, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> SchemaKeywords {
    var result = SchemaKeywords(path: path)
    document.budget.spend(steps: 8 + 2 * object.entries.count, bytes: 512)
    for (keyword, value) in object.entries {
      do throws(StructuredOutputError) {
        try read(keyword, value, &document, into: &result)
      } catch { try document.refuse(error) }
    }
    readCondition(object, &document, into: &result)
    // Draft 7 has a list under `items` and what follows it under `additionalItems`.
    if case .array(let items) = object["items"] {
      result.prefixItems = schemas(items, "items", &document)
      result.items = object["additionalItems"].map { schema($0, "additionalItems", &document) }
    }
    if let value = object["unevaluatedProperties"] {
      if let isOpen = value.boolValue {
        // What `additionalProperties` beside it describes is evaluated.
        result.isClosed = !isOpen && result.additionalProperties == nil
      } else {
        try document.refuse(.unsupportedKeyword(path: path, keyword: "unevaluatedProperties"))
      }
    }
    return result
  }

  private func read(
    _ keyword: String, _ value: JSONValue, _ document: inout SchemaDocument, into result: inout SchemaKeywords
  ) throws(StructuredOutputError) {
    switch keyword {
    case "$ref":
      guard let reference = value.stringValue else { throw invalid(keyword, "a string") }
      result.reference = try document.resolve(reference, from: path)
    case "allOf": result.allOf = try nonemptySchemas(value, keyword, &document)
    case "anyOf": result.anyOf = try nonemptySchemas(value, keyword, &document)
    case "oneOf": result.oneOf = try nonemptySchemas(value, keyword, &document)
    case "not": result.not = schema(value, keyword, &document)
    case "type": result.types = try types(value, document.budget)
    case "enum":
      guard let values = value.arrayValue, !values.isEmpty else { throw invalid(keyword, "a list of values") }
      result.values.append(ValueList(values, document.budget))
    case "const": result.values.append(ValueList([value], document.budget))
    case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
      result.impliedTypes.formUnion(.number)
      try readNumber(keyword, value, into: &result)
    case "minLength", "maxLength", "pattern", "format":
      if keyword != "format" { result.impliedTypes.insert(.string) }
      try readString(keyword, value, into: &result)
    case "properties", "required", "additionalProperties", "minProperties", "maxProperties":
      result.impliedTypes.insert(.object)
      try readObject(keyword, value, &document, into: &result)
    case "prefixItems", "items", "minItems", "maxItems":
      result.impliedTypes.insert(.array)
      try readArray(keyword, value, &document, into: &result)
    case "uniqueItems":
      guard let isUnique = value.boolValue else { throw invalid(keyword, "true or false") }
      result.impliedTypes.insert(.array)
      result.hasUniqueItems = isUnique
    case "propertyNames":
      result.impliedTypes.insert(.object)
      result.propertyNames = schema(value, keyword, &document)
    case "$dynamicRef", "$recursiveRef", "patternProperties", "dependentRequired", "dependentSchemas",
      "dependencies", "unevaluatedItems", "contains", "minContains", "maxContains":
      throw .unsupportedKeyword(path: path, keyword: keyword)
    default:
      // `if`, `then`, `else`, `additionalItems` and `unevaluatedProperties` are read together with others.
      // Everything else describes or is unknown, and by the specification has no effect.
      break
    }
  }

  // MARK: Types

  private func types(_ value: JSONValue, _ budget: CompilationBudget) throws(StructuredOutputError)
    -> JSONTypes
  {
    let names: [JSONValue] = if case .array(let list) = value { list } else { [value] }
    budget.spend(steps: names.count)
    var types: JSONTypes = []
    for name in names {
      guard let name = name.stringValue, let type = JSONTypes(name: name) else {
        throw invalid("type", "one of JSON's types or a list of them")
      }
      types.formUnion(type)
    }
    return types
  }

  private func readNumber(
    _ keyword: String, _ value: JSONValue, into result: inout SchemaKeywords
  ) throws(StructuredOutputError) {
    // Draft 4 has Booleans here.
    guard case .number(let number) = value, let decimal = ExactDecimal(number) else {
      throw invalid(keyword, "a number with at most 1,000 digits and an exponent from -400 to 400")
    }
    switch keyword {
    case "minimum": result.number.raise(to: NumberBound(value: decimal, isExclusive: false))
    case "exclusiveMinimum": result.number.raise(to: NumberBound(value: decimal, isExclusive: true))
    case "maximum": result.number.lower(to: NumberBound(value: decimal, isExclusive: false))
    case "exclusiveMaximum": result.number.lower(to: NumberBound(value: decimal, isExclusive: true))
    default:
      guard decimal > .zero else { throw invalid(keyword, "a number above 0") }
      guard let divisor = decimal.intValue, divisor <= Automaton.stateLimit else {
        throw .unsupportedKeyword(path: path, keyword: keyword)
      }
      if divisor > 1 { result.number.divisors.append(divisor) }
      result.number.isInteger = true
    }
  }

  private func readString(
    _ keyword: String, _ value: JSONValue, into result: inout SchemaKeywords
  ) throws(StructuredOutputError) {
    switch keyword {
    case "minLength": result.minimumLength = try count(value, keyword)
    case "maxLength": result.maximumLength = try count(value, keyword)
    case "pattern":
      guard let pattern = value.stringValue else { throw invalid(keyword, "a string") }
      result.patterns.append(.expression(ExactString(pattern)))
    default:
      guard let name = value.stringValue else { throw invalid(keyword, "a string") }
      if let format = StringFormat(rawValue: name) {
        result.impliedTypes.insert(.string)
        result.patterns.append(.format(format))
      }
    }
  }

  // MARK: Objects and arrays

  private func readObject(
    _ keyword: String, _ value: JSONValue, _ document: inout SchemaDocument, into result: inout SchemaKeywords
  ) throws(StructuredOutputError) {
    switch keyword {
    case "properties":
      guard let object = value.objectValue else { throw invalid(keyword, "an object") }
      for (name, value) in object.entries {
        let id = document.id(of: value, at: "\(path)/properties/\(SchemaDocument.escape(name))")
        result.add(property: name, id)
      }
    case "required":
      guard let names = value.arrayValue else { throw invalid(keyword, "a list of strings") }
      document.budget.spend(steps: names.count)
      for name in names {
        guard let name = name.stringValue else { throw invalid(keyword, "a list of strings") }
        result.required.append(name)
      }
    case "additionalProperties": result.additionalProperties = schema(value, keyword, &document)
    case "minProperties": result.minimumProperties = try count(value, keyword)
    default: result.maximumProperties = try count(value, keyword)
    }
  }

  private func readArray(
    _ keyword: String, _ value: JSONValue, _ document: inout SchemaDocument, into result: inout SchemaKeywords
  ) throws(StructuredOutputError) {
    switch keyword {
    case "prefixItems": result.prefixItems = try nonemptySchemas(value, keyword, &document)
    case "items": if value.arrayValue == nil { result.items = schema(value, keyword, &document) }
    case "minItems": result.minimumItems = try count(value, keyword)
    default: result.maximumItems = try count(value, keyword)
    }
  }

  private func readCondition(
    _ object: JSONObject, _ document: inout SchemaDocument, into result: inout SchemaKeywords
  ) {
    guard let condition = object["if"] else { return }
    result.condition = (
      schema(condition, "if", &document), object["then"].map { schema($0, "then", &document) },
      object["else"].map { schema($0, "else", &document) }
    )
  }

  // MARK: Steps

  private func schema(_ value: JSONValue, _ keyword: String, _ document: inout SchemaDocument) -> SchemaID {
    document.id(of: value, at: "\(path)/\(keyword)")
  }

  private func schemas(
    _ values: [JSONValue], _ keyword: String, _ document: inout SchemaDocument
  ) -> [SchemaID] {
    values.enumerated().map { index, value in document.id(of: value, at: "\(path)/\(keyword)/\(index)") }
  }

  private func nonemptySchemas(
    _ value: JSONValue, _ keyword: String, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> [SchemaID] {
    guard let values = value.arrayValue, !values.isEmpty else { throw invalid(keyword, "a list of schemas") }
    return schemas(values, keyword, &document)
  }

  private func count(_ value: JSONValue, _ keyword: String) throws(StructuredOutputError) -> Int {
    guard case .number(let number) = value, let count = ExactDecimal(number), count.isInteger,
      count >= .zero
    else { throw invalid(keyword, "a whole number, 0 or more") }
    // No value has so many parts that a larger count made a difference.
    return count.intValue ?? .max
  }

  private func invalid(_ keyword: String, _ expected: String) -> StructuredOutputError {
    .invalidKeyword(path: path, keyword: keyword, expected: expected)
  }
}

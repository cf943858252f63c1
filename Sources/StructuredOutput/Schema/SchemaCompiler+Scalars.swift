import GPTOSSJSON

extension SchemaCompiler {
  /// The rule of a shape's numbers without those of `exclusions`.
  mutating func numberRule(_ shape: ValueShape, _ exclusions: [ValueShape]) throws(StructuredOutputError)
    -> RuleID
  {
    let excluded = exclusions.filter { !$0.types.isDisjoint(with: shape.types.intersection(.number)) }
    let rule = shape.numberRule
    // What is excluded has to be written in one way alone, or it would come back in another.
    let isCanonical = !excluded.isEmpty || !shape.types.contains(.integer)
    if !isCanonical, rule.isUnbounded { return shared(rule.isInteger ? .anyInteger : .anyNumber) }
    return try terminal(shape.path) { expressions in
      let allowed = expressions.number(rule, isCompared: isCanonical)
      guard isCanonical else { return allowed }
      var others: [Expressions.ID] = []
      if !shape.types.contains(.integer) {
        others.append(expressions.canonicalNumber(NumberRule(isInteger: true)))
      }
      for other in excluded {
        if let values = other.values {
          others += values.compactMap { expressions.canonicalNumber($0) }
        } else {
          others.append(expressions.canonicalNumber(other.numberRule))
        }
      }
      let everyNumber = expressions.canonicalNumber(NumberRule())
      return expressions.difference(
        expressions.intersection([allowed, everyNumber]), expressions.union(others))
    }
  }

  /// The rule of a shape's strings without those of `exclusions`.
  mutating func stringRule(_ shape: ValueShape, _ exclusions: [ValueShape]) throws(StructuredOutputError)
    -> RuleID
  {
    let excluded = exclusions.filter { $0.types.contains(.string) }
    guard excluded.isEmpty, shape.patterns.isEmpty else {
      let key = StringKey(
        patterns: shape.patterns, minimumLength: shape.minimumLength, maximumLength: shape.maximumLength)
      if excluded.isEmpty, let known = ruleOfString[key] { return known }
      let rule = try terminal(shape.path) { (expressions) throws(StructuredOutputError) in
        let allowed = try expressions.string(shape)
        var others: [Expressions.ID] = []
        for other in excluded { others.append(try expressions.string(other)) }
        return expressions.difference(allowed, expressions.union(others))
      }
      if excluded.isEmpty { ruleOfString[key] = rule }
      return rule
    }
    guard shape.minimumLength > 0 || shape.maximumLength != nil else { return shared(.anyString) }
    guard shape.minimumLength <= shape.maximumLength ?? .max else { return builder.choice([]) }
    guard shape.minimumLength < Grammar.lengthLimit else {
      throw .tooComplex(path: shape.path, .shortestText)
    }
    return builder.terminal(
      Grammar.Terminal(
        automaton: .anyString, minimumCharacters: shape.minimumLength,
        maximumCharacters: shape.maximumLength.map { min($0, Int(Int32.max)) }))
  }
}

/// What makes two strings' rules the same.
struct StringKey: Hashable {
  var patterns: [String]
  var minimumLength: Int
  var maximumLength: Int?
}

extension ValueShape {
  /// The rule for the numbers of the types that the shape has.
  fileprivate var numberRule: NumberRule {
    var rule = number
    rule.isInteger = rule.isInteger || !types.contains(.fraction)
    return rule
  }
}

extension Expressions {
  /// A shape's strings with their quotes, each written in one way alone.
  mutating func string(_ shape: ValueShape) throws(StructuredOutputError) -> ID {
    let quote = literal("\"")
    if let values = shape.values {
      return union(values.filter { JSONTypes(of: $0) == .string }.map { literal($0.text) })
    }
    let character = character(.all)
    var conditions = [repetition(character, shape.minimumLength, shape.maximumLength)]
    if shape.minimumLength > shape.maximumLength ?? .max { return nothing }
    for pattern in shape.patterns {
      do throws(PatternFault) {
        conditions.append(try PatternParser.parse(pattern, &self))
      } catch {
        throw .unsupportedPattern(path: shape.path, pattern: pattern, characterOffset: error.characterOffset)
      }
    }
    return sequence([quote, intersection(conditions), quote])
  }

  /// The one way to write a number without an exponent; `nil` for what is no number.
  mutating func canonicalNumber(_ value: JSONValue) -> ID? {
    guard case .number(let number) = value, let decimal = ExactDecimal(number) else { return nil }
    return literal(decimal.text)
  }
}

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
    let any = rule.isInteger ? Automaton.anyInteger : .anyNumber
    if !isCanonical, rule.isUnbounded { return shared(any) }
    do throws(StructuredOutputError) {
      return builder.terminal(
        try automaton(shape.path) { (expressions) throws(StructuredOutputError) in
          isCanonical ? expressions.canonicalNumber(shape, excluded) : expressions.number(rule)
        })
    } catch {
      try document.refuse(error)
      return shared(any)
    }
  }

  /// The rule of a shape's strings without those of `exclusions`.
  mutating func stringRule(_ shape: ValueShape, _ exclusions: [ValueShape]) throws(StructuredOutputError)
    -> RuleID
  {
    guard shape.minimumLength <= shape.maximumLength ?? .max else { return builder.choice([]) }
    guard shape.minimumLength < Grammar.lengthLimit else {
      throw .tooComplex(path: shape.path, .shortestText)
    }
    let excluded = exclusions.filter { $0.types.contains(.string) }
    let key = StringKey(
      patterns: shape.patterns, minimumLength: shape.minimumLength, maximumLength: shape.maximumLength)
    if excluded.isEmpty, let known = ruleOfString[key] { return known }
    let string: CountedAutomaton
    do throws(StructuredOutputError) {
      string = try countedString(shape, excluded)
    } catch {
      try document.refuse(error)
      string = CountedAutomaton(automaton: .anyString, lengths: nil)
    }
    let rule: RuleID
    if shape.minimumLength == 0, shape.maximumLength == nil {
      rule =
        string.automaton === Automaton.anyString ? shared(.anyString) : builder.terminal(string.automaton)
    } else {
      rule = builder.terminal(
        Terminal(string.automaton, string.lengths, characters: shape.minimumLength, shape.maximumLength))
    }
    if excluded.isEmpty { ruleOfString[key] = rule }
    return rule
  }

  /// A shape's strings but for their lengths.
  private mutating func countedString(
    _ shape: ValueShape, _ excluded: [ValueShape]
  ) throws(StructuredOutputError) -> CountedAutomaton {
    if excluded.isEmpty {
      if shape.patterns.isEmpty { return CountedAutomaton(automaton: .anyString, lengths: nil) }
      if shape.patterns.count == 1, case .format(let format) = shape.patterns[0] { return format.automaton }
    }
    let automaton = try automaton(shape.path) { (expressions) throws(StructuredOutputError) in
      let allowed = try expressions.string(shape.withAnyLength)
      var others: [Expressions.ID] = []
      for other in excluded { others.append(try expressions.string(other)) }
      return expressions.difference(allowed, expressions.union(others))
    }
    guard shape.minimumLength > 0 || shape.maximumLength != nil, automaton.start != Automaton.dead else {
      return CountedAutomaton(automaton: automaton, lengths: nil)
    }
    guard let counting = automaton.countingCharacters(budget),
      let lengths = CharacterLengths(counting, budget)
    else {
      try budget.check()
      throw .tooComplex(path: shape.path, .automatonStates)
    }
    return CountedAutomaton(automaton: counting, lengths: lengths)
  }
}

/// What makes two strings' rules the same.
struct StringKey: Hashable {
  var patterns: [StringPattern]
  var minimumLength: Int
  var maximumLength: Int?
}

extension ValueShape {
  /// The rule for the numbers of the types that the shape has.
  var numberRule: NumberRule {
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
      return union(values.values.filter { JSONTypes(of: $0) == .string }.map { literal($0.text) })
    }
    if shape.minimumLength > shape.maximumLength ?? .max { return nothing }
    var conditions: [ID] = []
    if shape.minimumLength > 0 || shape.maximumLength != nil || shape.patterns.isEmpty {
      let character = character(.all)
      conditions.append(repetition(character, shape.minimumLength, shape.maximumLength))
    }
    for pattern in shape.patterns { conditions.append(try self.pattern(pattern, shape.path)) }
    return sequence([quote, intersection(conditions), quote])
  }

  /// A shape's numbers without those of others, each written in one way alone.
  mutating func canonicalNumber(_ shape: ValueShape, _ excluded: [ValueShape]) -> ID {
    let allowed = number(shape.numberRule, isCompared: true)
    var others: [ID] = []
    if !shape.types.contains(.integer) { others.append(canonicalNumber(NumberRule(isInteger: true))) }
    for other in excluded {
      if let values = other.values {
        others += values.values.compactMap { canonicalNumber($0) }
      } else {
        others.append(canonicalNumber(other.numberRule))
      }
    }
    return difference(intersection([allowed, canonicalNumber(NumberRule())]), union(others))
  }

  /// The one way to write a number without an exponent; `nil` for what is no number.
  mutating func canonicalNumber(_ value: JSONValue) -> ID? {
    guard case .number(let number) = value, let decimal = ExactDecimal(number) else { return nil }
    return literal(decimal.text)
  }
}

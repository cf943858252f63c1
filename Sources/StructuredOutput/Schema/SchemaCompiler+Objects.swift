import GPTOSSJSON

extension SchemaCompiler {
  /// The most ways to tell a shape from others that are tried.
  static let wayLimit = 64

  /// The rules of a shape's objects without those of `exclusions`.
  mutating func objectRules(_ shape: ValueShape, _ exclusions: [ValueShape]) throws(StructuredOutputError)
    -> [RuleID]
  {
    var options = [shape.object]
    for excluded in exclusions where excluded.types.contains(.object) {
      guard excluded.values == nil else { return [] }
      // What tells the shape apart does so however it is restricted further.
      if try isApart(shape.object, excluded.object) { continue }
      try budget.check()
      let ways = options.flatMap { $0.excluding(excluded.object) }
      options = Array(ways.prefix(Self.wayLimit))
    }
    var rules: [RuleID] = []
    for option in options { rules.append(try objectRule(option, shape.path)) }
    return rules
  }

  /// Whether a property that the one must have tells it apart from the other, as a constant `type` does.
  private mutating func isApart(_ left: ObjectShape, _ right: ObjectShape) throws(StructuredOutputError)
    -> Bool
  {
    budget.spend(steps: 1 + left.properties.count / 4)
    for property in left.properties where property.isRequired {
      budget.spend(steps: 2 + right.properties.count / 4)
      guard let index = right.index(of: property.name), let shape = try onlyShape(of: property.value),
        let other = try onlyShape(of: right.properties[index].value)
      else { continue }
      if shape.types.isDisjoint(with: other.types) { return true }
      if let values = shape.values, let others = other.values, values.isDisjoint(with: others) { return true }
    }
    return false
  }

  /// What a conjunction allows, if it has one alternative.
  private mutating func onlyShape(of conjunction: Conjunction) throws(StructuredOutputError) -> ValueShape? {
    if let known = onlyShapeOfConjunction[conjunction] { return known }
    let alternatives = try Alternatives.expand(conjunction, &document)
    let shape =
      alternatives.count == 1 ? try document.shape(of: alternatives[0], isGenerative: false) : nil
    onlyShapeOfConjunction[conjunction] = .some(shape)
    return shape
  }

  /// Properties in the order of the schema, then others.
  private mutating func objectRule(_ object: ObjectShape, _ path: String) throws(StructuredOutputError)
    -> RuleID
  {
    var members: [Members.Member] = []
    for property in object.properties {
      guard try validator.fits(.string(property.name), object.name, &document) else {
        // No object has this property: if one must, there is none.
        if property.isRequired { return builder.choice([]) }
        continue
      }
      let name = JSONValue.string(property.name).text
      members.append(
        Members.Member(
          key: try builder.literals(punctuation.colons.map { name + $0 }),
          value: rule(for: property.value), isRequired: property.isRequired))
    }
    // What is required counts anyway.
    let requiredCount = members.count(where: \.isRequired)
    let minimum = object.minimumCount > requiredCount ? object.minimumCount : 0
    // Every member has a name, a colon and a value.
    guard minimum < Grammar.lengthLimit / 4 else { throw .tooComplex(path: path, .shortestText) }
    let other = try otherMember(object, minimum, path)
    return builder.sequence(
      punctuation.openBrace,
      builder.members(
        Members(
          members, other: other,
          punctuation: Members.Punctuation(
            comma: punctuation.comma, space: punctuation.space, close: punctuation.closeBrace,
            spacedClose: punctuation.spacedCloseBrace),
          minimum: minimum, maximum: object.maximumCount)))
  }

  /// A property that is not declared: any name but the declared ones.
  ///
  /// - Parameter minimum: members that an object must have; then no name comes twice, and each is written in
  ///   one way alone.
  private mutating func otherMember(
    _ object: ObjectShape, _ minimum: Int, _ path: String
  ) throws(StructuredOutputError) -> Members.Other? {
    guard let additional = object.additional else { return nil }
    let value = builder.sequence(punctuation.colon, rule(for: additional))
    let isFree = object.properties.isEmpty && object.forbiddenNames.isEmpty && object.name == .anything
    if isFree, minimum == 0 {
      return Members.Other(
        name: shared(.anyString), value: value, shortestNames: [], uniqueName: nil, nameCount: nil)
    }
    let names = (object.properties.map(\.name) + object.forbiddenNames).map { JSONValue.string($0).text }
    let (shapes, listed) = try namesAllowed(by: object.name, path)
    let automaton = try automaton(path) { (expressions) throws(StructuredOutputError) in
      var options: [Expressions.ID] = []
      for shape in shapes { options.append(try expressions.string(shape)) }
      options += listed.map { expressions.literal($0) }
      let declared = expressions.union(names.map { expressions.literal($0) })
      return expressions.difference(expressions.union(options), declared)
    }
    guard minimum > 0 else {
      return Members.Other(
        name: builder.terminal(automaton), value: value, shortestNames: [], uniqueName: nil, nameCount: nil)
    }
    let name = Terminal(unique: automaton)
    guard let counts = name.textCounts, automaton.start != Automaton.dead else { return nil }
    let count = min(minimum, Terminal.uniqueLimit)
    budget.spend(
      steps: automaton.stateCount + count * 64, bytes: automaton.stateCount * 4 + count * 64)
    return Members.Other(
      name: builder.terminal(name), value: value,
      shortestNames: automaton.shortestTexts(from: automaton.start, count: count), uniqueName: name,
      nameCount: min(Int(counts[automaton.start]), Terminal.uniqueLimit))
  }

  /// The strings that names may be: shapes, and those of lists, in JSON.
  private mutating func namesAllowed(
    by name: Conjunction, _ path: String
  ) throws(StructuredOutputError) -> (shapes: [ValueShape], listed: [String]) {
    var shapes: [ValueShape] = []
    var listed: [String] = []
    for alternative in try Alternatives.expand(name, &document) {
      if !alternative.none.isEmpty {
        try document.refuse(.unsupportedKeyword(path: path, keyword: "propertyNames"))
      }
      let shape = try document.shape(of: alternative, isGenerative: false)
      if let values = shape.values {
        // The other keywords hold for the values of a list, too.
        for value in values.values where try validator.fits(value, alternative: alternative, &document) {
          if case .string = value { listed.append(value.text) }
        }
      } else if shape.types.contains(.string) {
        shapes.append(shape)
      }
    }
    return (shapes, listed)
  }
}

extension ObjectShape {
  /// Ways to restrict these objects so that none of them is one of `other`.
  func excluding(_ other: ObjectShape) -> [ObjectShape] {
    var ways: [ObjectShape] = []
    for property in other.properties where property.isRequired {
      // An object without what the other must have is none of them.
      if let index = index(of: property.name) {
        guard !properties[index].isRequired else { continue }
        var without = self
        without.properties.remove(at: index)
        without.forbiddenNames.append(property.name)
        ways.append(without)
      } else {
        guard additional != nil, !forbiddenNames.contains(property.name) else { return [self] }
        var without = self
        without.forbiddenNames.append(property.name)
        ways.append(without)
      }
    }
    for (index, property) in properties.enumerated() {
      // One property that the other would not have, or not with this value, is enough.
      var different = self
      different.properties[index].isRequired = true
      if let counterpart = other.index(of: property.name).map({ other.properties[$0].value })
        ?? other.additional
      {
        for schema in counterpart.all {
          var unlike = different
          unlike.properties[index].value = property.value.excluding([schema])
          ways.append(unlike)
        }
      } else {
        if property.isRequired { return [self] }
        ways.append(different)
      }
    }
    return ways
  }
}

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
      var ways: [ObjectShape] = []
      for option in options {
        ways += try isApart(option, excluded.object) ? [option] : option.excluding(excluded.object)
      }
      options = Array(ways.prefix(Self.wayLimit))
    }
    var rules: [RuleID] = []
    for option in options { rules.append(try objectRule(option, shape.path)) }
    return rules
  }

  /// Whether a property that both must have tells them apart, as a constant `type` does.
  private mutating func isApart(_ left: ObjectShape, _ right: ObjectShape) throws(StructuredOutputError)
    -> Bool
  {
    for property in left.properties where property.isRequired {
      guard let index = right.index(of: property.name) else { continue }
      if try isApart(property.value, right.properties[index].value) { return true }
    }
    return false
  }

  /// Whether no value fits both, as far as types and constants tell.
  mutating func isApart(_ left: Conjunction, _ right: Conjunction) throws(StructuredOutputError) -> Bool {
    var rightShapes: [ValueShape] = []
    for alternative in try Alternatives.expand(right, &document) {
      rightShapes.append(try ValueShape(alternative, isGenerative: false, &document))
    }
    for alternative in try Alternatives.expand(left, &document) {
      let leftShape = try ValueShape(alternative, isGenerative: false, &document)
      for rightShape in rightShapes where !leftShape.types.isDisjoint(with: rightShape.types) {
        guard let leftValues = leftShape.values, let rightValues = rightShape.values else { return false }
        if leftValues.contains(where: { value in rightValues.contains { value.isSame(as: $0) } }) {
          return false
        }
      }
    }
    return true
  }

  /// Properties in the order of the schema, then others.
  private mutating func objectRule(_ object: ObjectShape, _ path: String) throws(StructuredOutputError)
    -> RuleID
  {
    let punctuation = punctuation
    var validator = Validator()
    var members: [(rule: RuleID, isRequired: Bool)] = []
    for property in object.properties {
      guard try validator.fits(.string(property.name), object.name, &document) else {
        // No object has this property: if one must, there is none.
        if property.isRequired { return builder.choice([]) }
        continue
      }
      let key = try terminal(path) { expressions in
        let name = expressions.literal(JSONValue.string(property.name).text)
        return expressions.sequence(name, punctuation.colon(&expressions))
      }
      members.append((builder.sequence(key, try rule(for: property.value)), property.isRequired))
    }
    let chain = MemberChain(
      members: members, other: try additionalMember(object, path), comma: punctuation.comma,
      space: punctuation.space, close: punctuation.closeBrace, spacedClose: punctuation.spacedCloseBrace,
      minimumCount: object.minimumCount, maximumCount: object.maximumCount)
    return try builder.sequence(punctuation.openBrace, chain.rule(&builder, path))
  }

  /// A property that is not declared: any name but the declared ones, written in one way alone.
  private mutating func additionalMember(
    _ object: ObjectShape, _ path: String
  ) throws(StructuredOutputError) -> RuleID? {
    guard let additional = object.additional else { return nil }
    let value = try rule(for: additional)
    let punctuation = punctuation
    if object.properties.isEmpty, object.forbiddenNames.isEmpty, object.name == .anything {
      let colon = try terminal(path) { expressions in punctuation.colon(&expressions) }
      return builder.sequence(shared(.anyString), colon, value)
    }
    let names = (object.properties.map(\.name) + object.forbiddenNames).map { JSONValue.string($0).text }
    let shapes = try shapesOfNames(object.name, path)
    let key = try terminal(path) { (expressions) throws(StructuredOutputError) in
      var options: [Expressions.ID] = []
      for shape in shapes { options.append(try expressions.string(shape)) }
      let declared = expressions.union(names.map { expressions.literal($0) })
      let allowed = expressions.difference(expressions.union(options), declared)
      return expressions.sequence(allowed, punctuation.colon(&expressions))
    }
    return builder.sequence(key, value)
  }
}

extension SchemaCompiler {
  /// The strings that names may be.
  private mutating func shapesOfNames(
    _ name: Conjunction, _ path: String
  ) throws(StructuredOutputError) -> [ValueShape] {
    var shapes: [ValueShape] = []
    for alternative in try Alternatives.expand(name, &document) {
      guard alternative.none.isEmpty else { throw .unsupportedKeyword(path: path, keyword: "propertyNames") }
      let shape = try ValueShape(alternative, isGenerative: false, &document)
      if shape.types.contains(.string) { shapes.append(shape) }
    }
    return shapes
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

import GPTOSSJSON

extension SchemaCompiler {
  /// The rules of a shape's arrays without those of `exclusions`.
  mutating func arrayRules(_ shape: ValueShape, _ exclusions: [ValueShape]) throws(StructuredOutputError)
    -> [RuleID]
  {
    var options = [shape.array]
    for excluded in exclusions where excluded.types.contains(.array) {
      guard excluded.values == nil else { return [] }
      options = Array(options.flatMap { $0.excluding(excluded.array) }.prefix(Self.wayLimit))
      budget.spend(steps: 4 + 4 * options.count)
    }
    var rules: [RuleID] = []
    for option in options { rules.append(try arrayRule(option, shape.path)) }
    return rules
  }

  private mutating func arrayRule(_ array: ArrayShape, _ path: String) throws(StructuredOutputError) -> RuleID
  {
    let maximum = array.maximumCount
    guard array.minimumCount <= maximum ?? .max else { return builder.choice([]) }
    // Every element has a byte, and all but the last a comma.
    guard array.minimumCount <= Grammar.lengthLimit / 2 else {
      throw .tooComplex(path: path, .shortestText)
    }
    if array.isUnique, maximum ?? .max > 1 {
      do throws(StructuredOutputError) {
        return try uniqueRule(array, path)
      } catch { try document.refuse(error) }
    }
    let prefix = array.prefix.prefix(maximum ?? .max)
    var elements: [RuleID] = []
    for element in prefix { elements.append(rule(for: element)) }

    // `tail` reads what follows `count` elements. It is built from the last element that has a rule of its
    // own to the first.
    let close = punctuation.spacedCloseBracket
    var tail = close
    let first: RuleID
    if maximum ?? .max > prefix.count {
      let rest = rule(for: array.rest)
      let counted = max(prefix.count, 1)
      tail = builder.elements(
        Elements(
          comma: punctuation.comma, item: rest, close: close,
          minimum: max(array.minimumCount - counted, 0), maximum: maximum.map { $0 - counted }))
      first = elements.first ?? rest
    } else if let own = elements.first {
      first = own
    } else {
      return builder.sequence(punctuation.openBracket, punctuation.closeBracket)
    }
    for count in stride(from: prefix.count - 1, to: 0, by: -1) {
      let more = builder.sequence(punctuation.comma, elements[count], tail)
      tail = builder.choice(count < array.minimumCount ? [more] : [close, more])
    }
    var options = [builder.sequence(punctuation.space, first, tail)]
    if array.minimumCount == 0 { options.insert(punctuation.closeBracket, at: 0) }
    return builder.sequence(punctuation.openBracket, builder.choice(options))
  }
}

extension SchemaCompiler {
  /// An array of different values. Each is written in one way alone, so that different texts are different
  /// values.
  private mutating func uniqueRule(_ array: ArrayShape, _ path: String) throws(StructuredOutputError)
    -> RuleID
  {
    guard array.prefix.isEmpty else { throw .unsupportedKeyword(path: path, keyword: "uniqueItems") }
    guard array.minimumCount <= Terminal.uniqueLimit else { throw .tooComplex(path: path, .shortestText) }
    let maximum = min(array.maximumCount ?? .max, Terminal.uniqueLimit)
    let element = Terminal(unique: try distinctValues(array.rest, path))
    budget.spend(
      steps: element.automaton.stateCount + (array.minimumCount + 1) * 64,
      bytes: element.automaton.stateCount * 4 + (array.minimumCount + 1) * 64)
    let item = builder.terminal(element)
    let tail = builder.elements(
      Elements(
        comma: punctuation.comma, item: item, close: punctuation.spacedCloseBracket,
        minimum: max(array.minimumCount - 1, 0), maximum: maximum - 1, unique: element))
    var options = [builder.sequence(punctuation.space, item, tail)]
    if array.minimumCount == 0 { options.insert(punctuation.closeBracket, at: 0) }
    return builder.sequence(punctuation.openBracket, builder.choice(options))
  }

  /// The automaton of the values that fit a conjunction: those of lists, and scalars.
  private mutating func distinctValues(
    _ conjunction: Conjunction, _ path: String
  ) throws(StructuredOutputError) -> Automaton {
    let unsupported = StructuredOutputError.unsupportedKeyword(path: path, keyword: "uniqueItems")
    var lists: [JSONValue] = []
    var shapes: [ValueShape] = []
    for alternative in try Alternatives.expand(conjunction, &document) {
      let shape = try document.shape(of: alternative, isGenerative: true)
      if let values = shape.values {
        for value in values.values where try validator.fits(value, alternative: alternative, &document) {
          lists.append(value)
        }
      } else {
        guard alternative.none.isEmpty, shape.types.isDisjoint(with: [.array, .object]) else {
          throw unsupported
        }
        shapes.append(shape)
      }
    }
    let values = ValueList(lists, budget).distinctValues
    if shapes.isEmpty, !values.isEmpty {
      guard let automaton = Automaton.texts(values.map(\.text), budget) else {
        try budget.check()
        throw unsupported
      }
      return automaton
    }
    return try automaton(path) { (expressions) throws(StructuredOutputError) in
      var options = values.map { expressions.canonicalNumber($0) ?? expressions.literal($0.text) }
      for shape in shapes {
        if shape.types.contains(.null) { options.append(expressions.literal("null")) }
        if shape.types.contains(.boolean) {
          options += [expressions.literal("true"), expressions.literal("false")]
        }
        if !shape.types.isDisjoint(with: .number) { options.append(expressions.canonicalNumber(shape, [])) }
        if shape.types.contains(.string) { options.append(try expressions.string(shape)) }
      }
      return expressions.union(options)
    }
  }
}

extension ArrayShape {
  /// Ways to restrict these arrays so that none of them is one of `other`.
  func excluding(_ other: ArrayShape) -> [ArrayShape] {
    let maximum = maximumCount ?? .max
    if minimumCount > other.maximumCount ?? .max || maximum < other.minimumCount { return [self] }
    var ways: [ArrayShape] = []
    if let limit = other.maximumCount, limit < .max {
      var longer = self
      longer.minimumCount = limit + 1
      ways.append(longer)
    }
    if other.minimumCount > 0 {
      var shorter = self
      shorter.maximumCount = other.minimumCount - 1
      ways.append(shorter)
    }
    // One element that does not fit is enough. Only elements with a schema of their own are tried, and the
    // first.
    for index in 0..<max(prefix.count, other.prefix.count, 1) {
      for schema in other.element(index).all where maximum > index {
        var different = self
        while different.prefix.count <= index { different.prefix.append(different.rest) }
        different.prefix[index] = different.prefix[index].excluding([schema])
        different.minimumCount = max(minimumCount, index + 1)
        ways.append(different)
      }
    }
    return ways.filter { $0.minimumCount <= $0.maximumCount ?? .max }
  }
}

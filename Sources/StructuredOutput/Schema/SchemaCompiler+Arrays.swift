import GPTOSSJSON

extension SchemaCompiler {
  /// Each element up to the minimum and the maximum has a rule, so both are bounded. A larger maximum is
  /// lowered.
  private static let countLimit = 4096

  /// The rules of a shape's arrays without those of `exclusions`.
  mutating func arrayRules(_ shape: ValueShape, _ exclusions: [ValueShape]) throws(StructuredOutputError)
    -> [RuleID]
  {
    var options = [shape.array]
    for excluded in exclusions where excluded.types.contains(.array) {
      guard excluded.values == nil else { return [] }
      options = Array(options.flatMap { $0.excluding(excluded.array) }.prefix(Self.wayLimit))
    }
    var rules: [RuleID] = []
    for option in options { rules.append(try arrayRule(option, shape.path)) }
    return rules
  }

  private mutating func arrayRule(_ array: ArrayShape, _ path: String) throws(StructuredOutputError) -> RuleID
  {
    var maximum = array.maximumCount
    guard array.minimumCount <= maximum ?? .max else { return builder.choice([]) }
    guard array.minimumCount <= Self.countLimit, array.prefix.count <= Self.countLimit else {
      throw .tooComplex(path: path, .rules)
    }
    if maximum ?? 0 > Self.countLimit { maximum = Self.countLimit }
    if array.isUnique, maximum ?? .max > 1 { return try setRule(array, path) }
    var elements: [RuleID] = []
    for element in array.prefix.prefix(maximum ?? .max) { elements.append(try rule(for: element)) }
    if maximum ?? .max > elements.count { elements.append(try rule(for: array.rest)) }

    // `tail` reads what follows `count` elements. It is built from the last element to the first.
    let close = punctuation.spacedCloseBracket
    let last = maximum ?? max(array.minimumCount, array.prefix.count, 1)
    var tail: RuleID
    if let rest = elements.last, maximum == nil {
      let loop = builder.placeholder()
      let more = builder.sequence(punctuation.comma, rest, loop)
      builder.define(loop, as: builder.choice([close, more]))
      tail = loop
    } else {
      tail = close
    }
    for count in stride(from: last - 1, to: 0, by: -1) {
      let more = builder.sequence(punctuation.comma, elements[min(count, elements.count - 1)], tail)
      tail = builder.choice(count < array.minimumCount ? [more] : [close, more])
    }
    var options: [RuleID] = []
    if array.minimumCount == 0 { options.append(punctuation.closeBracket) }
    if last > 0, let first = elements.first {
      options.append(builder.sequence(punctuation.space, first, tail))
    }
    return builder.sequence(punctuation.openBracket, builder.choice(options))
  }
}

extension SchemaCompiler {
  /// An array of different values out of a few, each at most once, in their order.
  private mutating func setRule(_ array: ArrayShape, _ path: String) throws(StructuredOutputError) -> RuleID {
    guard array.prefix.isEmpty else { throw .unsupportedKeyword(path: path, keyword: "uniqueItems") }
    var values: [JSONValue] = []
    var validator = Validator()
    for alternative in try Alternatives.expand(array.rest, &document) {
      guard let candidates = try ValueShape(alternative, isGenerative: true, &document).values else {
        throw .unsupportedKeyword(path: path, keyword: "uniqueItems")
      }
      for value in candidates where !values.contains(where: { $0.isSame(as: value) }) {
        if try validator.fits(value, array.rest, &document) { values.append(value) }
      }
    }
    var members: [(rule: RuleID, isRequired: Bool)] = []
    for value in values {
      guard let rule = builder.literals([value.text]) else { throw .tooComplex(path: path, .automatonStates) }
      members.append((rule, false))
    }
    let chain = MemberChain(
      members: members, other: nil, comma: punctuation.comma, space: punctuation.space,
      close: punctuation.closeBracket, spacedClose: punctuation.spacedCloseBracket,
      minimumCount: array.minimumCount, maximumCount: array.maximumCount.map { min($0, members.count) })
    return try builder.sequence(punctuation.openBracket, chain.rule(&builder, path))
  }
}

extension ArrayShape {
  /// Ways to restrict these arrays so that none of them is one of `other`.
  func excluding(_ other: ArrayShape) -> [ArrayShape] {
    let maximum = maximumCount ?? .max
    if minimumCount > other.maximumCount ?? .max || maximum < other.minimumCount { return [self] }
    var ways: [ArrayShape] = []
    if let limit = other.maximumCount {
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

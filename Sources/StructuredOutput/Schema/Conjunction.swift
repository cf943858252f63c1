/// Values that fit every one of some schemas and none of some others.
struct Conjunction: Hashable {
  /// Sorted, without duplicates.
  private(set) var all: [SchemaID]
  /// Sorted, without duplicates.
  private(set) var none: [SchemaID]

  /// Any value.
  static let anything = Conjunction(all: [])

  init(all: [SchemaID], none: [SchemaID] = []) {
    self.all = all.count < 2 ? all : Set(all).sorted()
    self.none = none.count < 2 ? none : Set(none).sorted()
  }

  func and(_ other: Conjunction) -> Conjunction {
    Conjunction(all: all + other.all, none: none + other.none)
  }

  func excluding(_ schemas: [SchemaID]) -> Conjunction { Conjunction(all: all, none: none + schemas) }

  /// How many schemas it names.
  var count: Int { all.count + none.count }
}

/// Rewrites schemas so that references and combinations are gone.
struct Alternatives {
  private static let limit = 512

  /// The schemas on the way to the one that is expanded.
  private var active: Set<SchemaID> = []

  /// Turns a conjunction into several, so that a value that fits one of them fits the conjunction.
  ///
  /// The conjunctions then say what `$ref`, `allOf`, `anyOf`, `oneOf`, `not` and `if` said in the schemas
  /// under `all`: in those schemas, only the other keywords still count. In the schemas under `none`, every
  /// keyword counts.
  static func expand(
    _ conjunction: Conjunction, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> [Conjunction] {
    if let known = document.alternatives[conjunction] { return known }
    var alternatives = Alternatives()
    var result = [Conjunction(all: [], none: conjunction.none)]
    for id in conjunction.all {
      result = try cross(result, alternatives.expand(id, &document), document.path(of: id), &document)
    }
    document.alternatives[conjunction] = result
    return result
  }

  private mutating func expand(
    _ id: SchemaID, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> [Conjunction] {
    if let known = document.expansions[id] { return known }
    guard active.insert(id).inserted else {
      try document.refuse(.circularReference(path: document.path(of: id)))
      return [.anything]
    }
    try document.enter(id)
    let result = try expand(document.keywords(of: id), id, &document)
    document.leave()
    active.remove(id)
    document.expansions[id] = result
    return result
  }

  private mutating func expand(
    _ keywords: SchemaKeywords, _ id: SchemaID, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> [Conjunction] {
    if keywords.allowsNothing { return [] }
    var result = [Conjunction(all: [id], none: keywords.not.map { [$0] } ?? [])]
    for part in (keywords.reference.map { [$0] } ?? []) + keywords.allOf {
      result = try Self.cross(result, expand(part, &document), keywords.path, &document)
    }
    if let branches = keywords.anyOf {
      var options: [Conjunction] = []
      for branch in branches { options += try expand(branch, &document) }
      result = try Self.cross(result, options, keywords.path, &document)
    }
    if let branches = keywords.oneOf {
      var options: [Conjunction] = []
      for (index, branch) in branches.enumerated() {
        var others = branches
        others.remove(at: index)
        document.budget.spend(steps: others.count / 2, bytes: others.count * 8)
        options += try expand(branch, &document).map { $0.excluding(others) }
      }
      result = try Self.cross(result, options, keywords.path, &document)
    }
    if let condition = keywords.condition {
      result = try Self.cross(result, expand(condition, &document), keywords.path, &document)
    }
    return result
  }

  /// What fits the condition and what comes then, or what does not fit and what comes else.
  private mutating func expand(
    _ condition: (if: SchemaID, then: SchemaID?, else: SchemaID?), _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> [Conjunction] {
    var fits = try expand(condition.if, &document)
    if let then = condition.then {
      fits = try Self.cross(fits, expand(then, &document), document.path(of: then), &document)
    }
    var doesNotFit = [Conjunction(all: [], none: [condition.if])]
    if let other = condition.else {
      doesNotFit = try Self.cross(
        doesNotFit, expand(other, &document), document.path(of: other), &document)
    }
    return fits + doesNotFit
  }

  /// Every combination of two lists. Where there are too many, the second is not held.
  private static func cross(
    _ left: [Conjunction], _ right: [Conjunction], _ path: String, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> [Conjunction] {
    guard left.count <= limit, right.count <= limit / max(left.count, 1) else {
      try document.refuse(.tooComplex(path: path, .alternatives))
      return left
    }
    var result: [Conjunction] = []
    var seen: Set<Conjunction> = []
    for left in left {
      for right in right {
        let both = left.and(right)
        document.budget.spend(steps: 2 + both.count / 4, bytes: 16 * both.count + 96)
        if seen.insert(both).inserted { result.append(both) }
      }
      try document.budget.check()
    }
    return result
  }
}

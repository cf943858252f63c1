/// Values that fit every one of some schemas and none of some others.
struct Conjunction: Hashable {
  /// Sorted, without duplicates.
  private(set) var all: [SchemaID]
  /// Sorted, without duplicates.
  private(set) var none: [SchemaID]

  /// Any value.
  static let anything = Conjunction(all: [])

  init(all: [SchemaID], none: [SchemaID] = []) {
    self.all = Set(all).sorted()
    self.none = Set(none).sorted()
  }

  func and(_ other: Conjunction) -> Conjunction {
    Conjunction(all: all + other.all, none: none + other.none)
  }

  func excluding(_ schemas: [SchemaID]) -> Conjunction { Conjunction(all: all, none: none + schemas) }
}

/// Rewrites schemas so that references and combinations are gone.
struct Alternatives {
  private static let limit = 512
  private static let nestingLimit = 256

  /// The schemas on the way to the one that is expanded.
  private var active: [SchemaID] = []

  /// Turns a conjunction into several, so that a value that fits one of them fits the conjunction.
  ///
  /// The conjunctions then say what `$ref`, `allOf`, `anyOf`, `oneOf`, `not` and `if` said in the schemas
  /// under `all`: in those schemas, only the other keywords still count. In the schemas under `none`, every
  /// keyword counts.
  static func expand(
    _ conjunction: Conjunction, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> [Conjunction] {
    var alternatives = Alternatives()
    var result = [Conjunction(all: [], none: conjunction.none)]
    for id in conjunction.all {
      result = try cross(result, alternatives.expand(id, &document), document.path(of: id))
    }
    return result
  }

  private mutating func expand(
    _ id: SchemaID, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> [Conjunction] {
    guard !active.contains(id) else { throw .circularReference(path: document.path(of: id)) }
    guard active.count < Self.nestingLimit else {
      throw .tooComplex(path: document.path(of: id), .nesting)
    }
    active.append(id)
    defer { active.removeLast() }

    let keywords = try document.keywords(of: id)
    if keywords.allowsNothing { return [] }
    var result = [Conjunction(all: [id], none: keywords.not.map { [$0] } ?? [])]
    for part in (keywords.reference.map { [$0] } ?? []) + keywords.allOf {
      result = try Self.cross(result, expand(part, &document), keywords.path)
    }
    if let branches = keywords.anyOf {
      var options: [Conjunction] = []
      for branch in branches { options += try expand(branch, &document) }
      result = try Self.cross(result, options, keywords.path)
    }
    if let branches = keywords.oneOf {
      var options: [Conjunction] = []
      for (index, branch) in branches.enumerated() {
        var others = branches
        others.remove(at: index)
        options += try expand(branch, &document).map { $0.excluding(others) }
      }
      result = try Self.cross(result, options, keywords.path)
    }
    if let condition = keywords.condition {
      result = try Self.cross(result, expand(condition, &document), keywords.path)
    }
    return result
  }

  /// What fits the condition and what comes then, or what does not fit and what comes else.
  private mutating func expand(
    _ condition: (if: SchemaID, then: SchemaID?, else: SchemaID?), _ document: inout SchemaDocument
  ) throws(StructuredOutputError) -> [Conjunction] {
    var fits = try expand(condition.if, &document)
    if let then = condition.then {
      fits = try Self.cross(fits, expand(then, &document), document.path(of: then))
    }
    var doesNotFit = [Conjunction(all: [], none: [condition.if])]
    if let other = condition.else {
      doesNotFit = try Self.cross(doesNotFit, expand(other, &document), document.path(of: other))
    }
    return fits + doesNotFit
  }

  private static func cross(
    _ left: [Conjunction], _ right: [Conjunction], _ path: String
  ) throws(StructuredOutputError) -> [Conjunction] {
    guard left.count * right.count <= limit else { throw .tooComplex(path: path, .alternatives) }
    var seen: Set<Conjunction> = []
    return left.flatMap { left in right.map { left.and($0) } }.filter { seen.insert($0).inserted }
  }
}

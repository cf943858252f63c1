import GPTOSSJSON

/// What one alternative of a schema allows, type by type. It is not changed once it is made; schemas may be
/// nested deeply, and so it is no value on the stack.
final class ValueShape {
  let path: String
  private(set) var types: JSONTypes
  /// The values that `enum` and `const` leave, if there are such keywords.
  private(set) var values: ValueList?
  private(set) var number = NumberRule()
  private(set) var minimumLength = 0
  private(set) var maximumLength: Int?
  private(set) var patterns: [StringPattern] = []
  private(set) var object = ObjectShape()
  private(set) var array = ArrayShape()

  /// The types that some keyword restricts.
  private(set) var restrictedTypes: JSONTypes = []

  /// Brings the keywords of an alternative's schemas together.
  ///
  /// - Parameter isGenerative: whether JSON is to be written. Then a schema whose keywords are all for
  ///   objects means an object, although strictly it allows anything else, too. And an object with properties
  ///   has no others unless the schema says so.
  init(
    _ alternative: Conjunction, isGenerative: Bool, _ document: inout SchemaDocument
  ) throws(StructuredOutputError) {
    var parts: [SchemaKeywords] = []
    for id in alternative.all { parts.append(try document.keywords(of: id)) }
    document.budget.spend(steps: 8 + 4 * parts.count, bytes: 512)
    path = parts.first?.path ?? "#"
    let named = parts.compactMap(\.types)
    types = named.reduce(.all) { $0.intersection($1) }
    var implied: JSONTypes = []
    for part in parts {
      implied.formUnion(part.impliedTypes)
      for values in part.values {
        if let known = self.values { document.budget.spend(steps: known.values.count) }
        self.values = self.values?.intersection(values) ?? values
      }
      if let bound = part.number.lower { number.raise(to: bound) }
      if let bound = part.number.upper { number.lower(to: bound) }
      number.isInteger = number.isInteger || part.number.isInteger
      number.divisors += part.number.divisors
      minimumLength = max(minimumLength, part.minimumLength)
      maximumLength = Self.smaller(maximumLength, part.maximumLength)
      for pattern in part.patterns where !patterns.contains(pattern) { patterns.append(pattern) }
    }
    restrictedTypes = implied
    if isGenerative, named.isEmpty, values == nil, !implied.isEmpty { types = implied }
    if let values { types.formIntersection(values.types) }
    object = ObjectShape(parts, isGenerative: isGenerative, document.budget)
    array = ArrayShape(parts)
  }

  /// The same without some types.
  func subtracting(_ excluded: JSONTypes) -> ValueShape {
    ValueShape(self, types: types.subtracting(excluded))
  }

  /// The same strings, whatever their lengths.
  var withAnyLength: ValueShape {
    let result = ValueShape(self, types: types)
    (result.minimumLength, result.maximumLength) = (0, nil)
    return result
  }

  private init(_ other: ValueShape, types: JSONTypes) {
    path = other.path
    self.types = types
    values = other.values
    number = other.number
    minimumLength = other.minimumLength
    maximumLength = other.maximumLength
    patterns = other.patterns
    object = other.object
    array = other.array
    restrictedTypes = other.restrictedTypes
  }

  static func smaller(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }
}

/// What an object may contain.
struct ObjectShape {
  struct Property {
    var name: String
    var value: Conjunction
    var isRequired: Bool
  }

  var properties: [Property] = []
  /// What other properties may be; `nil` if there are none.
  var additional: Conjunction?
  /// Names that no other property may have.
  var forbiddenNames: [String] = []
  /// What every property's name has to fit, as a string.
  var name = Conjunction.anything
  var minimumCount = 0
  var maximumCount: Int?

  init() {}

  init(_ parts: [SchemaKeywords], isGenerative: Bool, _ budget: CompilationBudget) {
    var names: [String] = []
    var seen: Set<ExactString> = []
    for name in parts.flatMap({ $0.properties.map(\.name) }) + parts.flatMap(\.required)
    where seen.insert(ExactString(name)).inserted { names.append(name) }
    let required = Set(parts.flatMap(\.required).map { ExactString($0) })
    budget.spend(steps: names.count * (4 + parts.count), bytes: names.count * 96)
    properties = names.map { name in
      Property(
        name: name, value: Conjunction(all: parts.compactMap { $0.schema(ofProperty: name) }),
        isRequired: required.contains(ExactString(name)))
    }
    let additionalSchemas = parts.compactMap(\.additionalProperties)
    minimumCount = parts.map(\.minimumProperties).max() ?? 0
    maximumCount = parts.reduce(nil) { ValueShape.smaller($0, $1.maximumProperties) }
    name = Conjunction(all: parts.compactMap(\.propertyNames))
    let hasProperties = parts.contains { !$0.properties.isEmpty }
    let isOpen = !additionalSchemas.isEmpty || !hasProperties || minimumCount > properties.count
    if !parts.contains(where: \.isClosed), isOpen || !isGenerative {
      additional = Conjunction(all: additionalSchemas)
    }
  }

  func index(of name: String) -> Int? { properties.firstIndex { $0.name.utf8.elementsEqual(name.utf8) } }
}

/// What an array may contain.
struct ArrayShape {
  /// What each of the first elements may be.
  var prefix: [Conjunction] = []
  /// What the elements behind them may be.
  var rest = Conjunction.anything
  var minimumCount = 0
  var maximumCount: Int?
  /// Whether no two elements may be the same.
  var isUnique = false

  init() {}

  init(_ parts: [SchemaKeywords]) {
    let prefixCount = parts.map(\.prefixItems.count).max() ?? 0
    prefix = (0..<prefixCount).map { index in
      Conjunction(all: parts.compactMap { $0.schema(ofItem: index) })
    }
    rest = Conjunction(all: parts.compactMap(\.items))
    minimumCount = parts.map(\.minimumItems).max() ?? 0
    maximumCount = parts.reduce(nil) { ValueShape.smaller($0, $1.maximumItems) }
    isUnique = parts.contains(where: \.hasUniqueItems)
  }

  func element(_ index: Int) -> Conjunction { index < prefix.count ? prefix[index] : rest }
}

import GPTOSSJSON

/// What one alternative of a schema allows, type by type.
struct ValueShape {
  var path: String
  var types: JSONTypes
  /// The values that `enum` and `const` leave, if there are such keywords.
  var values: [JSONValue]?
  var number = NumberRule()
  var minimumLength = 0
  var maximumLength: Int?
  var patterns: [String] = []
  var object = ObjectShape()
  var array = ArrayShape()

  /// The types that some keyword restricts.
  var restrictedTypes: JSONTypes = []

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
    path = parts.first?.path ?? "#"
    let named = parts.compactMap(\.types)
    types = named.reduce(.all) { $0.intersection($1) }
    var implied: JSONTypes = []
    for part in parts {
      implied.formUnion(part.impliedTypes)
      for values in part.values {
        self.values =
          self.values.map { known in known.filter { value in values.contains { value.isSame(as: $0) } } }
          ?? values
      }
      if let bound = part.number.lower { number.raise(to: bound) }
      if let bound = part.number.upper { number.lower(to: bound) }
      number.isInteger = number.isInteger || part.number.isInteger
      number.divisors += part.number.divisors
      minimumLength = max(minimumLength, part.minimumLength)
      maximumLength = Self.smaller(maximumLength, part.maximumLength)
      patterns += part.patterns
    }
    restrictedTypes = implied
    if isGenerative, named.isEmpty, values == nil, !implied.isEmpty { types = implied }
    if values != nil { types.formIntersection((values ?? []).reduce([]) { $0.union(JSONTypes(of: $1)) }) }
    object = ObjectShape(parts, isGenerative: isGenerative)
    array = ArrayShape(parts)
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

  init(_ parts: [SchemaKeywords], isGenerative: Bool) {
    var names: [String] = []
    var seen: Set<[UInt8]> = []
    for name in parts.flatMap({ $0.properties.map(\.name) }) + parts.flatMap(\.required)
    where seen.insert(Array(name.utf8)).inserted { names.append(name) }
    let required = Set(parts.flatMap(\.required).map { Array($0.utf8) })
    properties = names.map { name in
      Property(
        name: name, value: Conjunction(all: parts.compactMap { $0.schema(ofProperty: name) }),
        isRequired: required.contains(Array(name.utf8)))
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

import GPTOSSJSON

/// Turns a JSON schema into a grammar.
struct SchemaCompiler {
  var document: SchemaDocument
  var builder = GrammarBuilder()
  let punctuation: Punctuation
  private var ruleOfConjunction: [Conjunction: RuleID] = [:]
  var ruleOfString: [StringKey: RuleID] = [:]
  private var sharedTerminals: [ObjectIdentifier: RuleID] = [:]
  private var nesting = 0

  private static let nestingLimit = 256

  private init(_ schema: JSONValue, _ whitespace: JSONWhitespace) {
    document = SchemaDocument(schema)
    punctuation = Punctuation(whitespace, &builder)
  }

  static func compile(_ schema: JSONValue, _ whitespace: JSONWhitespace) throws(StructuredOutputError)
    -> Grammar
  {
    var compiler = SchemaCompiler(schema, whitespace)
    let start = try compiler.rule(for: Conjunction(all: [SchemaDocument.rootID]))
    guard let grammar = Grammar(rules: compiler.builder.rules, start: start) else {
      throw .unsatisfiable(path: "#")
    }
    return grammar
  }

  /// The rule that reads a value which fits a conjunction.
  mutating func rule(for conjunction: Conjunction) throws(StructuredOutputError) -> RuleID {
    if let known = ruleOfConjunction[conjunction] { return known }
    let path = conjunction.all.first.map { document.path(of: $0) } ?? "#"
    guard nesting < Self.nestingLimit else { throw .tooComplex(path: path, .nesting) }
    guard builder.rules.count <= GrammarBuilder.ruleLimit else { throw .tooComplex(path: path, .rules) }
    nesting += 1
    defer { nesting -= 1 }
    let placeholder = builder.placeholder()
    ruleOfConjunction[conjunction] = placeholder
    var options: [RuleID] = []
    for alternative in try Alternatives.expand(conjunction, &document) {
      options += try rules(for: alternative)
    }
    builder.define(placeholder, as: builder.choice(options))
    return placeholder
  }

  /// The rules of one alternative: at most one per type.
  private mutating func rules(for alternative: Conjunction) throws(StructuredOutputError) -> [RuleID] {
    var shape = try ValueShape(alternative, isGenerative: true, &document)
    if let values = shape.values { return try rules(forValues: values, alternative, shape.path) }
    var exclusions: [ValueShape] = []
    for id in alternative.none {
      for excluded in try Alternatives.expand(Conjunction(all: [id]), &document) {
        let shapeOfExcluded = try ValueShape(excluded, isGenerative: false, &document)
        shape.types.subtract(shapeOfExcluded.freelyAllowedTypes)
        exclusions.append(shapeOfExcluded)
      }
    }
    var options: [RuleID] = []
    if shape.types.contains(.null), !exclusions.contains(where: { $0.types.contains(.null) }) {
      options.append(shared(.null))
    }
    if shape.types.contains(.boolean) { options += booleanRules(exclusions) }
    if !shape.types.isDisjoint(with: .number) { options.append(try numberRule(shape, exclusions)) }
    if shape.types.contains(.string) { options.append(try stringRule(shape, exclusions)) }
    if shape.types.contains(.array) { options += try arrayRules(shape, exclusions) }
    if shape.types.contains(.object) { options += try objectRules(shape, exclusions) }
    return options
  }

  /// `enum` and `const`: those of the values that also fit everything else.
  private mutating func rules(
    forValues values: [JSONValue], _ alternative: Conjunction, _ path: String
  ) throws(StructuredOutputError) -> [RuleID] {
    var validator = Validator()
    var texts: [String] = []
    for value in values where try validator.fits(value, alternative, &document) { texts.append(value.text) }
    guard !texts.isEmpty else { return [] }
    guard let rule = builder.literals(texts) else { throw .tooComplex(path: path, .automatonStates) }
    return [rule]
  }

  private mutating func booleanRules(_ exclusions: [ValueShape]) -> [RuleID] {
    let excluded = exclusions.filter { $0.types.contains(.boolean) }.flatMap { $0.values ?? [true, false] }
    let texts = [JSONValue.bool(true), .bool(false)].filter { !excluded.contains($0) }.map(\.text)
    if texts.count == 2 { return [shared(.boolean)] }
    return texts.isEmpty ? [] : builder.literals(texts).map { [$0] } ?? []
  }

  // MARK: Terminals

  /// The rule of an automaton that many schemas have in common.
  mutating func shared(_ automaton: Automaton) -> RuleID {
    if let known = sharedTerminals[ObjectIdentifier(automaton)] { return known }
    let rule = builder.terminal(automaton)
    sharedTerminals[ObjectIdentifier(automaton)] = rule
    return rule
  }

  mutating func terminal(
    _ path: String, _ build: (inout Expressions) throws(StructuredOutputError) -> Expressions.ID
  ) throws(StructuredOutputError) -> RuleID {
    var expressions = Expressions()
    let expression = try build(&expressions)
    guard let automaton = Automaton(&expressions, expression) else {
      throw .tooComplex(path: path, .automatonStates)
    }
    return builder.terminal(automaton)
  }
}

extension ValueShape {
  /// The types of which every value is allowed.
  var freelyAllowedTypes: JSONTypes { values == nil ? types.subtracting(restrictedTypes) : [] }
}

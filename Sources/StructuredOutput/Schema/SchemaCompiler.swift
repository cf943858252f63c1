import GPTOSSJSON

/// Turns a JSON schema into a grammar.
struct SchemaCompiler {
  var document: SchemaDocument
  var builder: GrammarBuilder
  let budget: CompilationBudget
  let punctuation: Punctuation
  var validator: Validator
  private var ruleOfConjunction: [Conjunction: RuleID] = [:]
  /// Conjunctions whose rules are still to be made: schemas refer to each other in chains of any length.
  private var pending: [(conjunction: Conjunction, rule: RuleID)] = []
  /// What those conjunctions allow that have one alternative.
  var onlyShapeOfConjunction: [Conjunction: ValueShape?] = [:]
  var ruleOfString: [StringKey: RuleID] = [:]
  private var sharedTerminals: [ObjectIdentifier: RuleID] = [:]

  private init(
    _ schema: JSONValue, _ whitespace: JSONWhitespace, isLenient: Bool, _ budget: CompilationBudget
  ) {
    self.budget = budget
    document = SchemaDocument(schema, isLenient: isLenient, budget)
    builder = GrammarBuilder(budget)
    punctuation = Punctuation(whitespace, &builder)
    validator = Validator(budget)
  }

  /// The grammar of a schema's JSON, and what of the schema it does not hold.
  ///
  /// - Parameter isLenient: whether what cannot be held is left out, and not refused; the JSON is then an
  ///   object.
  static func compile(
    _ schema: JSONValue, _ whitespace: JSONWhitespace, isLenient: Bool = false, _ budget: CompilationBudget
  ) throws(StructuredOutputError) -> (grammar: Grammar, notices: [StructuredOutputError]) {
    budget.path = "#"
    var compiler = SchemaCompiler(schema, whitespace, isLenient: isLenient, budget)
    var all = [SchemaDocument.rootID]
    // Whatever is left out, it stays an object.
    if isLenient { all.append(compiler.document.id(of: ["type": "object"], at: "#?object")) }
    let start = compiler.rule(for: Conjunction(all: all))
    while let (conjunction, rule) = compiler.pending.popLast() {
      compiler.builder.define(rule, as: try compiler.makeRule(for: conjunction))
    }
    try budget.check()
    return (try Grammar(compiler.builder, start: start, budget), compiler.document.notices)
  }

  /// The rule that reads a value which fits a conjunction.
  mutating func rule(for conjunction: Conjunction) -> RuleID {
    budget.spend(steps: 2 + conjunction.count / 4, bytes: 64 + 16 * conjunction.count)
    if let known = ruleOfConjunction[conjunction] { return known }
    let placeholder = builder.placeholder()
    ruleOfConjunction[conjunction] = placeholder
    pending.append((conjunction, placeholder))
    return placeholder
  }

  private mutating func makeRule(for conjunction: Conjunction) throws(StructuredOutputError) -> RuleID {
    let id = conjunction.all.first ?? conjunction.none.first ?? SchemaDocument.rootID
    budget.path = document.path(of: id)
    try budget.check()
    guard builder.rules.count <= GrammarBuilder.ruleLimit else {
      throw .tooComplex(path: document.path(of: id), .rules)
    }
    do throws(StructuredOutputError) {
      var options: [RuleID] = []
      for alternative in try Alternatives.expand(conjunction, &document) {
        options += try rules(for: alternative)
      }
      return builder.choice(options)
    } catch {
      try document.refuse(error)
      return rule(for: .anything)
    }
  }

  /// The rules of one alternative: at most one per type.
  private mutating func rules(for alternative: Conjunction) throws(StructuredOutputError) -> [RuleID] {
    var shape = try document.shape(of: alternative, isGenerative: true)
    budget.path = shape.path
    if let values = shape.values { return try rules(forValues: values, shape, alternative) }
    var exclusions: [ValueShape] = []
    for id in alternative.none {
      for excluded in try Alternatives.expand(Conjunction(all: [id]), &document) {
        let shapeOfExcluded = try document.shape(of: excluded, isGenerative: false)
        budget.spend(steps: 2)
        shape = shape.subtracting(shapeOfExcluded.freelyAllowedTypes)
        exclusions.append(shapeOfExcluded)
      }
    }
    var options: [RuleID] = []
    if shape.types.contains(.null), !exclusions.contains(where: { $0.types.contains(.null) }) {
      options.append(shared(.null))
    }
    if shape.types.contains(.boolean) { options += try booleanRules(exclusions) }
    if !shape.types.isDisjoint(with: .number) { options.append(try numberRule(shape, exclusions)) }
    if shape.types.contains(.string) { options.append(try stringRule(shape, exclusions)) }
    if shape.types.contains(.array) { options += try arrayRules(shape, exclusions) }
    if shape.types.contains(.object) { options += try objectRules(shape, exclusions) }
    return options
  }

  /// `enum` and `const`: those of the values that also fit everything else.
  private mutating func rules(
    forValues values: ValueList, _ shape: ValueShape, _ alternative: Conjunction
  ) throws(StructuredOutputError) -> [RuleID] {
    var texts: [String] = []
    for value in values.values {
      let isFree = alternative.none.isEmpty && shape.restrictedTypes.isEmpty
      guard
        try isFree
          ? shape.types.contains(JSONTypes(of: value))
          : validator.fits(value, alternative: alternative, &document)
      else { continue }
      texts.append(value.text)
      budget.spend(steps: 1)
      try budget.check()
    }
    return texts.isEmpty ? [] : [try builder.literals(texts)]
  }

  private mutating func booleanRules(_ exclusions: [ValueShape]) throws(StructuredOutputError) -> [RuleID] {
    let excluded = exclusions.filter { $0.types.contains(.boolean) }
      .flatMap { $0.values?.values ?? [true, false] }
    let texts = [JSONValue.bool(true), .bool(false)].filter { !excluded.contains($0) }.map(\.text)
    if texts.count == 2 { return [shared(.boolean)] }
    return texts.isEmpty ? [] : [try builder.literals(texts)]
  }

  // MARK: Terminals

  /// The rule of an automaton that many schemas have in common.
  mutating func shared(_ automaton: Automaton) -> RuleID {
    if let known = sharedTerminals[ObjectIdentifier(automaton)] { return known }
    let rule = builder.terminal(automaton)
    sharedTerminals[ObjectIdentifier(automaton)] = rule
    return rule
  }

  /// The automaton of an expression.
  func automaton(
    _ path: String, _ build: (inout Expressions) throws(StructuredOutputError) -> Expressions.ID
  ) throws(StructuredOutputError) -> Automaton {
    budget.path = path
    var expressions = Expressions(budget)
    let expression = try build(&expressions)
    guard let automaton = Automaton(&expressions, expression) else {
      try budget.check()
      throw .tooComplex(path: path, .automatonStates)
    }
    return automaton
  }
}

extension ValueShape {
  /// The types of which every value is allowed.
  var freelyAllowedTypes: JSONTypes { values == nil ? types.subtracting(restrictedTypes) : [] }
}

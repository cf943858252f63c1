/// Collects the rules of a grammar.
struct GrammarBuilder {
  private(set) var rules: [Grammar.Rule] = []
  private(set) var objects: [Members] = []
  static let ruleLimit = 100_000
  /// What a rule takes with what is found out about it.
  private static let bytesPerRule = 96

  let budget: CompilationBudget

  init(_ budget: CompilationBudget) { self.budget = budget }

  mutating func terminal(_ automaton: Automaton) -> RuleID { terminal(Terminal(automaton)) }

  mutating func terminal(_ terminal: Terminal) -> RuleID { add(.terminal(terminal)) }

  /// A rule that reads one of several texts.
  ///
  /// - Throws: what the budget throws.
  mutating func literals(_ texts: [String]) throws(StructuredOutputError) -> RuleID {
    guard !texts.isEmpty, let automaton = Automaton.texts(texts, budget) else {
      try budget.check()
      return choice([])
    }
    return terminal(automaton)
  }

  /// A rule that reads the parts one after another.
  mutating func sequence(_ parts: RuleID...) -> RuleID {
    var parts = parts
    guard var result = parts.popLast() else { return choice([]) }
    while let part = parts.popLast() { result = add(.sequence(part, result)) }
    return result
  }

  mutating func choice(_ options: [RuleID]) -> RuleID {
    options.count == 1 ? options[0] : add(.choice(options))
  }

  mutating func elements(_ elements: Elements) -> RuleID { add(.elements(elements)) }

  /// A rule that reads the members of an object and its closing brace.
  mutating func members(_ members: Members) -> RuleID {
    let object = objects.count
    objects.append(members)
    let places = 0...members.members.count
    let keys = places.map { add(.members(object, .key($0))) }
    let ends = places.map { add(.members(object, .end($0))) }
    objects[object].setRules(keys: keys, ends: ends, afterName: add(.members(object, .afterName)))
    return add(.members(object, .first))
  }

  /// A rule that can be referred to before it is known what it reads.
  mutating func placeholder() -> RuleID { add(.choice([])) }

  mutating func define(_ placeholder: RuleID, as rule: RuleID) { rules[placeholder] = .choice([rule]) }

  private mutating func add(_ rule: Grammar.Rule) -> RuleID {
    budget.spend(steps: 1, bytes: Self.bytesPerRule)
    rules.append(rule)
    return rules.count - 1
  }
}

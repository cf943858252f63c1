/// Collects the rules of a grammar.
struct GrammarBuilder {
  private(set) var rules: [Grammar.Rule] = []
  static let ruleLimit = 100_000

  mutating func terminal(_ automaton: Automaton) -> RuleID {
    add(.terminal(Grammar.Terminal(automaton: automaton)))
  }

  mutating func terminal(_ terminal: Grammar.Terminal) -> RuleID { add(.terminal(terminal)) }

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

  /// A rule that can be referred to before it is known what it reads.
  mutating func placeholder() -> RuleID { add(.choice([])) }

  mutating func define(_ placeholder: RuleID, as rule: RuleID) { rules[placeholder] = .choice([rule]) }

  private mutating func add(_ rule: Grammar.Rule) -> RuleID {
    rules.append(rule)
    return rules.count - 1
  }
}

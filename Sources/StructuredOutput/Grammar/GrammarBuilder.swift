/// Collects the rules of a grammar.
struct GrammarBuilder {
  private(set) var rules: [Grammar.Rule] = []
  static let ruleLimit = 100_000

  mutating func terminal(_ automaton: Automaton) -> RuleID {
    add(.terminal(Grammar.Terminal(automaton: automaton)))
  }

  mutating func terminal(_ terminal: Grammar.Terminal) -> RuleID { add(.terminal(terminal)) }

  /// A rule that reads one of several texts, or `nil` if one of them is too long for an automaton.
  ///
  /// Each automaton takes as many texts as it can have states for.
  mutating func literals(_ texts: [String]) -> RuleID? {
    var options: [RuleID] = []
    var rest = texts[...]
    while !rest.isEmpty {
      var byteCount = 0
      let group = rest.prefix { text in
        byteCount += text.utf8.count
        return byteCount < Automaton.literalStateLimit
      }
      guard !group.isEmpty else { return nil }
      rest = rest.dropFirst(group.count)
      var expressions = Expressions()
      let choice = expressions.union(group.map { expressions.literal($0) })
      guard let automaton = Automaton(&expressions, choice, stateLimit: Automaton.literalStateLimit) else {
        return nil
      }
      options.append(terminal(automaton))
    }
    return choice(options)
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

  /// A rule that can be referred to before it is known what it reads.
  mutating func placeholder() -> RuleID { add(.choice([])) }

  mutating func define(_ placeholder: RuleID, as rule: RuleID) { rules[placeholder] = .choice([rule]) }

  private mutating func add(_ rule: Grammar.Rule) -> RuleID {
    rules.append(rule)
    return rules.count - 1
  }
}

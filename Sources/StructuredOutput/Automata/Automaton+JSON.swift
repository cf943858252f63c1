extension Automaton {
  /// Any JSON string, in any way of writing it.
  static let anyString = builtIn(countsCharacters: true) { expressions in
    let character = expressions.characterInAnyForm()
    let quote = expressions.literal("\"")
    return expressions.sequence([quote, expressions.repetition(character, 0), quote])
  }

  /// Any number; what `Double` and 19 digits hold.
  static let anyNumber = builtIn { $0.number(NumberRule()) }
  /// Any integer of 64 bits.
  static let anyInteger = builtIn { $0.number(NumberRule(isInteger: true)) }
  static let boolean = builtIn { $0.union([$0.literal("true"), $0.literal("false")]) }
  static let null = builtIn { $0.literal("null") }

  /// An automaton that is known to have few states.
  private static func builtIn(
    countsCharacters: Bool = false, _ build: (inout Expressions) -> Expressions.ID
  ) -> Automaton {
    var expressions = Expressions(.unlimited())
    let expression = build(&expressions)
    guard let automaton = Automaton(&expressions, expression, countsCharacters: countsCharacters) else {
      preconditionFailure("built-in automata are small")
    }
    return automaton.builtIn
  }
}

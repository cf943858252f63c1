import Synchronization

/// An automaton for strings that counts characters, and how many may still come.
struct CountedAutomaton: Sendable {
  let automaton: Automaton
  /// `nil` if the string can end after any number of them.
  let lengths: CharacterLengths?
}

extension StringFormat {
  private static let made = Mutex<[StringFormat: CountedAutomaton]>([:])

  /// The format's strings with their quotes; made once in a process, and not paid for.
  var automaton: CountedAutomaton {
    Self.made.withLock { made in
      if let known = made[self] { return known }
      let budget = CompilationBudget.unlimited()
      var expressions = Expressions(budget)
      guard let inner = try? PatternParser.parse(pattern, &expressions) else {
        preconditionFailure("the pattern of \(rawValue) is well formed")
      }
      let quote = expressions.literal("\"")
      let string = expressions.sequence([quote, inner, quote])
      guard let automaton = Automaton(&expressions, string)?.countingCharacters(budget),
        let lengths = CharacterLengths(automaton, budget)
      else { preconditionFailure("the automaton of \(rawValue) has few states") }
      let result = CountedAutomaton(automaton: automaton.builtIn, lengths: lengths)
      made[self] = result
      return result
    }
  }
}

/// Makes what all schemas share, the automata of formats: the first schema of a process that has an `email` would
/// take 20 ms longer otherwise.
package func prepareFormats() {
  for format in StringFormat.allCases { _ = format.automaton }
}

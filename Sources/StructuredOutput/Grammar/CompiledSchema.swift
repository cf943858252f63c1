import Synchronization

/// A grammar, and what the tokens of a vocabulary do in it. All constraints of a schema share it.
final class CompiledSchema: Sendable {
  let grammar: Grammar
  let trie: TokenTrie
  /// What of the schema is not held.
  let notices: [StructuredOutputError]
  /// What compiling it has cost.
  let cost: CompilationBudget.Amount
  private let walks = Mutex(WalkCache(byteLimit: 32 << 20))

  init(
    _ grammar: Grammar, _ trie: TokenTrie, notices: [StructuredOutputError] = [],
    cost: CompilationBudget.Amount = .init(steps: 0, bytes: 0)
  ) {
    self.grammar = grammar
    self.trie = trie
    self.notices = notices
    self.cost = cost
  }

  /// What the tokens do in a state of a terminal.
  func walk(_ terminal: Terminal, from state: Int) -> TokenWalk {
    if terminal.automaton.isBuiltIn {
      return trie.walk(terminal.automaton, from: state, isCounted: terminal.isCounted)
    }
    return walks.withLock {
      $0.walk(trie, terminal.automaton, from: state, isCounted: terminal.isCounted)
    }
  }

  /// Makes the walks that are long, those inside strings, so that no mask has to wait for them; as far as the
  /// budget allows.
  ///
  /// These are where a string begins, and where its first character leads.
  func prepare(_ budget: CompilationBudget) {
    // A node takes about three nanoseconds.
    let cost = CompilationBudget.Amount(steps: trie.nodes.count / 32, bytes: 0)
    for rule in grammar.rules {
      guard case .terminal(let terminal) = rule, terminal.automaton.start != Automaton.dead,
        terminal.automaton.stateCount > Self.shortAutomaton || terminal.automaton.isDense
      else { continue }
      var state = terminal.automaton.start
      for byte in [UInt8(ascii: "\""), UInt8(ascii: "a")] {
        guard budget.hasLeft(cost) else { return }
        if !terminal.automaton.isBuiltIn { budget.spend(steps: cost.steps) }
        _ = walk(terminal, from: state)
        state = terminal.automaton.next(state, byte)
        guard state != Automaton.dead else { break }
      }
    }
  }

  /// The walk from a state of a list of texts is short if the list is.
  private static let shortAutomaton = 1000
}

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

  /// Bytes of the grammar, and of what is known of the tokens so far.
  var byteCount: Int { cost.bytes + walks.withLock(\.byteCount) }

  /// Makes the walks that are long, those inside strings, so that no mask has to wait for them; as far as the
  /// budget allows.
  func prepare(_ budget: CompilationBudget) {
    for rule in grammar.rules {
      guard case .terminal(let terminal) = rule, terminal.automaton.start != Automaton.dead else { continue }
      prepare(terminal, budget)
    }
  }

  /// Makes a terminal's long walks, from the nearest states on.
  private func prepare(_ terminal: Terminal, _ budget: CompilationBudget) {
    let automaton = terminal.automaton
    var states = [automaton.start]
    var seen: Set = [automaton.start]
    var walkCount = 0
    var index = 0
    while index < states.count, index < Self.stateLimit, walkCount < Self.walkLimit {
      let state = states[index]
      index += 1
      let nodeCount = nodeCount(terminal, from: state)
      if nodeCount > Self.longWalk {
        // A node takes about three nanoseconds.
        let cost = CompilationBudget.Amount(steps: nodeCount / 32, bytes: 0)
        guard budget.hasLeft(cost) else { return }
        if !automaton.isBuiltIn { budget.spend(steps: cost.steps) }
        _ = walk(terminal, from: state)
        walkCount += 1
      }
      automaton.forEachEdge(from: state) { _, next in
        if seen.insert(next).inserted { states.append(next) }
      }
    }
  }

  /// Nodes that the walk from a state of a terminal would read, at most.
  private func nodeCount(_ terminal: Terminal, from state: Int) -> Int {
    if terminal.automaton.isBuiltIn {
      return trie.walkNodeCount(terminal.automaton, from: state, isCounted: terminal.isCounted)
    }
    return walks.withLock {
      $0.nodeCount(trie, terminal.automaton, from: state, isCounted: terminal.isCounted)
    }
  }

  /// A walk over as many nodes takes a few tenths of a millisecond.
  private static let longWalk = 1 << 15
  /// Of a terminal: the most states that are looked at, and the most walks that are made.
  private static let stateLimit = 64
  private static let walkLimit = 4
}

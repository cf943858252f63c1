import GPTOSSTokenizer
import Synchronization

extension Machine {
  /// The tokens that may come next, one bit per token.
  func allowedTokens(_ parses: [Parse]) -> [UInt64] {
    memory.withLock { memory in
      var words = [UInt64](repeating: 0, count: (trie.vocabulary.count + 63) / 64)
      for parse in parses { allow(parse, &memory, &words) }
      return words
    }
  }

  /// Adds the tokens that may follow a parse.
  private func allow(_ parse: Parse, _ memory: inout Memory, _ words: inout [UInt64]) {
    guard !parse.isEnd else { return }
    if accepts(parse) {
      for continuation in memory.frames.parses(for: parse.frame, in: grammar) {
        allow(continuation, &memory, &words)
      }
    }
    let terminal = terminal(of: parse)
    let walk = walk(from: parse, terminal, &memory)
    let count = Int(parse.characterCount)
    let limit = (terminal.maximumCharacters ?? .max) - count
    walk.formUnion(of: &words, characterLimit: limit)
    guard !walk.exits.isEmpty else { return }
    let continuations = memory.frames.parses(for: parse.frame, in: grammar)
    let isInsideString = terminal.automaton.characterBoundary != nil
    for exit in walk.exits {
      let characters = Int(exit.characterCount)
      if isInsideString, characters > limit || count + characters < terminal.minimumCharacters { continue }
      allow(exitAt: Int(exit.node), continuations, &memory, &words)
    }
  }

  /// Adds a token that ends with its terminal, and those that go on with what follows it.
  private func allow(
    exitAt index: Int, _ continuations: [Parse], _ memory: inout Memory, _ words: inout [UInt64]
  ) {
    let node = trie.nodes[index]
    if node.token != TokenTrie.noToken { words[Int(node.token) / 64] |= 1 << UInt64(node.token % 64) }
    guard Int(node.end) > index + 1 else { return }
    for continuation in continuations { allow(continuation, below: index, &memory, &words) }
  }

  /// Adds the tokens below a node whose bytes behind it may follow a parse.
  private func allow(_ parse: Parse, below top: Int, _ memory: inout Memory, _ words: inout [UInt64]) {
    guard !parse.isEnd else { return }
    if accepts(parse) {
      for continuation in memory.frames.parses(for: parse.frame, in: grammar) {
        allow(continuation, below: top, &memory, &words)
      }
    }
    let topNode = trie.nodes[top]
    // The parses at the nodes from `top` down to the one that is read.
    var path = [parse]
    var index = top + 1
    while index < Int(topNode.end) {
      let node = trie.nodes[index]
      let depth = Int(node.depth - topNode.depth)
      guard let next = step(path[depth - 1], node.byte) else {
        index = Int(node.end)
        continue
      }
      path.removeSubrange(depth...)
      path.append(next)
      if node.token != TokenTrie.noToken { words[Int(node.token) / 64] |= 1 << UInt64(node.token % 64) }
      if accepts(next), Int(node.end) > index + 1 {
        for continuation in memory.frames.parses(for: next.frame, in: grammar) {
          allow(continuation, below: index, &memory, &words)
        }
      }
      index += 1
    }
  }

  private func walk(from parse: Parse, _ terminal: Grammar.Terminal, _ memory: inout Memory) -> TokenWalk {
    if terminal.automaton === Automaton.anyString { return trie.stringWalk(from: Int(parse.state)) }
    let key = WalkKey(rule: parse.rule, state: parse.state)
    if let walk = memory.walks[key] { return walk }
    let walk = TokenWalk(trie, terminal.automaton, from: Int(parse.state))
    if memory.walks.count == Self.walkLimit { memory.walks.removeAll() }
    memory.walks[key] = walk
    return walk
  }
}

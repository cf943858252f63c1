import GPTOSSTokenizer
import Synchronization

extension Machine {
  /// The tokens that may come next, one bit per token: all that ``advance(_:_:)`` takes, but where very many
  /// branches begin alike those that reach beyond that beginning may be missing.
  func allowedTokens(_ parses: [Parse]) -> [UInt64] {
    memory.withLock { frames in
      var words = [UInt64](repeating: 0, count: (trie.vocabulary.count + 63) / 64)
      // Texts that must differ from others are different with every token: they are not kept.
      let mark = parses.contains { !$0.isEnd && terminal(of: $0).isUnique } ? frames.mark : nil
      var counts: [Parse: Int] = [:]
      for parse in parses { allow(parse, &frames, &words, &counts) }
      if let mark { frames.forget(after: mark) }
      return words
    }
  }

  /// Adds the tokens that may follow a parse.
  ///
  /// - Parameter counts: how many parses were looked at that differ only in what has to follow: the first few of
  ///   them have nearly all tokens.
  private func allow(
    _ parse: Parse, _ frames: inout FrameTable, _ words: inout [UInt64], _ counts: inout [Parse: Int]
  ) {
    guard !parse.isEnd else { return }
    for continuation in continuations(of: parse, &frames) { allow(continuation, &frames, &words, &counts) }
    counts[parse.place, default: 0] += 1
    guard counts[parse.place, default: 0] <= Self.ambiguityLimit else { return }
    let terminal = terminal(of: parse)
    let walk = schema.walk(terminal, from: Int(parse.state))
    guard !terminal.isUnique else { return allow(unique: parse, terminal, walk, &frames, &words) }
    let count = Int(parse.characterCount)
    walk.formUnion(of: &words) { group in
      !terminal.isCounted || terminal.allows(Int(group.state), count + Int(group.characterCount))
    }
    guard !walk.exits.isEmpty else { return }
    let continuations = frames.parses(for: parse.frame, in: grammar)
    let limit = (terminal.maximumCharacters ?? .max) - count
    for exit in walk.exits {
      let characters = Int(exit.characterCount)
      if terminal.isCounted, characters > limit || count + characters < terminal.minimumCharacters {
        continue
      }
      let node = trie.nodes[Int(exit.node)]
      if node.token != TokenTrie.noToken { words.insert(node.token) }
      allow(continuations, below: Int(exit.node), &frames, &words)
    }
  }

  /// Adds the tokens that may follow a parse whose text must differ from others.
  ///
  /// Only tokens that go the way of a text that was used can be wrong.
  private func allow(
    unique parse: Parse, _ terminal: Terminal, _ walk: TokenWalk, _ frames: inout FrameTable,
    _ words: inout [UInt64]
  ) {
    let used = frames.usedTexts(parse)
    var own = [UInt64](repeating: 0, count: words.count)
    walk.formUnion(of: &own) { _ in true }
    for exit in walk.exits {
      let node = trie.nodes[Int(exit.node)]
      if node.token != TokenTrie.noToken { own.insert(node.token) }
    }
    var usedNodes: Set<Int> = []
    let rests = frames.used.rests(of: used, after: parse.text)
    var beginnings: [Int: Int] = [:]
    for rest in rests {
      var (node, state) = (0, Int(parse.state))
      for (index, byte) in rest.enumerated() {
        guard let child = trie.child(of: node, byte) else { break }
        node = child
        state = terminal.automaton.next(state, byte)
        beginnings[node, default: 0] += 1
        if index == rest.count - 1 { usedNodes.insert(node) }
        let token = trie.nodes[node].token
        if token != TokenTrie.noToken,
          beginnings[node, default: 0] >= Int(terminal.textCounts?[state] ?? .max)
        {
          own.remove(token)
        }
      }
    }
    for index in words.indices { words[index] |= own[index] }
    for exit in walk.exits where !usedNodes.contains(Int(exit.node)) {
      let node = trie.nodes[Int(exit.node)]
      guard Int(node.end) > Int(exit.node) + 1 else { continue }
      let text = frames.used.append(trie.text(of: Int(exit.node)), to: parse.text)
      let frame = frames.note(text, in: parse.frame, grammar)
      allow(frames.parses(for: frame, in: grammar), below: Int(exit.node), &frames, &words)
    }
  }

  /// Adds the tokens below a node whose bytes behind it may follow one of some parses.
  private func allow(
    _ parses: [Parse], below top: Int, _ frames: inout FrameTable, _ words: inout [UInt64]
  ) {
    guard Int(trie.nodes[top].end) > top + 1 else { return }
    for parse in Self.withoutCrowds(parses) { allow(parse, below: top, &frames, &words) }
  }

  private func allow(_ parse: Parse, below top: Int, _ frames: inout FrameTable, _ words: inout [UInt64]) {
    guard !parse.isEnd else { return }
    for continuation in Self.withoutCrowds(continuations(of: parse, &frames)) {
      allow(continuation, below: top, &frames, &words)
    }
    let topNode = trie.nodes[top]
    // The parses at the nodes from `top` down to the one that is read.
    var path = [parse]
    var index = top + 1
    while index < Int(topNode.end) {
      let node = trie.nodes[index]
      let depth = Int(node.depth - topNode.depth)
      guard let next = step(path[depth - 1], node.byte, &frames) else {
        index = Int(node.end)
        continue
      }
      path.removeSubrange(depth...)
      path.append(next)
      if node.token != TokenTrie.noToken { words.insert(node.token) }
      if Int(node.end) > index + 1 {
        for continuation in Self.withoutCrowds(continuations(of: next, &frames)) {
          allow(continuation, below: index, &frames, &words)
        }
      }
      index += 1
    }
  }
}

extension [UInt64] {
  /// Sets a token's bit.
  fileprivate mutating func insert(_ token: UInt32) { self[Int(token) / 64] |= 1 << UInt64(token % 64) }

  /// Clears a token's bit.
  fileprivate mutating func remove(_ token: UInt32) { self[Int(token) / 64] &= ~(1 << UInt64(token % 64)) }
}

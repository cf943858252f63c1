import GPTOSSTokenizer

/// What the tokens of a vocabulary do in one state of an automaton, whatever comes after it.
///
/// Most tokens stay inside: nearly all do in a string, and the answer for those is the same in every schema.
/// Others leave it somewhere (a token with the closing quote), and only for those does the rest matter.
struct TokenWalk: Sendable {
  /// A node of the trie where the automaton accepts.
  struct Exit {
    var node: UInt32
    /// Characters that begin on the way.
    var characterCount: UInt8
  }

  /// Tokens that stay inside, those with fewer characters first; none if the mask alone is enough.
  private let tokens: [UInt32]
  /// How many tokens have up to so many characters, `[characters + 1]`.
  private let tokenCounts: [Int]
  /// The same tokens as a mask, when there are many.
  private let words: [UInt64]
  let exits: [Exit]

  /// More tokens than this are kept as a mask.
  private static let denseCount = 512

  init(_ trie: TokenTrie, _ automaton: Automaton, from state: Int) {
    var staying: [(token: UInt32, characterCount: UInt8)] = []
    var exits: [Exit] = []
    var highestCount = 0
    automaton.walk(trie, from: state) { node, index, state, characterCount in
      if automaton.accepts(state) {
        exits.append(Exit(node: UInt32(index), characterCount: characterCount))
      } else if node.token != TokenTrie.noToken {
        staying.append((node.token, characterCount))
        highestCount = max(highestCount, Int(characterCount))
      }
    }
    self.exits = exits
    var counts = [Int](repeating: 0, count: highestCount + 1)
    for entry in staying { counts[Int(entry.characterCount)] += 1 }
    for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
    tokenCounts = counts
    var tokens = [UInt32](repeating: 0, count: staying.count)
    for entry in staying.reversed() {
      counts[Int(entry.characterCount)] -= 1
      tokens[counts[Int(entry.characterCount)]] = entry.token
    }
    let isDense = tokens.count > Self.denseCount
    words = isDense ? Self.mask(tokens, count: trie.vocabulary.count) : []
    self.tokens = isDense && automaton.characterBoundary == nil ? [] : tokens
  }

  private static func mask(_ tokens: [UInt32], count: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: (count + 63) / 64)
    for token in tokens { words[Int(token) / 64] |= 1 << UInt64(token % 64) }
    return words
  }

  /// Adds the tokens that stay inside and have at most `limit` characters.
  func formUnion(of mask: inout [UInt64], characterLimit limit: Int) {
    let count = tokenCounts[min(max(limit, 0), tokenCounts.count - 1)]
    if count == tokenCounts.last, !words.isEmpty {
      for index in mask.indices { mask[index] |= words[index] }
    } else {
      for token in tokens[..<count] { mask[Int(token) / 64] |= 1 << UInt64(token % 64) }
    }
  }
}

extension Automaton {
  /// Calls `visit` for every node of the trie that the automaton gets to from a state, with the state there and how
  /// many characters began on the way.
  @inline(__always)
  fileprivate func walk(
    _ trie: TokenTrie, from state: Int, _ visit: (TokenTrie.Node, _ index: Int, _ state: Int, UInt8) -> Void
  ) {
    let nodes = trie.nodes
    let table = table
    // The states and the counts at the nodes from the root down to the one that is read.
    var states = [Int](repeating: state, count: TokenTrie.longestToken + 1)
    var counts = [UInt8](repeating: 0, count: TokenTrie.longestToken + 1)
    var index = 1
    while index < nodes.count {
      let node = nodes[index]
      let depth = Int(node.depth)
      let last = states[depth - 1]
      let next = table.next(last, node.byte)
      guard next != Automaton.dead else {
        index = Int(node.end)
        continue
      }
      let isCharacter = last == characterBoundary && node.byte != UInt8(ascii: "\"")
      let count = counts[depth - 1] + (isCharacter ? 1 : 0)
      states[depth] = next
      counts[depth] = count
      visit(node, index, next, count)
      index += 1
    }
  }
}

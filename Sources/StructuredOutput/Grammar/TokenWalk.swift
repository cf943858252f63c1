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

  /// Tokens that stay inside, those with fewer characters first.
  private let tokens: [UInt32]
  /// `[characters + 1]`: how many tokens have up to that many characters.
  private let tokenCounts: [Int]
  /// The same as a mask, when there are many.
  private let words: [UInt64]
  let exits: [Exit]

  /// More tokens than this are kept as a mask too.
  private static let denseCount = 512

  init(_ trie: TokenTrie, _ automaton: Automaton, from state: Int) {
    let boundary = automaton.characterBoundary
    var staying: [[UInt32]] = [[]]
    var exits: [Exit] = []
    var states = [Int](repeating: state, count: TokenTrie.longestToken + 1)
    var counts = [UInt8](repeating: 0, count: TokenTrie.longestToken + 1)
    let nodes = trie.nodes
    var index = 1
    while index < nodes.count {
      let node = nodes[index]
      let depth = Int(node.depth)
      let last = states[depth - 1]
      let next = automaton.next(last, node.byte)
      guard next != Automaton.dead else {
        index = Int(node.end)
        continue
      }
      let count = counts[depth - 1] + (last == boundary && node.byte != 0x22 ? 1 : 0)
      states[depth] = next
      counts[depth] = count
      if automaton.accepts(next) {
        exits.append(Exit(node: UInt32(index), characterCount: count))
      } else if node.token != TokenTrie.noToken {
        while staying.count <= Int(count) { staying.append([]) }
        staying[Int(count)].append(node.token)
      }
      index += 1
    }
    self.exits = exits
    var tokens: [UInt32] = []
    tokenCounts = staying.map { group in
      tokens += group
      return tokens.count
    }
    self.tokens = tokens
    words = tokens.count > Self.denseCount ? Self.mask(tokens, count: trie.vocabulary.count) : []
  }

  private static func mask(_ tokens: [UInt32], count: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: (count + 63) / 64)
    for token in tokens { words[Int(token) / 64] |= 1 << UInt64(token % 64) }
    return words
  }

  /// Adds the tokens that stay inside and have at most `limit` characters.
  func formUnion(of mask: inout [UInt64], characterLimit limit: Int) {
    let count = tokenCounts[min(max(limit, 0), tokenCounts.count - 1)]
    if count == tokens.count, !words.isEmpty {
      for index in mask.indices { mask[index] |= words[index] }
    } else {
      for token in tokens[..<count] { mask[Int(token) / 64] |= 1 << UInt64(token % 64) }
    }
  }
}

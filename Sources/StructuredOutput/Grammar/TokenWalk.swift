import GPTOSSTokenizer

/// What the tokens of a vocabulary do in one state of an automaton, whatever comes after it.
///
/// Most tokens stay inside the automaton. In a string nearly all do, and which ones is the same in every
/// schema. Others leave it, such as a token with the closing quote, and only for those does it matter what
/// follows.
struct TokenWalk: Sendable {
  /// A node of the trie where the automaton accepts.
  struct Exit {
    var node: UInt32
    /// Characters that begin on the way.
    var characterCount: UInt8
  }

  /// Tokens that stay inside, those with fewer characters first; none if the mask alone is enough.
  private let tokens: [UInt32]
  /// `[characters + 1]`: how many tokens have at most as many characters as the index says.
  private let tokenCounts: [Int]
  /// The same tokens as a mask, when there are many.
  private let words: [UInt64]
  let exits: [Exit]

  /// More tokens than this are kept as a mask.
  private static let denseCount = 512

  init(_ trie: TokenTrie, _ automaton: Automaton, from state: Int) {
    var staying: [Staying] = []
    var exits: [Exit] = []
    let nodes = trie.nodes
    let columns = automaton.columns
    let rows = automaton.rows
    let boundary = automaton.characterBoundary ?? Automaton.dead
    // The states and the counts at the nodes from the root down to the one that is read.
    var path = [Place](
      repeating: Place(state: Int32(state), characterCount: 0), count: TokenTrie.longestToken + 1)
    var index = 1
    while index < nodes.count {
      let node = nodes[index]
      var place = path[Int(node.depth) - 1]
      let last = Int(place.state)
      let next = rows[last * automaton.columnCount + Int(columns[Int(node.byte)])]
      guard next != Automaton.dead else {
        index = Int(node.end)
        continue
      }
      if last == boundary, node.byte != UInt8(ascii: "\"") { place.characterCount += 1 }
      place.state = Int32(next)
      path[Int(node.depth)] = place
      if automaton.accepts(Int(next)) {
        exits.append(Exit(node: UInt32(index), characterCount: UInt8(place.characterCount)))
      } else if node.token != TokenTrie.noToken {
        staying.append(Staying(token: node.token, characterCount: place.characterCount))
      }
      index += 1
    }
    self.exits = exits
    let isDense = staying.count > Self.denseCount
    words = isDense ? Self.mask(staying, count: trie.vocabulary.count) : []
    if isDense, automaton.characterBoundary == nil {
      tokens = []
      tokenCounts = [staying.count]
    } else {
      (tokens, tokenCounts) = Self.sort(staying)
    }
  }

  /// A place on the way down the trie.
  private struct Place {
    var state: Int32
    /// Characters that began on the way.
    var characterCount: UInt32
  }

  private struct Staying {
    var token: UInt32
    var characterCount: UInt32
  }

  /// The tokens by their number of characters, and how many there are up to each number.
  private static func sort(_ staying: [Staying]) -> (tokens: [UInt32], counts: [Int]) {
    let highest = staying.lazy.map(\.characterCount).max() ?? 0
    var ends = [Int](repeating: 0, count: Int(highest) + 1)
    for entry in staying { ends[Int(entry.characterCount)] += 1 }
    for count in ends.indices.dropFirst() { ends[count] += ends[count - 1] }
    var next = [0] + ends.dropLast()
    var tokens = [UInt32](repeating: 0, count: staying.count)
    for entry in staying {
      tokens[next[Int(entry.characterCount)]] = entry.token
      next[Int(entry.characterCount)] += 1
    }
    return (tokens, ends)
  }

  private static func mask(_ staying: [Staying], count: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: (count + 63) / 64)
    for entry in staying { words[Int(entry.token) / 64] |= 1 << UInt64(entry.token % 64) }
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

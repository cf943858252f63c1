import GPTOSSTokenizer

/// What the tokens of a vocabulary do in one state of an automaton, whatever comes after it.
///
/// Most tokens stay inside the automaton. In a string nearly all do, and which ones is the same in every
/// schema. Others leave it, such as a token with the closing quote, and only for those does it matter what
/// follows.
struct TokenWalk: Sendable {
  /// A node of the trie where the automaton accepts.
  struct Exit: Sendable {
    var node: UInt32
    /// Characters that begin on the way.
    var characterCount: UInt8
  }

  /// Tokens that stay inside and lead to the same state with the same number of characters.
  struct Group: Sendable {
    var state: Int32
    var characterCount: Int32
    /// The first token behind the group.
    fileprivate(set) var end: Int32
  }

  /// Where characters are counted: the groups, and the tokens in their order.
  let groups: [Group]
  private let tokens: [UInt32]
  /// The same tokens as a mask, when there are many; the only form where characters are not counted.
  private let words: [UInt64]
  let exits: [Exit]

  /// More tokens than this are kept as a mask.
  private static let denseCount = 512

  /// Bytes that the walk takes.
  var byteCount: Int { 128 + groups.count * 12 + tokens.count * 4 + words.count * 8 + exits.count * 8 }

  /// - Parameter isCounted: whether it matters how many characters the tokens have.
  init(_ trie: TokenTrie, _ automaton: Automaton, from state: Int, isCounted: Bool) {
    var visitor = Visitor(automaton: automaton, isCounted: isCounted)
    visitor.visit(trie, 1..<trie.nodes.count, from: state)
    let staying = visitor.staying
    exits = visitor.exits
    let isDense = staying.count > Self.denseCount
    words = isDense ? Self.mask(staying, count: trie.vocabulary.count) : []
    if isDense, !isCounted {
      groups = []
      tokens = []
    } else {
      (groups, tokens) = Self.group(staying)
    }
  }

  /// Whether the walk from a state that is nearly the same can be made of this one.
  var isBase: Bool { groups.isEmpty && !words.isEmpty }

  /// The walk from a state that differs from that of `base` in what some first bytes lead to, where characters
  /// are not counted.
  ///
  /// - Parameter nodes: those below these bytes, in order.
  init(
    _ trie: TokenTrie, _ automaton: Automaton, from state: Int, like base: TokenWalk, but nodes: [Range<Int>]
  ) {
    var words = base.words
    var exits: [Exit] = []
    var kept = base.exits[...]
    for range in nodes {
      for node in trie.nodes[range] where node.token != TokenTrie.noToken {
        words[Int(node.token) / 64] &= ~(1 << UInt64(node.token % 64))
      }
      var visitor = Visitor(automaton: automaton, isCounted: false)
      visitor.visit(trie, range, from: state)
      for entry in visitor.staying { words[Int(entry.token) / 64] |= 1 << UInt64(entry.token % 64) }
      let before = kept.prefix { $0.node < range.lowerBound }
      exits += before
      exits += visitor.exits
      kept = kept.dropFirst(before.count).drop { $0.node < range.upperBound }
    }
    self.words = words
    self.exits = exits + kept
    groups = []
    tokens = []
  }

  private struct Staying {
    var token: UInt32
    var state: Int32
    var characterCount: Int32
  }

  /// Goes down the trie as far as the automaton goes.
  private struct Visitor {
    let automaton: Automaton
    let isCounted: Bool
    var staying: [Staying] = []
    var exits: [Exit] = []

    /// - Parameter range: a byte's whole tree, or several.
    mutating func visit(_ trie: TokenTrie, _ range: Range<Int>, from state: Int) {
      switch automaton.table {
      case .dense(let table): visit(trie, range, table, from: state)
      case .sparse(let table): visit(trie, range, table, from: state)
      }
    }

    private mutating func visit(
      _ trie: TokenTrie, _ range: Range<Int>, _ table: some Transitions, from state: Int
    ) {
      let nodes = trie.nodes
      // The states and the counts at the nodes from the root down to the one that is read.
      var states = [Int32](repeating: Int32(state), count: TokenTrie.longestToken + 1)
      var counts = [Int32](repeating: 0, count: TokenTrie.longestToken + 1)
      var index = range.lowerBound
      while index < range.upperBound {
        let node = nodes[index]
        let depth = Int(node.depth)
        let last = Int(states[depth - 1])
        let next = table.next(last, node.byte)
        guard next != Automaton.dead else {
          index = Int(node.end)
          continue
        }
        var count = counts[depth - 1]
        if isCounted, automaton.startsCharacter(last, node.byte) { count += 1 }
        states[depth] = Int32(next)
        counts[depth] = count
        if automaton.accepts(next) {
          exits.append(Exit(node: UInt32(index), characterCount: UInt8(count)))
        } else if node.token != TokenTrie.noToken {
          staying.append(
            Staying(token: node.token, state: isCounted ? Int32(next) : 0, characterCount: count))
        }
        index += 1
      }
    }
  }

  /// The tokens by the state and the number of characters that they lead to.
  private static func group(_ staying: [Staying]) -> (groups: [Group], tokens: [UInt32]) {
    var groups: [Group] = []
    var groupOfPlace: [UInt64: Int] = [:]
    var groupOfToken: [Int32] = []
    groupOfToken.reserveCapacity(staying.count)
    // Tokens that begin alike mostly lead to the same place.
    var last: (place: UInt64, group: Int)?
    for entry in staying {
      let place =
        UInt64(UInt32(bitPattern: entry.state)) << 32 | UInt64(UInt32(bitPattern: entry.characterCount))
      let group: Int
      if let last, last.place == place {
        group = last.group
      } else {
        group = groupOfPlace[place] ?? groups.count
        last = (place, group)
      }
      if group == groups.count {
        groupOfPlace[place] = group
        groups.append(Group(state: entry.state, characterCount: entry.characterCount, end: 0))
      }
      groups[group].end += 1
      groupOfToken.append(Int32(group))
    }
    var next: [Int] = []
    var end: Int32 = 0
    for index in groups.indices {
      next.append(Int(end))
      end += groups[index].end
      groups[index].end = end
    }
    var tokens = [UInt32](repeating: 0, count: staying.count)
    for (entry, group) in zip(staying, groupOfToken) {
      tokens[next[Int(group)]] = entry.token
      next[Int(group)] += 1
    }
    return (groups, tokens)
  }

  private static func mask(_ staying: [Staying], count: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: (count + 63) / 64)
    for entry in staying { words[Int(entry.token) / 64] |= 1 << UInt64(entry.token % 64) }
    return words
  }

  /// Adds the tokens that stay inside, of those groups that are allowed.
  func formUnion(of mask: inout [UInt64], where isAllowed: (Group) -> Bool) {
    if !words.isEmpty, groups.allSatisfy(isAllowed) {
      for index in mask.indices { mask[index] |= words[index] }
      return
    }
    var start = 0
    for group in groups {
      if isAllowed(group) {
        for token in tokens[start..<Int(group.end)] { mask[Int(token) / 64] |= 1 << UInt64(token % 64) }
      }
      start = Int(group.end)
    }
  }
}

/// Walks by automaton and state, as many as there is room for.
///
/// A walk over the tokens inside a string takes milliseconds. Most states of such an automaton differ from
/// another only in where a few bytes lead, such as those on the way through a name that is taken: their walks
/// are made of the other's.
struct WalkCache: Sendable {
  private struct Key: Hashable {
    var automaton: ObjectIdentifier
    var state: Int
    var isCounted: Bool
  }

  private let byteLimit: Int
  private(set) var byteCount = 0
  private var walks: [Key: TokenWalk] = [:]
  /// States of each automaton whose walks others are made of.
  private var bases: [ObjectIdentifier: [Int]] = [:]
  private static let baseLimit = 8

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  /// A walk, made if need be.
  mutating func walk(_ trie: TokenTrie, _ automaton: Automaton, from state: Int, isCounted: Bool) -> TokenWalk
  {
    let key = Key(automaton: ObjectIdentifier(automaton), state: state, isCounted: isCounted)
    if let known = walks[key] { return known }
    let walk: TokenWalk
    if let (base, nodes) = base(trie, automaton, state, isCounted) {
      walk = TokenWalk(trie, automaton, from: state, like: base, but: nodes)
    } else {
      walk = TokenWalk(trie, automaton, from: state, isCounted: isCounted)
      if walk.isBase, bases[key.automaton, default: []].count < Self.baseLimit {
        bases[key.automaton, default: []].append(state)
      }
    }
    if byteCount > byteLimit - walk.byteCount {
      walks.removeAll()
      bases.removeAll()
      byteCount = 0
    }
    walks[key] = walk
    byteCount += walk.byteCount
    return walk
  }

  /// Nodes that a walk would read, at most; 0 if it is known.
  func nodeCount(_ trie: TokenTrie, _ automaton: Automaton, from state: Int, isCounted: Bool) -> Int {
    let key = Key(automaton: ObjectIdentifier(automaton), state: state, isCounted: isCounted)
    guard walks[key] == nil else { return 0 }
    return base(trie, automaton, state, isCounted)?.nodes.nodeCount ?? trie.nodeCount(automaton, from: state)
  }

  /// The walk that spares the most, if that is at least half, and the nodes that have to be read anyway.
  private func base(
    _ trie: TokenTrie, _ automaton: Automaton, _ state: Int, _ isCounted: Bool
  ) -> (walk: TokenWalk, nodes: [Range<Int>])? {
    guard !isCounted, let bases = bases[ObjectIdentifier(automaton)] else { return nil }
    var best: (walk: TokenWalk, nodes: [Range<Int>])?
    var limit = trie.nodeCount(automaton, from: state) / 2
    for base in bases {
      let key = Key(automaton: ObjectIdentifier(automaton), state: base, isCounted: false)
      guard let walk = walks[key] else { continue }
      let nodes = (UInt8.min...UInt8.max)
        .filter { automaton.next(state, $0) != automaton.next(base, $0) }
        .map { trie.nodesOfByte[Int($0)] }
      if nodes.nodeCount < limit {
        best = (walk, nodes)
        limit = nodes.nodeCount
      }
    }
    return best
  }
}

extension TokenTrie {
  /// Nodes below the bytes that an automaton takes in a state.
  fileprivate func nodeCount(_ automaton: Automaton, from state: Int) -> Int {
    var count = 0
    automaton.forEachEdge(from: state) { byte, _ in count += nodesOfByte[Int(byte)].count }
    return count
  }
}

extension [Range<Int>] {
  fileprivate var nodeCount: Int { reduce(0) { $0 + $1.count } }
}

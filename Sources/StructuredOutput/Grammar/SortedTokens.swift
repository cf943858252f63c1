import GPTOSSSampling
import GPTOSSTokenizer

/// A vocabulary's tokens in the order of their bytes.
struct SortedTokens {
  private struct Entry {
    /// The first eight bytes, the first of them the most significant; zeros behind the end.
    var key: UInt64
    var id: UInt32
    var start: UInt32
    var count: UInt32
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// All tokens but special ones.
  private(set) var textTokens: TokenMask

  /// All tokens but special ones and those longer than a trie is deep.
  init(_ vocabulary: Vocabulary) {
    textTokens = TokenMask(count: vocabulary.count)
    entries.reserveCapacity(vocabulary.count)
    for id in 0..<vocabulary.count where vocabulary.specialTokenText(id) == nil {
      guard let token = vocabulary.bytes(of: id) else { continue }
      textTokens[id] = true
      guard token.count <= TokenTrie.longestToken else { continue }
      var key: UInt64 = 0
      for index in 0..<8 { key = key << 8 | (index < token.count ? UInt64(token[index]) : 0) }
      entries.append(Entry(key: key, id: UInt32(id), start: UInt32(bytes.count), count: UInt32(token.count)))
      bytes += token
    }
    let bytes = bytes
    entries.sort { left, right in
      if left.key != right.key { return left.key < right.key }
      for index in 8..<max(8, Int(min(left.count, right.count))) {
        let (a, b) = (bytes[Int(left.start) + index], bytes[Int(right.start) + index])
        if a != b { return a < b }
      }
      return left.count < right.count
    }
  }

  /// The nodes of the trie in the order of a depth-first walk.
  func makeNodes() -> [TokenTrie.Node] {
    var nodes = [TokenTrie.Node(end: 0, token: TokenTrie.noToken, byte: 0, depth: 0)]
    nodes.reserveCapacity(bytes.count)
    // The nodes from the root to the last token's end.
    var path = [0]
    var last: Entry?
    for entry in entries {
      let shared = last.map { sharedCount($0, entry) } ?? 0
      while path.count > shared + 1 { nodes[path.removeLast()].end = UInt32(nodes.count) }
      for depth in shared..<Int(entry.count) {
        path.append(nodes.count)
        let byte = bytes[Int(entry.start) + depth]
        nodes.append(TokenTrie.Node(end: 0, token: TokenTrie.noToken, byte: byte, depth: UInt8(depth + 1)))
      }
      nodes[path[path.count - 1]].token = entry.id
      last = entry
    }
    for node in path { nodes[node].end = UInt32(nodes.count) }
    return nodes
  }

  /// How many first bytes two tokens share.
  private func sharedCount(_ left: Entry, _ right: Entry) -> Int {
    let limit = Int(min(left.count, right.count))
    var count = 0
    while count < limit, bytes[Int(left.start) + count] == bytes[Int(right.start) + count] { count += 1 }
    return count
  }
}

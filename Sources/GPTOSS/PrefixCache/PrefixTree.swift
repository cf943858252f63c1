/// What is known of the cache folder: which tokens its files have, and which file follows which.
package struct PrefixTree {
  /// The model's key, which the first tokens of a sequence follow.
  private let root: UInt64
  private var headers: [UInt64: PrefixHeader] = [:]
  private var children: [UInt64: [UInt64]] = [:]
  /// The most tokens of all files together: of more files, some are not found.
  private static let mostTokens = 4 << 20
  private var tokenCount = 0

  package init(root: UInt64) { self.root = root }

  var ids: Set<UInt64> { Set(headers.keys) }

  package mutating func insert(_ header: PrefixHeader) {
    guard header.id != root, headers[header.id] == nil, tokenCount + header.tokens.count <= Self.mostTokens
    else { return }
    headers[header.id] = header
    tokenCount += header.tokens.count
    children[header.parent, default: []].append(header.id)
  }

  package mutating func remove(_ id: UInt64) {
    guard let header = headers.removeValue(forKey: id) else { return }
    tokenCount -= header.tokens.count
    children[header.parent]?.removeAll { $0 == id }
    if children[header.parent]?.isEmpty == true { children[header.parent] = nil }
  }

  /// What is kept of a sequence's beginning.
  package struct Match {
    /// The files that follow one another from the sequence's start, the furthest that there are.
    package var chain: [PrefixHeader] = []
    /// Where the sequence parts from all that is kept.
    package var parting = PromptParting(position: 0, isDifferent: false)

    /// The position behind the chain.
    var end: Int { chain.last?.end ?? 0 }
  }

  /// Finds the files of a sequence's beginning.
  ///
  /// - Parameter limit: the furthest position that is of use.
  /// - Complexity: O(n), n being the tokens of all files that follow a file of the sequence.
  package func match(_ tokens: [ReadToken], upTo limit: Int) -> Match {
    var match = Match()
    var last: PrefixHeader?
    var waiting = children[root] ?? []
    while let id = waiting.popLast() {
      guard let header = headers[id], header.start < limit, isPlace(of: header) else { continue }
      let shared = zip(header.tokens, tokens[header.start..<limit]).prefix { $0 == $1 }.count
      if shared == header.tokens.count {
        if header.end > last?.end ?? 0 { last = header }
        if let following = children[id] {
          waiting += following
          continue
        }
      }
      let position = header.start + shared
      var parting = PromptParting(
        position: position, isDifferent: shared < header.promptCount && position < limit)
      parting.isOtherPrecision = parting.isDifferent && header.tokens[shared].id == tokens[position].id
      match.parting.join(parting)
    }
    while let header = last {
      match.chain.append(header)
      last = header.start == 0 ? nil : headers[header.parent]
    }
    match.chain.reverse()
    return match
  }

  /// Whether a file begins where the one ends that it follows.
  private func isPlace(of header: PrefixHeader) -> Bool {
    header.start == (header.parent == root ? 0 : headers[header.parent]?.end)
  }
}

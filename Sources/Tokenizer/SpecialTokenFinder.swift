/// Finds the names of special tokens in text: a tree of their bytes.
struct SpecialTokenFinder: Sendable {
  struct Match: Equatable {
    var token: TokenID
    var range: Range<Int>
  }

  /// The longest name, in bytes: each place of a text may be the beginning of one.
  private static let nameLimit = 256

  /// The node that a byte leads to, at `node << 8 | byte`. Node 0 is the root.
  private var edges: [Int: Int] = [:]
  /// `[nodes]`: the token whose name ends at the node, or -1.
  private var endings: [TokenID] = [-1]
  /// `[256]`: the bytes that a name may start with.
  private var isFirst = [Bool](repeating: false, count: 256)

  init(_ specialTokens: SpecialTokens) throws(TokenizerError) {
    for (text, id) in specialTokens.tokens {
      guard !text.isEmpty else { throw .emptyToken(id) }
      guard text.utf8.count <= Self.nameLimit else {
        throw .specialTokenTooLong(id, limit: Self.nameLimit)
      }
      var node = 0
      for byte in text.utf8 {
        if node == 0 { isFirst[Int(byte)] = true }
        if let next = edges[node << 8 | Int(byte)] {
          node = next
        } else {
          edges[node << 8 | Int(byte)] = endings.count
          node = endings.count
          endings.append(-1)
        }
      }
      guard endings[node] < 0 else { throw .specialTokenTaken(text, id) }
      endings[node] = id
    }
  }

  func token(named text: String) -> TokenID? {
    var node = 0
    for byte in text.utf8 {
      guard let next = edges[node << 8 | Int(byte)] else { return nil }
      node = next
    }
    return endings[node] < 0 ? nil : endings[node]
  }

  /// The first name at or after `start`, of several there the longest.
  ///
  /// - Parameter tokens: which of the tokens count; `nil` for all.
  func first(in text: UnsafeBufferPointer<UInt8>, from start: Int, of tokens: Set<TokenID>?) -> Match? {
    isFirst.withUnsafeBufferPointer { isFirst in
      var offset = start
      while offset < text.count {
        if isFirst[Int(text[offset])], let match = longest(in: text, at: offset, of: tokens) { return match }
        offset += 1
      }
      return nil
    }
  }

  private func longest(
    in text: UnsafeBufferPointer<UInt8>, at start: Int, of tokens: Set<TokenID>?
  ) -> Match? {
    var node = 0
    var match: Match?
    var offset = start
    while offset < text.count, let next = edges[node << 8 | Int(text[offset])] {
      node = next
      offset += 1
      let token = endings[node]
      if token >= 0, tokens?.contains(token) ?? true { match = Match(token: token, range: start..<offset) }
    }
    return match
  }
}

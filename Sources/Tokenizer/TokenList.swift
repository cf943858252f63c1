/// The tokens of a vocabulary as they are read, in order of id.
struct TokenList {
  private var bytes: [UInt8] = []
  private var starts: [UInt32] = [0]
  /// Ids of ordinary tokens, those that text may become.
  private(set) var ordinaryTokens: [UInt32] = []
  private var specialTokens: [(text: String, id: TokenID)] = []

  var tokenCount: Int { starts.count - 1 }

  mutating func reserve(bytes byteCount: Int, tokens tokenCount: Int) {
    bytes.reserveCapacity(byteCount)
    starts.reserveCapacity(tokenCount + 1)
    ordinaryTokens.reserveCapacity(tokenCount)
  }

  /// Adds the next token.
  ///
  /// - Parameter append: appends the token's bytes.
  mutating func appendToken(
    isOrdinary: Bool, _ append: (inout [UInt8]) throws(TokenizerError) -> Void
  ) throws(TokenizerError) {
    let id = tokenCount
    guard id < MergeTable.tokenLimit else { throw .tokenIDTooLarge(id, limit: MergeTable.tokenLimit - 1) }
    try append(&bytes)
    guard let end = UInt32(exactly: bytes.count) else { throw .vocabularyTooLarge }
    if isOrdinary {
      guard end > starts[id] else { throw .emptyToken(id) }
      ordinaryTokens.append(UInt32(id))
    }
    starts.append(end)
  }

  mutating func appendSpecialToken(_ text: String) throws(TokenizerError) {
    specialTokens.append((text, tokenCount))
    try appendToken(isOrdinary: false) { $0.append(contentsOf: text.utf8) }
  }

  /// The table of the tokens so far, and the token of every single byte.
  func makeTokenTable() throws(TokenizerError) -> (table: TokenTable, byteTokens: Table<UInt32>) {
    let tokens = TokenBytes(bytes: Table(bytes, padding: 0), starts: Table(starts, padding: 0))
    let table = TokenTable(tokens: tokens)
    for id in ordinaryTokens {
      let other = table.insert(id)
      guard other == noToken else { throw .duplicateToken(TokenID(id), sameAs: TokenID(other)) }
    }
    let byteTokens = Table(repeating: noToken, count: 256)
    for byte in UInt8.min...UInt8.max {
      let token = withUnsafeBytes(of: byte) { table.find($0.assumingMemoryBound(to: UInt8.self)) }
      guard token != noToken else { throw .missingByteToken(byte) }
      byteTokens[Int(byte)] = token
    }
    return (table, byteTokens)
  }

  /// The tokens of `table` without those that their own bytes do not merge to.
  func makePieceTable(of table: TokenTable, merges: MergeTable, byteTokens: Table<UInt32>) -> TokenTable {
    let merger = BytePairMerger(
      merges: MergeTable.Pointers(merges), byteTokens: UnsafePointer(byteTokens.base))
    var pieces: [UInt32] = []
    var merged: [UInt32] = []
    for id in ordinaryTokens {
      let bytes = table.tokens.pointer(to: Int(id))
      guard let base = bytes.baseAddress else { continue }
      merged.removeAll(keepingCapacity: true)
      merger.encode(base, bytes.count, into: &merged)
      if merged == [id] { pieces.append(id) }
    }
    if pieces.count == ordinaryTokens.count { return table }
    let pieceTable = TokenTable(tokens: table.tokens)
    for id in pieces { _ = pieceTable.insert(id) }
    return pieceTable
  }

  func makeSpecialTokens() -> SpecialTokens { SpecialTokens(specialTokens) }
}

/// The merges of a vocabulary as they are read, in order of rank.
struct MergeList {
  private var slots: [UInt64] = []
  private var results: [UInt32] = []

  /// Whether some token has several merges, as in a list derived from a .tiktoken file.
  var hasSeveralMergesForAToken: Bool { slots.count > results.count }

  /// Adds a merge of the next rank, or of the last one if it makes the same token.
  mutating func append(left: UInt32, right: UInt32, result: UInt32) throws(TokenizerError) {
    if results.last != result { results.append(result) }
    guard results.count <= MergeTable.rankLimit else { throw .vocabularyTooLarge }
    slots.append(MergeTable.slot(left: left, right: right, rank: results.count - 1))
  }

  /// Adds every split of a token into two tokens.
  mutating func appendSplits(of token: UInt32, in table: TokenTable) throws(TokenizerError) {
    let bytes = table.tokens.pointer(to: Int(token))
    for middle in 1..<max(bytes.count, 1) {
      let left = table.find(UnsafeBufferPointer(rebasing: bytes[..<middle]))
      guard left != noToken else { continue }
      let right = table.find(UnsafeBufferPointer(rebasing: bytes[middle...]))
      guard right != noToken else { continue }
      try append(left: left, right: right, result: token)
    }
  }

  func makeTable() throws(TokenizerError) -> MergeTable { try MergeTable(slots, results: results) }
}

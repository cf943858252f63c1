/// The tokens of a vocabulary as they are read, in order of id.
struct TokenList {
  private var bytes: [UInt8] = []
  private var starts: [UInt32] = [0]
  /// The tokens that text may become.
  private(set) var ordinaryTokens: [UInt32] = []
  private var specialTokens: [(text: String, id: TokenID)] = []

  var count: Int { starts.count - 1 }

  mutating func reserve(bytes byteCount: Int, tokens tokenCount: Int) {
    bytes.reserveCapacity(byteCount)
    starts.reserveCapacity(tokenCount + 1)
    ordinaryTokens.reserveCapacity(tokenCount)
  }

  /// Adds the next token, which text may become.
  mutating func append(_ token: UnsafeBufferPointer<UInt8>) throws(TokenizerError) {
    guard !token.isEmpty else { throw .emptyToken(count) }
    ordinaryTokens.append(UInt32(truncatingIfNeeded: count))
    try appendOther(token)
  }

  /// Adds the next token, which no text becomes, and which may be empty.
  mutating func appendOther(_ token: UnsafeBufferPointer<UInt8>) throws(TokenizerError) {
    try checkLimit(count)
    guard let end = UInt32(exactly: bytes.count + token.count) else { throw .vocabularyTooLarge }
    bytes.append(contentsOf: token)
    starts.append(end)
  }

  /// Adds empty tokens for the ids that are missing before `id`.
  mutating func fill(before id: TokenID) throws(TokenizerError) {
    try checkLimit(id)
    while count < id { try appendOther(UnsafeBufferPointer(start: nil, count: 0)) }
  }

  private func checkLimit(_ id: TokenID) throws(TokenizerError) {
    guard id < MergeTable.tokenLimit else {
      throw .tokenIDTooLarge(id, limit: MergeTable.tokenLimit - 1)
    }
  }

  /// Adds the next token, a special one.
  mutating func appendSpecial(_ text: String) throws(TokenizerError) {
    guard !text.isEmpty else { throw .emptyToken(count) }
    specialTokens.append((text, count))
    try Array(text.utf8).withUnsafeBufferPointer { (bytes) throws(TokenizerError) in try appendOther(bytes) }
  }

  /// The table of these tokens, and the token of every single byte.
  func makeTable() throws(TokenizerError) -> (table: TokenTable, byteTokens: Table<UInt32>) {
    let tokens = TokenBytes(bytes: Table(bytes, padding: 0), starts: Table(starts, padding: 0))
    let table = TokenTable(tokens: tokens)
    for id in ordinaryTokens {
      let other = try table.insert(id)
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
  ///
  /// - Throws: `TokenizerError.crowdedVocabulary`.
  func makePieceTable(
    of table: TokenTable, merges: MergeTable, byteTokens: Table<UInt32>
  ) throws(TokenizerError) -> TokenTable {
    let merger = BytePairMerger(merges, byteTokens: byteTokens)
    var merged: [TokenID] = []
    let pieces = ordinaryTokens.filter { token in
      merged.removeAll(keepingCapacity: true)
      merger.encode(table.tokens[Int(token)], into: &merged)
      return merged == [TokenID(token)]
    }
    if pieces.count == ordinaryTokens.count { return table }
    let pieceTable = TokenTable(tokens: table.tokens)
    for token in pieces { _ = try pieceTable.insert(token) }
    return pieceTable
  }

  func makeSpecialTokens() -> SpecialTokens { SpecialTokens(specialTokens) }
}

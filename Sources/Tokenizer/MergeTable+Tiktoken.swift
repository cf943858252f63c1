extension MergeTable {
  /// The merges of a vocabulary that lists none: any two tokens merge whose bytes together are a token, and
  /// the token's id is the rank.
  ///
  /// A token has many splits into two tokens, but text becomes it by one of them alone. Whatever stands
  /// around its bytes, they merge as they would by themselves, or else some of them merge with what stands
  /// beside them and never become the token. So the one split to keep is found by merging the token's own
  /// bytes with the merges of shorter tokens, until two tokens are left. Where more are left, no text
  /// becomes the token by merging.
  ///
  /// - Parameter ids: the tokens that text may become.
  /// - Throws: `TokenizerError.crowdedVocabulary`.
  static func ofSplits(
    of ids: [UInt32], tokens: TokenBytes, byteTokens: Table<UInt32>
  ) throws(TokenizerError) -> MergeTable {
    let table = MergeTable(mergeCount: ids.count, results: nil, tokens: tokens)
    let merger = BytePairMerger(table, byteTokens: byteTokens)
    var idsByLength: [[UInt32]] = []
    for id in ids {
      let length = tokens[Int(id)].count
      while idsByLength.count <= length { idsByLength.append([]) }
      idsByLength[length].append(id)
    }
    var parts: [TokenID] = []
    for id in idsByLength.dropFirst(2).joined() {
      parts.removeAll(keepingCapacity: true)
      merger.encode(tokens[Int(id)], into: &parts)
      if parts.count == 2 { _ = try table.insert(UInt32(parts[0]), UInt32(parts[1]), rank: Int(id)) }
    }
    return table
  }
}

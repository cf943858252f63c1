/// The merges of a vocabulary in order of rank.
///
/// A list trained by counting has one merge a token, and a merge's rank is its place in the list. A list
/// derived from a .tiktoken file has every split of a token, one after the other, and there the tokens'
/// order decides, then the place in the text. Both are one rule here: consecutive merges that make the
/// same token share a rank.
struct MergeList {
  private struct Merge: Equatable {
    var left: UInt32
    var right: UInt32
  }

  private var merges: [Merge] = []
  /// The token that a rank makes.
  private var results: [UInt32] = []
  /// Where the merges of a rank start.
  private var starts: [Int] = []

  /// The token that the last merge makes, or `noToken`.
  var lastResult: UInt32 { results.last ?? noToken }

  /// Whether some token has several merges, as in a list derived from a .tiktoken file.
  var hasSeveralMergesForAToken: Bool { merges.count > results.count }

  /// Adds a merge of the next rank, or of the last one if it makes the same token.
  mutating func append(left: UInt32, right: UInt32, result: UInt32) throws(TokenizerError) {
    let merge = Merge(left: left, right: right)
    if results.last != result {
      guard results.count < MergeTable.rankLimit else { throw .vocabularyTooLarge }
      results.append(result)
      starts.append(merges.count)
    } else if let start = starts.last, merges[start...].contains(merge) {
      throw .duplicateMerge(index: merges.count)
    }
    merges.append(merge)
  }

  /// The table of these merges, or of those that are ever used.
  func makeTable(tokens: TokenBytes, byteTokens: Table<UInt32>) throws(TokenizerError) -> MergeTable {
    func range(_ rank: Int) -> Range<Int> {
      starts[rank]..<(rank + 1 < starts.count ? starts[rank + 1] : merges.count)
    }
    let table = MergeTable(mergeCount: merges.count, results: results, tokens: tokens)
    for rank in results.indices {
      for index in range(rank) {
        let merge = merges[index]
        guard table.insert(merge.left, merge.right, rank: rank, result: results[rank]) else {
          throw .duplicateMerge(index: index)
        }
      }
    }
    return table
  }
}

/// The merges of a vocabulary in order of rank.
///
/// A list trained by counting has one merge per token, and a merge's rank is its place in the list. A list
/// derived from a .tiktoken file has every split of a token, one after the other, and there the tokens'
/// order decides, then the place in the text. Both are one rule here: consecutive merges that make the
/// same token share a rank.
struct MergeList {
  private struct Merge {
    var left: UInt32
    var right: UInt32
    var rank: UInt32
  }

  private var merges: [Merge] = []
  /// The token that a rank makes.
  private var results: [UInt32] = []

  /// The token that the last merge makes, or `noToken`.
  var lastResult: UInt32 { results.last ?? noToken }

  /// Whether some token has several merges, as in a list derived from a .tiktoken file.
  var hasSeveralMergesForAToken: Bool { merges.count > results.count }

  /// Adds a merge of the next rank, or of the last one if it makes the same token.
  mutating func append(left: UInt32, right: UInt32, result: UInt32) throws(TokenizerError) {
    if lastResult != result {
      guard results.count < MergeTable.rankLimit else { throw .vocabularyTooLarge }
      results.append(result)
    }
    merges.append(Merge(left: left, right: right, rank: UInt32(results.count - 1)))
  }

  /// The table of these merges.
  ///
  /// - Throws: `TokenizerError.duplicateMerge`, `TokenizerError.crowdedVocabulary`.
  func makeTable(tokens: TokenBytes) throws(TokenizerError) -> MergeTable {
    // Tokens that stand in the order of their ranks are ranks themselves.
    let isInOrder = zip(results, results.dropFirst()).allSatisfy { $0 < $1 }
    let table = MergeTable(mergeCount: merges.count, results: isInOrder ? nil : results, tokens: tokens)
    for (index, merge) in merges.enumerated() {
      let rank = Int(isInOrder ? results[Int(merge.rank)] : merge.rank)
      guard try table.insert(merge.left, merge.right, rank: rank) else { throw .duplicateMerge(index: index) }
    }
    return table
  }
}

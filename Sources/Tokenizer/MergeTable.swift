/// Which neighboring tokens may become one, and in what order: a hash table from pairs to ranks.
///
///     bit  63         62      44 43      24 23        0
///          ┌──────────┬─────────┬──────────┬──────────┐
///     slot │ overflow │ left id │ right id │ rank + 1 │
///          └──────────┴─────────┴──────────┴──────────┘
///
/// A slot without a rank is free. Two slots make a bucket, and both are compared without a branch: whether
/// two tokens merge is a toss of a coin, which no processor predicts. The overflow bit of a bucket's first
/// slot says that more pairs belong there than it holds, and that a later bucket has the others.
struct MergeTable: Sendable {
  static let tokenLimit = 1 << 19
  static let rankLimit = 1 << 24 - 2
  /// How many slots behind its own a pair may stand. In the table of o200k_base none is further off than 20.
  static let probeLimit = 256
  /// The rank of tokens that do not merge, greater than all others.
  static let noRank = UInt32.max

  private static let overflow: UInt64 = 1 << 63
  private static let rankMask: UInt64 = 1 << 24 - 1

  private let tokens: TokenBytes
  private let slots: Table<UInt64>
  /// Two bits for each pair in the table, in one word: small enough to stay near the processor, it answers
  /// most questions for pairs that do not merge, which are half of all.
  private let filter: Table<UInt64>
  /// `[256, 256]`: the rank of the merge of two single bytes, with which every piece begins.
  private let byteRanks: Table<UInt32>
  /// The token that a rank makes; `nil` where the rank is the token's id.
  private let results: Table<UInt32>?

  /// A table without merges.
  ///
  /// - Parameters:
  ///   - mergeCount: how many merges will be inserted at most.
  ///   - results: the token that each rank makes; `nil` where the rank is the token's id.
  ///   - tokens: what the ids stand for.
  init(mergeCount: Int, results: [UInt32]?, tokens: TokenBytes) {
    var slotCount = 16
    while slotCount < 2 * mergeCount { slotCount *= 2 }
    slots = Table(repeating: 0, count: slotCount)
    filter = Table(repeating: 0, count: slotCount / 16)
    byteRanks = Table(repeating: Self.noRank, count: 1 << 16)
    self.results = results.map { Table($0, padding: 0) }
    self.tokens = tokens
  }

  /// Adds a merge.
  ///
  /// - Returns: whether it is new.
  /// - Throws: `TokenizerError.crowdedVocabulary`.
  func insert(_ left: UInt32, _ right: UInt32, rank: Int) throws(TokenizerError) -> Bool {
    guard Pointers(self).rank(left, right) == Self.noRank else { return false }
    let leftBytes = tokens[Int(left)]
    let rightBytes = tokens[Int(right)]
    if leftBytes.count == 1, rightBytes.count == 1 {
      byteRanks[Int(leftBytes[0]) << 8 | Int(rightBytes[0])] = UInt32(rank)
    }
    let pair = Pair(left, right)
    filter[pair.filterWord & (filter.count - 1)] |= pair.filterBits
    let mask = slots.count - 2
    let own = pair.slot & mask
    var bucket = own
    while slots[bucket] & Self.rankMask != 0, slots[bucket + 1] != 0 {
      slots[bucket] |= Self.overflow
      bucket = (bucket + 2) & mask
    }
    guard (bucket - own) & mask <= Self.probeLimit else { throw .crowdedVocabulary }
    let free = slots[bucket] & Self.rankMask == 0 ? bucket : bucket + 1
    slots[free] |= pair.ids << 24 | UInt64(rank + 1)
    return true
  }

  /// Two neighbors and where the tables have them.
  private struct Pair {
    let ids: UInt64
    let hash: UInt64

    @inline(__always)
    init(_ left: UInt32, _ right: UInt32) {
      ids = UInt64(left) << 20 | UInt64(right)
      hash = ids &* 0x9E37_79B9_7F4A_7C15  // 2^64 divided by the golden ratio
    }

    @inline(__always) var slot: Int { Int(truncatingIfNeeded: hash >> 32) }
    @inline(__always) var filterWord: Int { Int(truncatingIfNeeded: hash >> 40) }
    @inline(__always) var filterBits: UInt64 { 1 << (hash >> 20 & 63) | 1 << (hash >> 26 & 63) }
  }

  /// The table as the inner loops read it, while somebody keeps the table alive.
  struct Pointers {
    private let slots: UnsafePointer<UInt64>
    private let mask: Int
    private let filter: UnsafePointer<UInt64>
    private let filterMask: Int
    private let results: UnsafePointer<UInt32>?
    let byteRanks: UnsafePointer<UInt32>

    init(_ table: MergeTable) {
      slots = UnsafePointer(table.slots.base)
      mask = table.slots.count - 2
      filter = UnsafePointer(table.filter.base)
      filterMask = table.filter.count - 1
      results = table.results.map { UnsafePointer($0.base) }
      byteRanks = UnsafePointer(table.byteRanks.base)
    }

    /// The token that a rank makes.
    @inline(__always)
    func result(of rank: Int) -> UInt32 {
      guard let results else { return UInt32(truncatingIfNeeded: rank) }
      return results[rank]
    }

    /// The rank of the merge of two tokens, or `noRank`.
    @inline(__always)
    func rank(_ left: UInt32, _ right: UInt32) -> UInt32 {
      let pair = Pair(left, right)
      let bits = pair.filterBits
      if filter[pair.filterWord & filterMask] & bits != bits { return noRank }
      var bucket = pair.slot & mask
      while true {
        let first = slots[bucket]
        let second = slots[bucket &+ 1]
        let firstRank = (first & ~overflow) >> 24 == pair.ids ? first & rankMask : 0
        let secondRank = second >> 24 == pair.ids ? second & rankMask : 0
        // Without a rank both are zero, and one less is `noRank`.
        if first & overflow == 0 || firstRank | secondRank != 0 {
          return UInt32(truncatingIfNeeded: firstRank | secondRank) &- 1
        }
        bucket = (bucket &+ 2) & mask
      }
    }
  }
}

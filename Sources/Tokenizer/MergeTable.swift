/// Which neighbouring tokens may become one, and in what order: a hash table from pairs to ranks.
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

  private static let overflow: UInt64 = 1 << 63
  private static let rankMask: UInt64 = 1 << 24 - 1

  private let tokens: TokenBytes
  private let slots: Table<UInt64>
  /// The token that a rank makes; `nil` where a rank is the token itself, as in a vocabulary whose tokens
  /// stand in the order of their merges.
  private let results: Table<UInt32>?
  /// `[256, 256]`: the rank of the merge of two single bytes, with which every piece begins.
  private let byteRanks: Table<UInt32>
  /// Two bits for each pair in the table, in one word of 64: small enough to stay near the processor, it
  /// answers most of the questions for pairs that do not merge, which are half of all.
  private let filter: Table<UInt64>

  /// A table without merges.
  ///
  /// - Parameters:
  ///   - mergeCount: how many merges will be inserted at most.
  ///   - results: the token that each rank makes.
  ///   - tokens: what the ids stand for.
  init(mergeCount: Int, results: [UInt32], tokens: TokenBytes) {
    var slotCount = 16
    while slotCount < 2 * mergeCount { slotCount *= 2 }
    slots = Table(repeating: 0, count: slotCount)
    let isInOrder = zip(results, results.dropFirst()).allSatisfy { $0 < $1 }
    self.results = isInOrder ? nil : Table(results, padding: 0)
    byteRanks = Table(repeating: Pointers.noRank, count: 1 << 16)
    filter = Table(repeating: 0, count: slotCount >> 4)
    self.tokens = tokens
  }

  /// Adds a merge, the one of index `rank` in the results being `result`.
  ///
  /// - Returns: whether it is new.
  func insert(_ left: UInt32, _ right: UInt32, rank: Int, result: UInt32) -> Bool {
    guard Pointers(self).rank(left, right) == Pointers.noRank else { return false }
    let rank = results == nil ? Int(result) : rank
    let leftBytes = tokens[Int(left)]
    let rightBytes = tokens[Int(right)]
    if leftBytes.count == 1, rightBytes.count == 1 {
      byteRanks[Int(leftBytes[0]) << 8 | Int(rightBytes[0])] = UInt32(rank)
    }
    let pair = Pointers.pair(left, right)
    let mask = slots.count - 2
    let hash = Pointers.hash(pair)
    var bucket = Int(truncatingIfNeeded: hash >> 32) & mask
    filter[Int(truncatingIfNeeded: hash >> 40) & (filter.count - 1)] |= Pointers.filterBits(hash)
    while slots[bucket] & Self.rankMask != 0, slots[bucket + 1] != 0 {
      slots[bucket] |= Self.overflow
      bucket = (bucket + 2) & mask
    }
    let free = slots[bucket] & Self.rankMask == 0 ? bucket : bucket + 1
    slots[free] |= pair << 24 | UInt64(rank + 1)
    return true
  }

  /// The table as the inner loops read it, while somebody keeps the table alive.
  struct Pointers {
    /// The rank of tokens that do not merge, greater than all others.
    static let noRank = UInt32.max

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
    func result(of rank: Int) -> UInt32 { results.map { $0[rank] } ?? UInt32(truncatingIfNeeded: rank) }

    @inline(__always)
    static func pair(_ left: UInt32, _ right: UInt32) -> UInt64 { UInt64(left) << 20 | UInt64(right) }

    @inline(__always)
    static func hash(_ pair: UInt64) -> UInt64 { pair &* 0x9E37_79B9_7F4A_7C15 }

    @inline(__always)
    static func filterBits(_ hash: UInt64) -> UInt64 {
      1 << (hash >> 20 & 63) | 1 << (hash >> 26 & 63)
    }

    /// The rank of the merge of two tokens, or `noRank`.
    @inline(__always)
    func rank(_ left: UInt32, _ right: UInt32) -> UInt32 {
      let pair = Self.pair(left, right)
      let hash = Self.hash(pair)
      let bits = Self.filterBits(hash)
      if filter[Int(truncatingIfNeeded: hash >> 40) & filterMask] & bits != bits { return Self.noRank }
      var bucket = Int(truncatingIfNeeded: hash >> 32) & mask
      while true {
        let first = slots[bucket]
        let second = slots[bucket &+ 1]
        let firstRank = (first & ~overflow) >> 24 == pair ? first & rankMask : 0
        let secondRank = second >> 24 == pair ? second & rankMask : 0
        if first & overflow == 0 || firstRank | secondRank != 0 {
          return UInt32(truncatingIfNeeded: firstRank | secondRank) &- 1
        }
        bucket = (bucket &+ 2) & mask
      }
    }
  }
}

extension MergeTable {
  /// The one merge of each token by which text can become it.
  ///
  /// Whatever stands around a token's bytes, they merge as they would alone, or else some of them merge with
  /// what stands beside them and never become the token. So of all its splits only one is ever used: the
  /// two tokens at which its own bytes, merged by the merges of shorter tokens, come to an end. A token
  /// whose bytes end as more than two is made by no text.
  ///
  /// - Parameters:
  ///   - results: tokens, each at the index of its rank. Those of a single byte are passed over.
  ///   - isMerge: whether the token of a rank may be made of these two.
  static func ofUsedMerges(
    making results: [UInt32], tokens: TokenBytes, byteTokens: Table<UInt32>,
    where isMerge: (_ rank: Int, _ left: UInt32, _ right: UInt32) -> Bool
  ) -> MergeTable {
    let table = MergeTable(mergeCount: results.count, results: results, tokens: tokens)
    let merger = BytePairMerger(table, byteTokens: byteTokens)
    var ranksByLength: [[Int32]] = []
    for (rank, token) in results.enumerated() {
      let length = tokens[Int(token)].count
      while ranksByLength.count <= length { ranksByLength.append([]) }
      ranksByLength[length].append(Int32(rank))
    }
    var parts: [TokenID] = []
    for ranks in ranksByLength.dropFirst(2) {
      for rank in ranks {
        let rank = Int(rank)
        let token = results[rank]
        parts.removeAll(keepingCapacity: true)
        merger.encode(tokens[Int(token)], into: &parts)
        guard parts.count == 2, case let (left, right) = (UInt32(parts[0]), UInt32(parts[1])),
          isMerge(rank, left, right)
        else { continue }
        _ = table.insert(left, right, rank: rank, result: token)
      }
    }
    return table
  }
}

/// Which neighbouring tokens may become one, and in what order: a hash table from pairs to ranks.
///
/// A slot is 8 bytes: the left token in 20 bits, the right one in 20, and the rank plus one in 24.
/// Zero marks a free slot.
///
/// *Ranks.* A list of merges trained by counting has one merge a token, and a merge's rank is its place
/// in the list. A list derived from a .tiktoken file has every split of a token, one after the other, and
/// there the token's id decides, then the place in the text. Both are the same rule here: consecutive
/// merges that make the same token share a rank.
struct MergeTable: Sendable {
  static let tokenLimit = 1 << 20
  static let rankLimit = 1 << 24 - 2
  static let rankMask: UInt64 = 1 << 24 - 1

  let slots: Table<UInt64>
  /// The token that a rank makes.
  let results: Table<UInt32>

  static func slot(left: UInt32, right: UInt32, rank: Int) -> UInt64 {
    UInt64(left) << 44 | UInt64(right) << 24 | UInt64(rank + 1)
  }

  /// A table of slots made by `slot(left:right:rank:)`.
  ///
  /// - Throws: `TokenizerError.duplicateMerge` with the index of a pair that came before.
  init(_ merges: [UInt64], results: [UInt32]) throws(TokenizerError) {
    var capacity = 16
    while capacity < 2 * merges.count { capacity *= 2 }
    slots = Table(repeating: 0, count: capacity)
    self.results = Table(results, padding: 0)
    let mask = capacity - 1
    for index in merges.indices {
      var slot = Pointers.hash(merges[index] >> 24) & mask
      while slots.base[slot] != 0 {
        if slots.base[slot] >> 24 == merges[index] >> 24 { throw .duplicateMerge(index: index) }
        slot = (slot + 1) & mask
      }
      slots.base[slot] = merges[index]
    }
  }

  /// The table as the inner loops read it, while somebody keeps the table alive.
  struct Pointers {
    /// The rank of tokens that do not merge, greater than all others.
    static let noRank = UInt32.max

    let slots: UnsafePointer<UInt64>
    let mask: Int
    let results: UnsafePointer<UInt32>

    init(_ table: MergeTable) {
      slots = UnsafePointer(table.slots.base)
      mask = table.slots.count - 1
      results = UnsafePointer(table.results.base)
    }

    @inline(__always)
    static func hash(_ pair: UInt64) -> Int {
      Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }

    /// The rank of the merge of two tokens, or `noRank`.
    @inline(__always)
    func rank(_ left: UInt32, _ right: UInt32) -> UInt32 {
      let pair = UInt64(left) << 20 | UInt64(right)
      var index = Self.hash(pair) & mask
      while true {
        let slot = slots[index]
        if slot >> 24 == pair, slot != 0 { return UInt32(truncatingIfNeeded: slot & rankMask) &- 1 }
        if slot == 0 { return Self.noRank }
        index = (index + 1) & mask
      }
    }
  }
}

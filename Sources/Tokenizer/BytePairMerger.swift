/// Byte-pair encoding of a piece.
///
/// Its bytes become tokens, and of all neighbors that may merge, those of lowest rank do, the leftmost
/// first, until none may.
///
/// - SeeAlso: Sennrich, Haddow, Birch: Neural Machine Translation of Rare Words with Subword Units, 2016.
struct BytePairMerger {
  /// Up to this many bytes a piece's places fit the bits of a word.
  static let shortPiece = 64

  let merges: MergeTable.Pointers
  /// `[256]`: the token of every single byte.
  let byteTokens: UnsafePointer<UInt32>
  private let tokens = Table<UInt32>(repeating: 0, count: shortPiece)
  private let keys = Table<Int32>(repeating: 0, count: shortPiece)

  /// Behind every key there can be; see `encodeShort`.
  private static let noKey = Int32.max

  /// A merger that reads the tables, which outlive it.
  init(_ merges: MergeTable, byteTokens: Table<UInt32>) {
    self.merges = MergeTable.Pointers(merges)
    self.byteTokens = UnsafePointer(byteTokens.base)
  }

  /// Appends the tokens of a piece of any length.
  func encode(_ piece: UnsafeBufferPointer<UInt8>, into output: inout [TokenID]) {
    guard let base = piece.baseAddress, !piece.isEmpty else { return }
    guard piece.count <= Self.shortPiece else { return encodeLong(base, piece.count, into: &output) }
    withUnsafeTemporaryAllocation(of: TokenID.self, capacity: Self.shortPiece) { buffer in
      guard let buffer = buffer.baseAddress else { return }
      let count = encodeShort(base, piece.count, buffer)
      output.append(contentsOf: UnsafeBufferPointer(start: buffer, count: count))
    }
  }

  /// Encodes a piece of up to `shortPiece` bytes.
  ///
  /// Each byte has a place. `starts` has a bit for each place at which a token starts, and there `tokens`
  /// has the token and `keys` the rank of its merge with the next one, shifted left by 6 bits and or-ed
  /// with the place: the least key is the merge to make.
  ///
  /// - Parameters:
  ///   - piece: `[length]` bytes.
  ///   - length: from 1 to `shortPiece`.
  ///   - output: room for `length` tokens.
  /// - Returns: how many tokens were written.
  func encodeShort(
    _ piece: UnsafePointer<UInt8>, _ length: Int, _ output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    let tokens = tokens.base
    let keys = keys.base
    let vectorCount = (length &+ 15) >> 4
    for place in (length &- 1)..<(vectorCount << 4) { keys[place] = Self.noKey }
    var byte = Int(piece[0])
    tokens[0] = byteTokens[byte]
    for place in 1..<max(length, 1) {
      let next = Int(piece[place])
      tokens[place] = byteTokens[next]
      keys[place &- 1] = Self.key(merges.byteRanks[byte << 8 | next], place &- 1)
      byte = next
    }
    var starts = UInt64.max >> UInt64(Self.shortPiece &- length)
    while case let key = Self.least(keys, vectorCount), key != Self.noKey {
      let place = Int(key & 63)
      let merged = merges.result(of: Int(key >> 6))
      tokens[place] = merged
      // The next token ends; the one after it is the neighbor now.
      var behind = starts & (~1 << UInt64(place))
      keys[behind.trailingZeroBitCount] = Self.noKey
      starts ^= behind & (0 &- behind)
      behind &= behind &- 1
      keys[place] = Self.noKey
      if behind != 0 {
        keys[place] = Self.key(merges.rank(merged, tokens[behind.trailingZeroBitCount]), place)
      }
      let before = starts & (1 << UInt64(place) &- 1)
      if before != 0 {
        let left = 63 &- before.leadingZeroBitCount
        keys[left] = Self.key(merges.rank(tokens[left], merged), left)
      }
    }
    var count = 0
    while starts != 0 {
      output[count] = TokenID(tokens[starts.trailingZeroBitCount])
      count &+= 1
      starts &= starts &- 1
    }
    return count
  }

  @inline(__always)
  private static func key(_ rank: UInt32, _ place: Int) -> Int32 {
    guard rank != MergeTable.noRank else { return noKey }
    return Int32(bitPattern: rank << 6 | UInt32(truncatingIfNeeded: place))
  }

  /// The least of `vectorCount · 16` keys.
  @inline(__always)
  private static func least(_ keys: UnsafeMutablePointer<Int32>, _ vectorCount: Int) -> Int32 {
    // The lesser of two numbers that are not negative, by their difference: four instructions in any
    // instruction set, where comparing and choosing lanes becomes a loop in some.
    func lesser(_ a: SIMD8<Int32>, _ b: SIMD8<Int32>) -> SIMD8<Int32> {
      let difference = b &- a
      return a &+ (difference & (difference &>> 31))
    }
    func vector(_ index: Int) -> SIMD8<Int32> {
      UnsafeRawPointer(keys + index << 3).loadUnaligned(as: SIMD8<Int32>.self)
    }
    var least = lesser(vector(0), vector(1))
    for index in 1..<max(vectorCount, 1) {
      least = lesser(least, lesser(vector(2 &* index), vector(2 &* index &+ 1)))
    }
    let low = least.lowHalf
    let difference = least.highHalf &- low
    let least4 = low &+ (difference & (difference &>> 31))
    return min(min(least4.x, least4.y), min(least4.z, least4.w))
  }
}

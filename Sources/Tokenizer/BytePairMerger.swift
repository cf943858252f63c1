/// Byte-pair encoding of one piece: its bytes become tokens, and of all neighbours that may merge, those
/// of lowest rank do, the leftmost first, until none may.
struct BytePairMerger {
  /// Up to this many bytes the lowest rank is looked for among all pairs; beyond, a heap finds it.
  static let smallPiece = 96

  let merges: MergeTable.Pointers
  /// `[256]`: the token of every single byte.
  let byteTokens: UnsafePointer<UInt32>

  /// Appends the tokens of a piece of `length` bytes.
  func encode(_ piece: UnsafePointer<UInt8>, _ length: Int, into output: inout [UInt32]) {
    if length <= Self.smallPiece {
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Self.smallPiece) { scratch in
        guard let tokens = scratch.baseAddress else { return }
        let count = encodeSmall(piece, length, tokens, tokens + Self.smallPiece)
        output.append(contentsOf: UnsafeBufferPointer(start: tokens, count: count))
      }
    } else {
      encodeLong(piece, length, into: &output)
    }
  }

  /// Fills `tokens` and returns how many they are. Quadratic in `length`.
  @inline(__always)
  private func encodeSmall(
    _ piece: UnsafePointer<UInt8>, _ length: Int, _ tokens: UnsafeMutablePointer<UInt32>,
    _ ranks: UnsafeMutablePointer<UInt32>
  ) -> Int {
    let noRank = MergeTable.Pointers.noRank
    var count = length
    for index in 0..<length { tokens[index] = byteTokens[Int(piece[index])] }
    for index in 0..<(length - 1) { ranks[index] = merges.rank(tokens[index], tokens[index + 1]) }
    ranks[length - 1] = noRank
    while true {
      var lowest = noRank
      var at = 0
      for index in 0..<(count - 1) where ranks[index] < lowest {
        lowest = ranks[index]
        at = index
      }
      if lowest == noRank { return count }
      tokens[at] = merges.results[Int(lowest)]
      count -= 1
      for index in (at + 1)..<max(count, at + 1) {
        tokens[index] = tokens[index + 1]
        ranks[index] = ranks[index + 1]
      }
      ranks[at] = at + 1 < count ? merges.rank(tokens[at], tokens[at + 1]) : noRank
      if at > 0 { ranks[at - 1] = merges.rank(tokens[at - 1], tokens[at]) }
    }
  }

  /// The same in O(n log n): a linked list of tokens, and a heap of the pairs that may merge.
  private func encodeLong(_ piece: UnsafePointer<UInt8>, _ length: Int, into output: inout [UInt32]) {
    let noRank = MergeTable.Pointers.noRank
    let tokens = Table<UInt32>(repeating: 0, count: length)
    let ranks = Table<UInt32>(repeating: noRank, count: length)
    let next = Table<Int32>(repeating: -1, count: length)
    let previous = Table<Int32>(repeating: -1, count: length)
    var heap = MergeHeap()
    for index in 0..<length {
      tokens.base[index] = byteTokens[Int(piece[index])]
      previous.base[index] = Int32(index) - 1
      next.base[index] = index + 1 < length ? Int32(index) + 1 : -1
    }
    for index in 0..<(length - 1) {
      let rank = merges.rank(tokens.base[index], tokens.base[index + 1])
      ranks.base[index] = rank
      if rank != noRank { heap.append(rank: rank, position: index) }
    }
    heap.order()

    func update(_ left: Int, _ right: Int) {
      let rank = merges.rank(tokens.base[left], tokens.base[right])
      ranks.base[left] = rank
      if rank != noRank { heap.push(rank: rank, position: left) }
    }
    while let (rank, at) = heap.pop() {
      // A pair that changed since it was pushed has another rank now; a token merged away has none.
      guard ranks.base[at] == rank else { continue }
      let merged = Int(next.base[at])
      let after = Int(next.base[merged])
      tokens.base[at] = merges.results[Int(rank)]
      ranks.base[at] = noRank
      ranks.base[merged] = noRank
      next.base[at] = Int32(after)
      if after >= 0 {
        previous.base[after] = Int32(at)
        update(at, after)
      }
      let before = Int(previous.base[at])
      if before >= 0 { update(before, at) }
    }
    var at = 0
    while at >= 0 {
      output.append(tokens.base[at])
      at = Int(next.base[at])
    }
  }
}

/// A binary heap of pairs, lowest rank first, then leftmost.
struct MergeHeap {
  private var entries: [UInt64] = []

  private static func entry(_ rank: UInt32, _ position: Int) -> UInt64 {
    UInt64(rank) << 32 | UInt64(UInt32(position))
  }

  /// Adds an entry at the end: `order()` makes it a heap again.
  mutating func append(rank: UInt32, position: Int) {
    entries.append(Self.entry(rank, position))
  }

  mutating func order() {
    for index in stride(from: entries.count / 2 - 1, through: 0, by: -1) { sink(from: index) }
  }

  mutating func push(rank: UInt32, position: Int) {
    let entry = Self.entry(rank, position)
    entries.append(entry)
    entries.withUnsafeMutableBufferPointer { entries in
      var index = entries.count - 1
      while index > 0 {
        let parent = (index - 1) / 2
        if entries[parent] <= entry { break }
        entries[index] = entries[parent]
        index = parent
      }
      entries[index] = entry
    }
  }

  mutating func pop() -> (rank: UInt32, position: Int)? {
    guard let lowest = entries.first, let last = entries.popLast() else { return nil }
    if !entries.isEmpty {
      entries[0] = last
      sink(from: 0)
    }
    return (UInt32(lowest >> 32), Int(UInt32(truncatingIfNeeded: lowest)))
  }

  private mutating func sink(from start: Int) {
    entries.withUnsafeMutableBufferPointer { entries in
      let entry = entries[start]
      var index = start
      while true {
        var child = 2 * index + 1
        if child >= entries.count { break }
        if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
        if entry <= entries[child] { break }
        entries[index] = entries[child]
        index = child
      }
      entries[index] = entry
    }
  }
}

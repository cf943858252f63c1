extension BytePairMerger {
  /// Appends the tokens of a piece of any length, in O(n log n): a linked list of tokens, and a heap of
  /// the pairs that may merge.
  ///
  /// - Precondition: the piece has less than 4 GiB.
  func encodeLong(_ piece: UnsafePointer<UInt8>, _ length: Int, into output: inout [TokenID]) {
    let none = UInt32.max
    precondition(length < none, "a piece of 4 GiB")
    let noRank = MergeTable.noRank
    // `[length]` each, for the token that starts at a place, where one does: the token, the rank of its
    // merge with the next one, and the places of its neighbors.
    let tokens = Table<UInt32>(repeating: 0, count: length)
    let ranks = Table<UInt32>(repeating: noRank, count: length)
    let next = Table<UInt32>(repeating: none, count: length)
    let previous = Table<UInt32>(repeating: none, count: length)
    defer { withExtendedLifetime((tokens, ranks, next, previous)) {} }
    var heap = MergeHeap()
    for place in 0..<length { tokens.base[place] = byteTokens[Int(piece[place])] }
    for place in 1..<max(length, 1) {
      previous.base[place] = UInt32(place - 1)
      next.base[place - 1] = UInt32(place)
      let rank = merges.byteRanks[Int(piece[place - 1]) << 8 | Int(piece[place])]
      ranks.base[place - 1] = rank
      if rank != noRank { heap.append(rank: rank, place: place - 1) }
    }
    heap.order()

    func update(_ left: Int, _ right: Int) {
      let rank = merges.rank(tokens.base[left], tokens.base[right])
      ranks.base[left] = rank
      if rank != noRank { heap.push(rank: rank, place: left) }
    }
    while let (rank, place) = heap.pop() {
      // A pair that changed since it was pushed has another rank now; a token merged away has none.
      guard ranks.base[place] == rank else { continue }
      let merged = Int(next.base[place])
      let behind = next.base[merged]
      tokens.base[place] = merges.result(of: Int(rank))
      ranks.base[place] = noRank
      ranks.base[merged] = noRank
      next.base[place] = behind
      if behind != none {
        previous.base[Int(behind)] = UInt32(place)
        update(place, Int(behind))
      }
      let before = previous.base[place]
      if before != none { update(Int(before), place) }
    }
    var place: UInt32 = 0
    while place != none {
      output.append(TokenID(tokens.base[Int(place)]))
      place = next.base[Int(place)]
    }
  }
}

/// A binary heap of merges to make, the lowest rank first, then the leftmost.
struct MergeHeap {
  private var entries: [UInt64] = []

  private static func entry(_ rank: UInt32, _ place: Int) -> UInt64 {
    UInt64(rank) << 32 | UInt64(UInt32(place))
  }

  /// Adds an entry at the end: `order()` makes it a heap again.
  mutating func append(rank: UInt32, place: Int) {
    entries.append(Self.entry(rank, place))
  }

  mutating func order() {
    for index in stride(from: entries.count / 2 - 1, through: 0, by: -1) { sink(from: index) }
  }

  mutating func push(rank: UInt32, place: Int) {
    let entry = Self.entry(rank, place)
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

  mutating func pop() -> (rank: UInt32, place: Int)? {
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

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

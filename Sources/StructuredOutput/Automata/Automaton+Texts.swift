extension Automaton {
  /// What a state of a list of texts takes: its edge, its flags, and its place while it is made.
  private static let bytesPerState = 32

  /// The automaton of a list of texts: the tree of their beginnings.
  ///
  /// - Returns: `nil` if the budget is exhausted.
  /// - Precondition: there is at least one text.
  static func texts(_ texts: [String], _ budget: CompilationBudget) -> Automaton? {
    precondition(!texts.isEmpty)
    var bytes: [UInt8] = []
    var entries: [Entry] = []
    for text in texts {
      let start = bytes.count
      bytes += text.utf8
      entries.append(Entry(start, bytes))
      budget.spend(steps: 3 + (bytes.count - start) / 16, bytes: bytes.count - start + 24)
      guard !budget.isExhausted else { return nil }
    }
    entries.sort { Entry.precedes($0, $1, bytes) }
    var tree = TextTree()
    var last: ArraySlice<UInt8> = []
    for entry in entries {
      let text = bytes[entry.start..<entry.end]
      tree.append(text, sharing: zip(last, text).prefix { $0 == $1 }.count)
      last = text
    }
    budget.spend(steps: tree.parents.count / 4, bytes: tree.parents.count * bytesPerState)
    guard !budget.isExhausted else { return nil }
    return tree.automaton()
  }

  /// A text as a part of the bytes of all.
  private struct Entry {
    /// The first eight bytes, the first of them the most significant; zeros behind the end.
    var key: UInt64 = 0
    var start: Int
    var end: Int

    init(_ start: Int, _ bytes: [UInt8]) {
      self.start = start
      end = bytes.count
      for index in start..<start + 8 { key = key << 8 | (index < end ? UInt64(bytes[index]) : 0) }
    }

    static func precedes(_ left: Entry, _ right: Entry, _ bytes: [UInt8]) -> Bool {
      if left.key != right.key { return left.key < right.key }
      return bytes[left.start..<left.end].lexicographicallyPrecedes(bytes[right.start..<right.end])
    }
  }
}

/// A tree of texts that come in order. Every state but the first has one way to it.
private struct TextTree {
  /// `[states]`: the state before and the byte between; the first state's mean nothing.
  private(set) var parents: [Int32] = [0]
  private var bytes: [UInt8] = [0]
  private var accepting = [false]
  /// The states from the first to the end of the last text.
  private var path = [0]

  mutating func append(_ text: ArraySlice<UInt8>, sharing count: Int) {
    path.removeSubrange((count + 1)...)
    for byte in text.dropFirst(count) {
      parents.append(Int32(path[path.count - 1]))
      bytes.append(byte)
      accepting.append(false)
      path.append(parents.count - 1)
    }
    accepting[path[path.count - 1]] = true
  }

  func automaton() -> Automaton {
    let count = parents.count
    var firstEdges = [Int32](repeating: 0, count: count + 1)
    for state in 1..<max(count, 1) { firstEdges[Int(parents[state]) + 1] += 1 }
    for state in 0..<count { firstEdges[state + 1] += firstEdges[state] }
    var next = firstEdges
    var edgeBytes = [UInt8](repeating: 0, count: count - 1)
    var targets = [Int32](repeating: 0, count: count - 1)
    for state in 1..<max(count, 1) {
      let edge = Int(next[Int(parents[state])])
      edgeBytes[edge] = bytes[state]
      targets[edge] = Int32(state)
      next[Int(parents[state])] += 1
    }
    // A state comes after the one before it, so that going back meets the nearest ends first.
    var distances = accepting.map { $0 ? Int32(0) : Int32.max }
    for state in stride(from: count - 1, to: 0, by: -1) {
      let parent = Int(parents[state])
      distances[parent] = min(distances[parent], distances[state] + 1)
    }
    return Automaton(
      start: 0, table: .sparse(SparseTable(firstEdges: firstEdges, bytes: edgeBytes, targets: targets)),
      accepting: accepting, distances: distances)
  }
}

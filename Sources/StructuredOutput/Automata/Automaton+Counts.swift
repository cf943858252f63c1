extension Automaton {
  /// `[states]`: how many texts are accepted from each state, at most `Int32.max`.
  func textCounts() -> [Int32] {
    var counts = [Int32](repeating: .max, count: stateCount)
    var sources = [[Int32]](repeating: [], count: stateCount)
    var openEdges = [Int](repeating: 0, count: stateCount)
    for state in 0..<stateCount {
      forEachEdge(from: state) { _, next in
        sources[next].append(Int32(state))
        openEdges[state] += 1
      }
    }
    // From the states that nothing follows back. What is never reached leads to a cycle, and so to texts
    // without end.
    var pending = (0..<stateCount).filter { openEdges[$0] == 0 }
    while let state = pending.popLast() {
      var count = accepts(state) ? 1 : 0
      forEachEdge(from: state) { _, next in count = min(count + Int(counts[next]), Int(Int32.max)) }
      counts[state] = Int32(count)
      for source in sources[state] {
        openEdges[Int(source)] -= 1
        if openEdges[Int(source)] == 0 { pending.append(Int(source)) }
      }
    }
    return counts
  }

  /// The most bytes of texts that are counted by their number.
  private static let countedLengths = 1 << 16

  /// How many texts of each number of bytes or fewer are accepted, as far as there are less than `limit`.
  func countsByLength(upTo limit: Int) -> [Int] {
    guard start != Self.dead else { return [] }
    var counts: [Int] = []
    var total = 0
    // How many beginnings of the length lead to each state.
    var beginnings = [start: 1]
    while !beginnings.isEmpty, total < limit, counts.count < Self.countedLengths {
      var next: [Int: Int] = [:]
      for (state, count) in beginnings {
        if accepts(state) { total = min(total + count, limit) }
        forEachEdge(from: state) { _, target in next[target] = min(next[target, default: 0] + count, limit) }
      }
      counts.append(total)
      beginnings = next
    }
    return counts
  }

  /// The shortest texts that are accepted from a state, the shortest first.
  ///
  /// - Parameters:
  ///   - count: how many; fewer if there are no more.
  ///   - isWanted: says which count; all but a few should.
  func shortestTexts(from state: Int, count: Int, where isWanted: ([UInt8]) -> Bool = { _ in true })
    -> [[UInt8]]
  {
    var found: [[UInt8]] = []
    // Beginnings of texts by the length of the shortest text that each leads to.
    var beginnings: [Int: [(state: Int, text: [UInt8])]] = [distance(from: state): [(state, [])]]
    while found.count < count, let length = beginnings.keys.min() {
      guard let (state, text) = beginnings[length]?.popLast() else {
        beginnings[length] = nil
        continue
      }
      if accepts(state), text.count == length, isWanted(text) { found.append(text) }
      forEachEdge(from: state) { byte, next in
        beginnings[text.count + 1 + distance(from: next), default: []].append((next, text + [byte]))
      }
    }
    return found
  }
}

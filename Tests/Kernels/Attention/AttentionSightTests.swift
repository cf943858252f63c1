import GPTOSSKernels
import GPTOSSPlatform
import Testing

/// Where heads look, of every kernel set and cache, against the softmax written out in double precision. If
/// these fail, a trace shows other positions or shares than those that the pass computed with.
struct AttentionSightTests {
  @Test(arguments: AttentionTests.shapes, TestedKernels.here)
  func equalsTheSoftmaxWrittenOut(shape: AttentionShape, set: TestedKernels) {
    let data = AttentionData(shape, seed: 8)
    for element in CacheElement.allCases {
      for (sight, first) in data.look(set, element, chunk: 64) {
        let tokens = sight.sinkShares.count / shape.queryHeads
        // Every position of a long context would take long; the last token sees most.
        for token in [0, tokens - 1] {
          for head in [0, shape.queryHeads - 1] {
            let problem = difference(
              sight, row: token * shape.queryHeads + head, data.shares(ofToken: first + token, head: head))
            #expect(problem == nil, "\(element), token \(first + token), head \(head): \(problem ?? "")")
          }
        }
      }
    }
  }

  /// A run of tokens and single ones give the same.
  @Test(arguments: TestedKernels.here)
  func chunksGiveTheSameBits(set: TestedKernels) {
    let data = AttentionData(AttentionTests.shapes[3], seed: 9)
    let whole = data.look(set, .int16, chunk: 300).map(\.sight)
    let single = data.look(set, .int16, chunk: 1).map(\.sight)
    #expect(single.flatMap(\.sinkShares) == whole.flatMap(\.sinkShares))
    #expect(single.flatMap(\.positions) == whole.flatMap(\.positions))
    #expect(single.flatMap(\.shares) == whole.flatMap(\.shares))
  }

  /// A key that is no number makes no position of its own, and the others stay numbers in earlier tokens.
  @Test(arguments: TestedKernels.here)
  func whatIsNoNumberHasNoPlace(set: TestedKernels) {
    var data = AttentionData(AttentionTests.shapes[0], seed: 10)
    data.keys[0] = .nan
    let sight = data.look(set, .float32, chunk: 1)[0].sight
    #expect(sight.positions.allSatisfy { $0 == -1 })
    #expect(sight.sinkShares.allSatisfy { $0.isNaN })
  }

  private func difference(
    _ sight: AttentionSight, row: Int, _ expected: (sink: Double, positions: [Double])
  ) -> String? {
    let tolerance = 2e-3
    guard abs(Double(sight.sinkShares[row]) - expected.sink) < tolerance else {
      return "the sink has \(sight.sinkShares[row]), not \(expected.sink)"
    }
    let places = row * AttentionSight.positionCount..<(row + 1) * AttentionSight.positionCount
    let found = places.filter { sight.positions[$0] >= 0 }
    let best = expected.positions.filter { $0 > 0 }.sorted(by: >).prefix(AttentionSight.positionCount)
    guard found.count == best.count else { return "\(found.count) positions, not \(best.count)" }
    for (place, share) in zip(found, best) {
      guard abs(Double(sight.shares[place]) - share) < tolerance else {
        return "a share is \(sight.shares[place]), not \(share)"
      }
      guard abs(expected.positions[Int(sight.positions[place])] - share) < 2 * tolerance else {
        return "position \(sight.positions[place]) has not that share"
      }
    }
    return Set(found.map { sight.positions[$0] }).count == found.count ? nil : "a position twice"
  }
}

extension AttentionData {
  /// Stores keys chunk by chunk and looks at each chunk's attention.
  fileprivate func look(
    _ set: TestedKernels, _ element: CacheElement, chunk: Int
  ) -> [(sight: AttentionSight, first: Int)] {
    let launcher = Launcher(kernels: set.kernels, threadCount: 2)
    let pages = KeyValuePages(
      keyValueHeadCount: shape.keyValueHeads, headDimension: shape.headDimension, element: element,
      reach: shape.window.map { $0 + chunk - 1 })
    return stride(from: 0, to: shape.positions, by: chunk).map { first in
      let rows = first..<min(first + chunk, shape.positions)
      launcher.store(keys: slice(keys, rows).all, values: slice(values, rows).all, at: first, in: pages)
      let sight = launcher.lookAtAttention(
        queries: slice(queries, rows).all, at: first, window: shape.window, sinks: FloatVector(sinks),
        cache: pages)
      return (sight, first)
    }
  }

  /// The shares of a head: the sink's, and those of positions `0...token`.
  fileprivate func shares(ofToken token: Int, head: Int) -> (sink: Double, positions: [Double]) {
    let size = shape.headDimension
    let keyHead = head / (shape.queryHeads / shape.keyValueHeads)
    let first = max(0, token + 1 - (shape.window ?? token + 1))
    let scores = (0...token).map { position -> Double in
      guard position >= first else { return -.infinity }
      let query = token * shape.width + head * size
      let key = (position * shape.keyValueHeads + keyHead) * size
      return (0..<size).reduce(0) { $0 + Double(queries[query + $1]) * Double(keys[key + $1]) }
        / Double(size).squareRoot()
    }
    let largest = max(scores.max() ?? 0, Double(sinks[head]))
    let weights = scores.map { exp($0 - largest) }
    let sink = exp(Double(sinks[head]) - largest)
    let sum = weights.reduce(sink, +)
    return (sink / sum, weights.map { $0 / sum })
  }
}

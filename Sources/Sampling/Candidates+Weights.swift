extension Candidates {
  /// The number of weights that are added in single precision before their sum goes on in double.
  private static var blockLength: Int { 256 }

  /// Fills `weights` with e^((logit − best) / temperature), and `blockSums` with the sum of every block.
  ///
  /// The best candidate weighs exactly 1. The order of the additions is fixed, so the same logits give the
  /// same bits everywhere.
  ///
  /// - Parameters:
  ///   - best: the largest logit, finite.
  ///   - temperature: above 0, finite.
  /// - Returns: the sum of all weights, at least 1; its relative error is below 1e-6.
  mutating func weigh(best: Float, temperature: Float = 1) -> Double {
    // A temperature below 2^-128 has no finite reciprocal. The largest number in its place also leaves only
    // ties with the best.
    let scale = min(1 / temperature, .greatestFiniteMagnitude)
    blockSums.removeAll(keepingCapacity: true)
    var total = 0.0
    for block in stride(from: 0, to: paddedCount, by: Self.blockLength) {
      var sum = Lanes(repeating: 0)
      for index in stride(from: block, to: min(block + Self.blockLength, paddedCount), by: 16) {
        let weight = ((logits.lanes(at: index) - best) * scale).exponential
        weights.setLanes(weight, at: index)
        sum += weight
      }
      blockSums.append(sum.total)
      total += sum.total
    }
    return total
  }

  /// The candidate at which the running sum of the weights passes `target`.
  ///
  /// Uses what `weigh(best:temperature:)` left. A candidate of weight 0 is never returned.
  ///
  /// - Parameter target: 0 ..< the sum of all weights.
  /// - Returns: the candidate's index.
  func candidate(atWeight target: Double) -> Int {
    var rest = target
    var block = 0
    // The last block that weighs anything takes what rounding leaves over.
    let lastBlock = blockSums.lastIndex { $0 > 0 } ?? 0
    while block < lastBlock, rest >= blockSums[block] {
      rest -= blockSums[block]
      block += 1
    }
    var chosen = 0
    for index in block * Self.blockLength..<min((block + 1) * Self.blockLength, count)
    where weights[index] > 0 {
      chosen = index
      rest -= Double(weights[index])
      if rest < 0 { break }
    }
    return chosen
  }
}

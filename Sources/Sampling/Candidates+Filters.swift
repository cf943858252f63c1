/// Every filter keeps the first candidates in order of falling logit, the lower id first among equals.
/// None of them sorts the vocabulary: a coarse threshold drops nearly all of it sixteen tokens at a time,
/// a histogram finds the bin of the last candidate to keep, and that bin alone is sorted.
extension Candidates {
  /// Keeps the `k` best candidates.
  mutating func keep(topK k: Int, best: Float) {
    guard k < count else { return }
    let threshold = threshold(forTopK: k, best: best)
    keep(weighted: false) { logits, _ in
      (Bin.positions(of: logits, best: best) .< threshold) .& (logits .> -.infinity)
    }
    if k < count { keepBest(until: Double(k), byWeight: false, best: best) }
  }

  /// Keeps the best candidates: as few as have together the share `p` of all candidates' probability.
  mutating func keep(topP p: Float, best: Float) {
    let total = weigh(best: best)
    // All candidates lighter than this together weigh less than what may be dropped; a hundredth of slack
    // covers the rounding of the sums.
    let floor = Float(Double(1 - p) * total / Double(count)) * 0.99
    keep(weighted: true) { _, weights in (weights .>= floor) .& (weights .> 0) }
    _ = weigh(best: best)
    keepBest(until: Double(p) * total, byWeight: true, best: best)
  }

  /// Keeps the candidates that are at least `p` times as probable as the best one.
  mutating func keep(minP p: Float, best: Float) {
    _ = weigh(best: best)
    keep(weighted: true) { _, weights in (weights .>= p) .& (weights .> 0) }
  }

  /// The distance from the best logit in steps of 1/128, with everything 32 or more below in the last bin.
  private enum Bin {
    static let count = 4096

    @inline(__always)
    static func positions(of logits: Lanes, best: Float) -> Lanes { (best - logits) * 128 }

    @inline(__always)
    static func of(_ logit: Float, best: Float) -> Int { Int(min((best - logit) * 128, Float(count - 1))) }
  }

  /// A bin position below which at least `k` candidates lie, or +∞.
  ///
  /// The `k`-th best of the groups' best candidates is one that at least `k` candidates reach.
  private mutating func threshold(forTopK k: Int, best: Float) -> Float {
    clearBins()
    for index in stride(from: 0, to: paddedCount, by: 16) {
      bins[Bin.of(logits.lanes(at: index).largest, best: best)] += 1
    }
    var found = 0.0
    for bin in 0..<Bin.count - 1 {
      found += bins[bin]
      if found >= Double(k) { return Float(bin + 1) }
    }
    return .infinity
  }

  /// Keeps the fewest best candidates that together reach `target`, each measuring 1 or its weight.
  private mutating func keepBest(until target: Double, byWeight: Bool, best: Float) {
    clearBins()
    for index in 0..<count {
      bins[Bin.of(logits[index], best: best)] += byWeight ? Double(weights[index]) : 1
    }
    var reached = 0.0
    guard
      let lastBin = (0..<Bin.count).first(where: {
        reached += bins[$0]; return reached >= target
      })
    else {
      return
    }
    reached -= bins[lastBin]

    var members = order
    order = []
    members.removeAll(keepingCapacity: true)
    for index in 0..<count where Bin.of(logits[index], best: best) == lastBin { members.append(index) }
    members.sort { logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1) }
    var kept = 0
    while kept < members.count, kept == 0 || reached < target {
      reached += byWeight ? Double(weights[members[kept]]) : 1
      kept += 1
    }
    for index in members[kept...] { logits[index] = -.infinity }
    order = members

    let end = lastBin + 1 < Bin.count ? Float(lastBin + 1) : .infinity
    keep(weighted: false) { logits, _ in
      (Bin.positions(of: logits, best: best) .< end) .& (logits .> -.infinity)
    }
  }

  private mutating func clearBins() {
    bins.removeAll(keepingCapacity: true)
    bins.append(contentsOf: repeatElement(0, count: Bin.count))
  }
}

/// How long passes over few tokens take, by how many they have.
///
/// A pass takes the time of its bytes, which grow ever less with its tokens, and the time of its arithmetic,
/// which grows as they do. How much of each is fitted to what passes took. What passes of one number of tokens
/// took counts for that number; the fewer they were, the more the others say.
package struct PassCosts {
  /// The most tokens of a pass that guesses are added to.
  package static let mostTokens = 16
  /// A pass that was held up counts for no more than this many times what is known.
  private static let outlier = 2.0
  /// How much a new time counts for, at least.
  private static let weight = 0.2
  /// So many passes are as sure as what all others say.
  private static let sure = 2.0
  /// Times that so many passes are past are forgotten, so that what once seemed too long is tried again.
  private static let memory = 512

  private struct Entry {
    var seconds: Double
    var count: Double
    var pass: Int
  }

  /// `[tokens - 1]`: relative to each other.
  private let expected: [Double]
  private let isFixed: Bool
  private var entries = [Entry?](repeating: nil, count: mostTokens)
  private var passCount = 0
  /// `[tokens - 1]`: in seconds, once anything was measured.
  private var costs: [Double]

  /// - Parameter expected: what a pass of so many tokens costs, in any unit.
  package init(expected: (Int) -> Double) {
    self.expected = (1...Self.mostTokens).map(expected)
    costs = self.expected
    isFixed = false
  }

  /// Costs that no measurement changes.
  package init(fixed: (Int) -> Double) {
    expected = (1...Self.mostTokens).map(fixed)
    costs = expected
    isFixed = true
  }

  /// Takes note of a pass that read generated tokens and no prompt.
  package mutating func note(tokenCount: Int, _ time: Duration) {
    let seconds: Double = time / .seconds(1)
    guard !isFixed, 1...Self.mostTokens ~= tokenCount, seconds > 0 else { return }
    // Before anything was measured, costs have another unit.
    let bounded = passCount == 0 ? seconds : min(seconds, Self.outlier * costs[tokenCount - 1])
    passCount += 1
    var entry = entries[tokenCount - 1] ?? Entry(seconds: bounded, count: 0, pass: 0)
    entry.count = min(entry.count + 1, 1 / Self.weight)
    entry.seconds += (bounded - entry.seconds) / entry.count
    entry.pass = passCount
    entries[tokenCount - 1] = entry
    for index in entries.indices {
      guard let entry = entries[index], passCount - entry.pass > Self.memory else { continue }
      entries[index] = nil
    }
    costs = fittedCosts()
  }

  /// What a pass costs, in a unit that all numbers of tokens share.
  ///
  /// - Precondition: `1 <= tokenCount <= mostTokens`.
  package func cost(tokenCount: Int) -> Double { costs[tokenCount - 1] }

  private func fittedCosts() -> [Double] {
    let (bytes, arithmetic) = fit()
    return expected.indices.map { index in
      let fitted = bytes * expected[index] + arithmetic * Double(index + 1)
      guard let entry = entries[index] else { return fitted }
      return (entry.seconds * entry.count + fitted * Self.sure) / (entry.count + Self.sure)
    }
  }

  /// The least squares of relative errors: seconds for a unit of what is expected, and for a token. Neither is
  /// negative.
  private func fit() -> (bytes: Double, arithmetic: Double) {
    var (xx, xy, yy, x, y) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (index, entry) in entries.enumerated() {
      guard let entry else { continue }
      let bytes = expected[index] / entry.seconds
      let tokens = Double(index + 1) / entry.seconds
      xx += entry.count * bytes * bytes
      xy += entry.count * bytes * tokens
      yy += entry.count * tokens * tokens
      x += entry.count * bytes
      y += entry.count * tokens
    }
    // Passes of one number of tokens do not tell the two apart, nor do they in proportion.
    let determinant = xx * yy - xy * xy
    guard xx > 0 else { return (1, 0) }
    guard determinant > 1e-9 * xx * yy else { return (x / xx, 0) }
    let bytes = (x * yy - y * xy) / determinant
    let arithmetic = (y * xx - x * xy) / determinant
    if bytes < 0 { return (0, y / yy) }
    if arithmetic < 0 { return (x / xx, 0) }
    return (bytes, arithmetic)
  }
}

/// How long passes over few tokens take, by how many they have.
///
/// Before a number of tokens was tried, its cost is estimated: by the bytes that it reads, from the nearest
/// number that was.
package struct PassCosts {
  /// The most tokens of a pass that guesses are added to.
  package static let mostTokens = 16
  /// A pass that was held up counts for no more than this many times what is known.
  private static let outlier = 2.0
  /// How much a new time counts for.
  private static let weight = 0.2
  /// Times that so many passes are past are forgotten, so that what once seemed too long is tried again.
  private static let memory = 512

  private struct Entry {
    var seconds: Double
    var pass: Int
  }

  /// `[tokens - 1]`: relative to each other.
  private let expected: [Double]
  private let isFixed: Bool
  private var entries = [Entry?](repeating: nil, count: mostTokens)
  private var passCount = 0

  /// - Parameter expected: what a pass of so many tokens costs, in any unit.
  package init(expected: (Int) -> Double) {
    self.expected = (1...Self.mostTokens).map(expected)
    isFixed = false
  }

  /// Costs that no measurement changes.
  package init(fixed: (Int) -> Double) {
    expected = (1...Self.mostTokens).map(fixed)
    isFixed = true
  }

  /// Takes note of a pass that read generated tokens and no prompt.
  package mutating func note(tokenCount: Int, _ time: Duration) {
    let seconds: Double = time / .seconds(1)
    guard !isFixed, 1...Self.mostTokens ~= tokenCount, seconds > 0 else { return }
    passCount += 1
    let known = entries[tokenCount - 1]?.seconds
    let bounded = known.map { $0 + Self.weight * (min(seconds, Self.outlier * $0) - $0) }
    entries[tokenCount - 1] = Entry(seconds: bounded ?? seconds, pass: passCount)
    for index in entries.indices {
      guard let entry = entries[index], passCount - entry.pass > Self.memory else { continue }
      entries[index] = nil
    }
  }

  /// What a pass costs, in a unit that all numbers of tokens share.
  ///
  /// - Precondition: `1 <= tokenCount <= mostTokens`.
  package func cost(tokenCount: Int) -> Double {
    let index = tokenCount - 1
    let nearest = entries.indices.filter { entries[$0] != nil }.min { abs($0 - index) < abs($1 - index) }
    guard let nearest, let entry = entries[nearest] else { return expected[index] }
    return entry.seconds * expected[index] / expected[nearest]
  }
}

public import GPTOSS

/// Which experts worked on a text, and on what.
public struct ExpertUsage: Sendable {
  /// The work of one expert of one layer.
  public struct Work: Sendable {
    /// The layer, from 0.
    public let layer: Int
    /// The expert's number in its layer.
    public let expert: Int
    /// How many tokens it was chosen for.
    public let tokenCount: Int
    /// Its share of the layer's work, 0 to 1: the mean of its weights over all tokens. A layer's shares sum
    /// to 1.
    public let share: Double
    /// The tokens that it has most to do with, the first most: those of which it does most of the work,
    /// weighted by how often they come.
    public let favorites: [TokenID]
  }

  /// How many favorites are named.
  private static let favoriteCount = 5

  /// The experts of the first layer, then those of the next.
  public let work: [Work]
  /// The number of tokens of the text.
  public let tokenCount: Int
  /// The texts of the favorites.
  public let texts: [TokenID: String]

  /// Counts.
  ///
  /// - Parameter trace: has at least one token.
  public init(_ trace: Trace) {
    var occurrences: [TokenID: Double] = [:]
    for token in trace.tokens { occurrences[token.id, default: 0] += 1 }
    var work: [Work] = []
    for (index, layer) in trace.layers.enumerated() {
      var counts = [Int](repeating: 0, count: trace.configuration.expertCount)
      var sums = [Double](repeating: 0, count: counts.count)
      var ofTokens = [[TokenID: Double]](repeating: [:], count: counts.count)
      for (position, token) in trace.tokens.enumerated() {
        for (expert, weight) in zip(layer.experts(of: position), layer.weights(of: position)) {
          counts[expert] += 1
          sums[expert] += Double(weight)
          ofTokens[expert][token.id, default: 0] += Double(weight)
        }
      }
      for expert in counts.indices {
        let measure = { (entry: (key: TokenID, value: Double)) in
          entry.value * entry.value / (occurrences[entry.key] ?? 1)
        }
        let favorites = ofTokens[expert].sorted {
          let (left, right) = (measure($0), measure($1))
          return left > right || (left == right && $0.key < $1.key)
        }
        work.append(
          Work(
            layer: index, expert: expert, tokenCount: counts[expert],
            share: sums[expert] / Double(max(1, trace.tokens.count)),
            favorites: favorites.prefix(Self.favoriteCount).map(\.key)))
      }
    }
    self.work = work
    tokenCount = trace.tokens.count
    texts = trace.texts
  }
}

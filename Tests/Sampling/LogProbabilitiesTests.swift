import GPTOSSSampling
import Testing

/// If these fail, perplexity and the log-probabilities that the API reports are wrong.
struct LogProbabilitiesTests {
  /// ln 1 … ln 4: probabilities 0.1, 0.2, 0.3, 0.4, whose logarithms stand beside them.
  static let logits: [Float] = [0, 0.693_147_2, 1.098_612_3, 1.386_294_4]
  static let expected = [-2.302_585_093, -1.609_437_912, -1.203_972_804, -0.916_290_732]

  @Test func knownDistribution() {
    var scorer = LogProbabilities()
    for shift: Float in [0, -500, 500] {
      let shifted = Self.logits.map { $0 + shift }
      for (token, value) in Self.expected.enumerated() {
        #expect(abs(scorer.logProbability(of: token, in: shifted.span) - value) < (shift == 0 ? 1e-6 : 1e-4))
      }
    }
  }

  @Test func bestComeInOrder() {
    var scorer = LogProbabilities()
    let best = scorer.best(3, in: Self.logits.span)
    #expect(best.map(\.token) == [3, 2, 1])
    for entry in best { #expect(abs(entry.logProbability - Self.expected[entry.token]) < 1e-6) }
    #expect(scorer.best(0, in: Self.logits.span) == [])
    #expect(scorer.best(9, in: Self.logits.span).map(\.token) == [3, 2, 1, 0])
    #expect(
      scorer.best(2, in: ([1, 2, 2, 2] as [Float]).span).map(\.token) == [1, 2], "the lower id among equals")
  }

  @Test func largeVocabulary() {
    // n equal tokens: each has probability 1 / n.
    var scorer = LogProbabilities()
    let logits = [Float](repeating: 7, count: 201_088)
    let value = scorer.logProbability(of: 201_087, in: logits.span)
    #expect(abs(value - -12.211_497_9) < 1e-6, "ln(1 / 201,088), got \(value)")
  }

  @Test func notNumbers() {
    var scorer = LogProbabilities()
    let logits: [Float] = [.nan, 1, -.infinity, 1]
    #expect(scorer.logProbability(of: 0, in: logits.span) == -.infinity)
    #expect(scorer.logProbability(of: 2, in: logits.span) == -.infinity)
    #expect(scorer.best(4, in: logits.span).map(\.token) == [1, 3])
    let nothing: [Float] = [.nan, -.infinity]
    #expect(scorer.logProbability(of: 1, in: nothing.span) == -.infinity)
    #expect(scorer.best(2, in: nothing.span) == [])
  }
}

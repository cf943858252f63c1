import GPTOSSSampling
import Testing

/// What a penalty does to a logit shows in log-odds: with tokens of logits *a* and *b* the share of the
/// first is 1 / (1 + e^(b − a)), so greedy choice flips exactly where the penalized logits cross.
struct PenaltiesTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var options: SamplingOptions
    var prompt: [Int] = []
    var generated: [Int] = []
    /// Penalized logit of token 0, whose own is `logit`.
    var logit: Float = 4
    var penalized: Float
    var reason: String
    var testDescription: String { reason }
  }

  static let rows: [Row] = [
    Row(options: .init(), generated: [0, 0], penalized: 4, reason: "all off"),
    Row(
      options: .init(repetitionPenalty: 2), generated: [0, 0, 0], penalized: 2,
      reason: "repetition does not count"),
    Row(
      options: .init(repetitionPenalty: 2), generated: [0], logit: -4, penalized: -8,
      reason: "negative logits are multiplied"),
    Row(
      options: .init(repetitionPenalty: 2), prompt: [0], penalized: 2, reason: "repetition sees the prompt"),
    Row(
      options: .init(frequencyPenalty: 0.5), generated: [0, 0, 0], penalized: 2.5, reason: "frequency counts"),
    Row(
      options: .init(frequencyPenalty: 0.5), prompt: [0, 0], generated: [0], penalized: 3.5,
      reason: "frequency skips the prompt"),
    Row(
      options: .init(presencePenalty: 0.5), generated: [0, 0, 0], penalized: 3.5,
      reason: "presence counts once"),
    Row(options: .init(presencePenalty: 0.5), prompt: [0], penalized: 4, reason: "presence skips the prompt"),
    Row(
      options: .init(presencePenalty: -1), generated: [0], penalized: 5, reason: "a negative penalty favors"),
    Row(
      options: .init(repetitionPenalty: 2, frequencyPenalty: 0.25, presencePenalty: 0.5), generated: [0, 0],
      penalized: 1, reason: "division first, then 2 · 0.25 + 0.5"),
    Row(
      options: .init(frequencyPenalty: 1, penaltyWindow: 2), generated: [0, 0, 0], penalized: 2,
      reason: "window of 2"),
    Row(
      options: .init(frequencyPenalty: 1, penaltyWindow: 2), generated: [0, 1, 1], penalized: 4,
      reason: "left the window"),
    Row(
      options: .init(repetitionPenalty: 2, penaltyWindow: 2), prompt: [0, 1], generated: [1], penalized: 4,
      reason: "the prompt leaves the window too"),
    Row(
      options: .init(frequencyPenalty: 1, penaltyWindow: 0), generated: [0, 0], penalized: 4,
      reason: "a window of 0 is off"),
    Row(
      options: .init(repetitionPenalty: 2, logitBias: [0: 2]), generated: [0], penalized: 3,
      reason: "the bias comes first"),
  ]

  @Test(arguments: rows)
  func penalizedLogit(_ row: Row) throws {
    var options = row.options
    options.temperature = 0
    var sampler = try Sampler(options, seed: 1)
    sampler.acceptPrompt(row.prompt)
    for token in row.generated { sampler.accept(token) }
    // Token 2 is never seen; just below and just above it token 0 wins and loses.
    for (rival, winner) in [(row.penalized - 0.01, 0), (row.penalized + 0.01, 2)] {
      let logits: [Float] = [row.logit, -.infinity, rival]
      #expect(try sampler.sample(logits.span) == winner, "\(row.reason)")
    }
  }

  @Test func hugePenaltiesStayOrdered() throws {
    var options = SamplingOptions(
      repetitionPenalty: .leastNormalMagnitude, frequencyPenalty: .greatestFiniteMagnitude)
    options.temperature = 0
    var sampler = try Sampler(options, seed: 1)
    sampler.accept(0)
    sampler.accept(0)
    let logits: [Float] = [50, 1]
    #expect(try sampler.sample(logits.span) == 1)
  }
}

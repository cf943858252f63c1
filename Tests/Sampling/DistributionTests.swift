import GPTOSSSampling
import Testing

/// Draws many tokens and compares their counts with exact probabilities by Pearson's chi-squared test.
///
/// The seeds are fixed, so the outcome is too.
struct DistributionTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var options: SamplingOptions
    var probabilities: [Double]
    var reason: String
    var testDescription: String { reason }
  }

  /// Logits ln 1 … ln 4 plus 1: probabilities 0.1, 0.2, 0.3, 0.4 at temperature 1.
  static let logits: [Float] = [1, 1.693_147_2, 2.098_612_3, 2.386_294_4]

  static let rows: [Row] = [
    Row(options: .init(), probabilities: [0.1, 0.2, 0.3, 0.4], reason: "the model's own"),
    Row(
      options: .init(temperature: 0.5), probabilities: [1 / 30.0, 4 / 30.0, 9 / 30.0, 16 / 30.0],
      reason: "squared"),
    Row(
      options: .init(temperature: 1e30), probabilities: [0.25, 0.25, 0.25, 0.25],
      reason: "uniform in the limit"),
    Row(options: .init(topK: 2), probabilities: [0, 0, 3 / 7.0, 4 / 7.0], reason: "two best"),
    Row(options: .init(topP: 0.65), probabilities: [0, 0, 3 / 7.0, 4 / 7.0], reason: "0.4 + 0.3 reach 0.65"),
    Row(
      options: .init(topP: 0.75), probabilities: [0, 2 / 9.0, 3 / 9.0, 4 / 9.0],
      reason: "0.4 + 0.3 do not reach 0.75"),
    Row(
      options: .init(minP: 0.6), probabilities: [0, 0, 3 / 7.0, 4 / 7.0],
      reason: "0.3 is 0.75 of 0.4, 0.2 is half"),
    Row(
      options: .init(topK: 3, topP: 0.75), probabilities: [0, 0, 3 / 7.0, 4 / 7.0],
      reason: "7/9 of the three reach 0.75"),
    Row(
      options: .init(temperature: 1e30, topP: 0.65), probabilities: [0, 0, 0.5, 0.5],
      reason: "filters come before temperature"),
    Row(
      options: .init(logitBias: [0: 1.386_294_4]), probabilities: [4 / 13.0, 2 / 13.0, 3 / 13.0, 4 / 13.0],
      reason: "ln 4 more"),
  ]

  @Test(arguments: rows)
  func countsFitProbabilities(_ row: Row) throws {
    let draws = 40_000
    var sampler = try Sampler(row.options, seed: 11)
    var counts = [Int](repeating: 0, count: row.probabilities.count)
    for _ in 0..<draws { counts[try sampler.sample(Self.logits.span)] += 1 }
    var chiSquared = 0.0
    for (count, probability) in zip(counts, row.probabilities) {
      if probability == 0 {
        #expect(count == 0, "\(row.reason)")
      } else {
        let expected = probability * Double(draws)
        chiSquared += (Double(count) - expected) * (Double(count) - expected) / expected
      }
    }
    // Three degrees of freedom: 16.27 is passed once in a thousand.
    #expect(chiSquared < 16.27, "\(row.reason): \(counts)")
  }

  /// 1,000 equally likely tokens in many blocks and lanes: each tenth gets its share.
  @Test func everyPositionIsReached() throws {
    let logits = [Float](repeating: 0.5, count: 1003)
    var sampler = try Sampler(SamplingOptions(), seed: 3)
    var counts = [Int](repeating: 0, count: logits.count)
    for _ in 0..<100_300 { counts[try sampler.sample(logits.span)] += 1 }
    let chiSquared = counts.reduce(0.0) { $0 + (Double($1) - 100) * (Double($1) - 100) / 100 }
    // 1,002 degrees of freedom: mean 1,002, standard deviation 44.8.
    #expect(abs(chiSquared - 1002) < 4 * 44.8)
  }
}

import GPTOSSSampling
import Testing

/// The filters find their cut with thresholds and histograms; here they are compared with sorting everything.
struct FiltersTests {
  /// Logits of several shapes over a vocabulary of any size.
  enum Shape: String, CaseIterable, Sendable {
    case peaked, flat, equal, twoValues, steps, hugeRange, mostlyForbidden

    func logits(count: Int, seed: UInt64) -> [Float] {
      var random = Xoshiro256PlusPlus(seed: seed)
      return (0..<count).map { index in
        let u = Float(random.unitInterval())
        return switch self {
        case .peaked: index % 977 == 3 ? 10 + 8 * u : 6 * u
        case .flat: 0.01 * u
        case .equal: -3
        case .twoValues: u < 0.3 ? 2 : 1
        case .steps: (u * 20).rounded(.down)
        case .hugeRange: (u - 0.5) * 1e5
        case .mostlyForbidden: index % 1009 == 5 ? u : (index % 2 == 0 ? -.infinity : .nan)
        }
      }
    }
  }

  /// Sorts all tokens and applies the filters' definitions in double precision.
  static func survivors(_ logits: [Float], _ options: SamplingOptions) -> (
    tokens: Set<Int>, doubtful: Set<Int>
  ) {
    var tokens = logits.indices.filter { logits[$0] > -.infinity }
    tokens.sort { logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1) }
    if let topK = options.topK, topK > 0 { tokens = Array(tokens.prefix(topK)) }
    let weights = tokens.map { exponential(Double(logits[$0]) - Double(logits[tokens[0]])) }
    let total = weights.reduce(0, +)
    var (kept, doubtful): (Set<Int>, Set<Int>) = ([], [])
    var reached = 0.0
    for (token, weight) in zip(tokens, weights) {
      let (mass, ratio) = (reached / total, weight)
      let (p, m) = (Double(options.topP ?? 1), Double(options.minP ?? 0))
      if kept.isEmpty || ((p == 1 || mass < p) && ratio >= m) { kept.insert(token) }
      // Within rounding of a bound either answer is right.
      if abs(mass - p) < 1e-5 || abs(ratio - m) < 1e-6 * m { doubtful.insert(token) }
      reached += weight
    }
    return (kept, doubtful)
  }

  static let options: [SamplingOptions] = [
    .init(topK: 1), .init(topK: 2), .init(topK: 40), .init(topK: 1000), .init(topK: 100_000),
    .init(topK: .max),
    .init(topP: 0), .init(topP: 0.1), .init(topP: 0.5), .init(topP: 0.95), .init(topP: 0.9999),
    .init(minP: 0.05), .init(minP: 0.5), .init(minP: 1),
    .init(topK: 40, topP: 0.9), .init(topK: 500, topP: 0.99, minP: 0.2), .init(topP: 0.9, minP: 0.1),
  ]

  @Test(arguments: Shape.allCases, [1, 15, 16, 17, 1000, 20_000])
  func survivorsEqualSorting(_ shape: Shape, count: Int) throws {
    let logits = shape.logits(count: count, seed: UInt64(count))
    guard logits.contains(where: { $0 > -.infinity }) else { return }
    for options in Self.options {
      var sampler = try Sampler(options, seed: 9)
      let token = try sampler.sample(logits.span)
      let expected = Self.survivors(logits, options)
      let choices = Set(sampler.lastChoices)
      let difference = choices.symmetricDifference(expected.tokens).subtracting(expected.doubtful)
      #expect(difference.isEmpty, "\(options)")
      #expect(choices.contains(token))
      #expect(sampler.lastChoices == sampler.lastChoices.sorted())
    }
  }

  /// e^x for x ≤ 0 without a platform's library: (1 + y + … ) of x / 2^k, squared k times.
  static func exponential(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    let y = x / 1024
    var (term, sum) = (1.0, 1.0)
    for n in 1...12 {
      term *= y / Double(n)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }
}

import GPTOSSSampling
import Testing

/// If these fail, options out of range reach the sampler, or good ones are refused.
struct SamplingOptionsTests {
  @Test(arguments: [
    SamplingOptions(),
    SamplingOptions(temperature: 0, topK: 0, topP: 0, minP: 1, penaltyWindow: 0),
    SamplingOptions(temperature: .greatestFiniteMagnitude, topK: .max, topP: 1, minP: 0),
    SamplingOptions(temperature: .leastNonzeroMagnitude, repetitionPenalty: .leastNonzeroMagnitude),
    SamplingOptions(frequencyPenalty: -2, presencePenalty: 2, logitBias: [0: -.infinity, 7: 100]),
  ])
  func inRange(_ options: SamplingOptions) throws {
    try options.validate()
    #expect(try Sampler(options, seed: 1).seed == 1)
  }

  static let refused: [(SamplingOptions, SamplingError.Option)] = [
    (SamplingOptions(temperature: -0.1), .temperature),
    (SamplingOptions(temperature: .infinity), .temperature),
    (SamplingOptions(temperature: .nan), .temperature),
    (SamplingOptions(topK: -1), .topK),
    (SamplingOptions(topP: -0.01), .topP),
    (SamplingOptions(topP: 1.01), .topP),
    (SamplingOptions(topP: .nan), .topP),
    (SamplingOptions(minP: -1), .minP),
    (SamplingOptions(minP: 2), .minP),
    (SamplingOptions(repetitionPenalty: 0), .repetitionPenalty),
    (SamplingOptions(repetitionPenalty: .infinity), .repetitionPenalty),
    (SamplingOptions(frequencyPenalty: .nan), .frequencyPenalty),
    (SamplingOptions(presencePenalty: -.infinity), .presencePenalty),
    (SamplingOptions(penaltyWindow: -1), .penaltyWindow),
    (SamplingOptions(logitBias: [3: .infinity]), .logitBias),
    (SamplingOptions(logitBias: [3: .nan]), .logitBias),
  ]

  @Test(arguments: refused)
  func outOfRange(_ options: SamplingOptions, _ option: SamplingError.Option) {
    let error = #expect(throws: SamplingError.self) { try Sampler(options) }
    guard case .optionOutOfRange(option, _) = error else {
      Issue.record("expected \(option) out of range, got \(String(describing: error))")
      return
    }
  }

  @Test func negativeBiasedToken() {
    #expect(throws: SamplingError.biasedTokenOutOfRange(token: -1, vocabularySize: nil)) {
      try Sampler(SamplingOptions(logitBias: [-1: 1]))
    }
  }

  @Test func seedIsTakenOrDrawnOnce() throws {
    #expect(try Sampler(SamplingOptions(seed: 42)).seed == 42)
    let drawn = try Sampler(SamplingOptions())
    var (first, second) = (drawn, try Sampler(SamplingOptions(), seed: drawn.seed))
    let logits = [Float](repeating: 0, count: 1000)
    for _ in 0..<20 { #expect(try first.sample(logits.span) == second.sample(logits.span)) }
  }
}

import GPTOSSPlatform
import GPTOSSSampling
import Testing

/// What a sampler tells about its stages. If these fail, a trace shows another choice than the one that was
/// made.
struct SamplingStepsTests {
  private static let options: [SamplingOptions] = [
    SamplingOptions(), SamplingOptions(temperature: 0), SamplingOptions(temperature: 0.7, topK: 5),
    SamplingOptions(temperature: 1.5, topP: 0.8), SamplingOptions(minP: 0.2),
    SamplingOptions(topK: 20, topP: 0.9, minP: 0.05, repetitionPenalty: 1.3, frequencyPenalty: 0.2),
    SamplingOptions(logitBias: [3: 4, 7: -.infinity]),
  ]

  /// The same tokens, one after the other, with the same random numbers.
  @Test(arguments: options)
  func choosesAsWithoutSteps(options: SamplingOptions) throws {
    var plain = try Sampler(options, seed: 5)
    var stepwise = try Sampler(options, seed: 5)
    var numbers = SystemRandomNumbers(state: 1)
    for _ in 0..<60 {
      let logits = (0..<100).map { _ in numbers.float() * 4 }
      let token = try plain.sample(logits.span)
      let steps = try stepwise.sampleStepwise(logits.span, following: 6)
      #expect(steps.chosen == token)
      #expect(
        steps.candidates.contains { $0.token == token && $0.drawProbability > 0 && $0.droppedBy == nil })
      #expect(steps.steps.last?.stage == .temperature)
      plain.accept(token)
      stepwise.accept(token)
    }
  }

  /// ln 8 … ln 1: probabilities 8/15, 4/15, 2/15, 1/15.
  private static let logits: [Float] = [8, 4, 2, 1].map { (value: Double) in Float(log(value)) }

  @Test func eachStageNamesWhatItDropped() throws {
    var sampler = try Sampler(SamplingOptions(topK: 3, minP: 0.3), seed: 1)
    var allowed = TokenMask(count: 4, allowingAll: true)
    allowed[1] = false
    let steps = try sampler.sampleStepwise(Self.logits.span, allowed: allowed, following: 4)
    #expect(steps.steps.map(\.stage) == [.mask, .topK, .minP, .temperature])
    #expect(steps.steps.map(\.remaining) == [3, 3, 1, 1])
    #expect(steps.candidates.map(\.token) == [0, 1, 2, 3])
    #expect(steps.candidates.map(\.droppedBy) == [nil, .mask, .minP, .minP])
    #expect(zip(steps.candidates, [8, 4, 2, 1]).allSatisfy { abs($0.probability - $1 / 15) < 1e-6 })
    #expect(steps.candidates.map(\.drawProbability) == [1, 0, 0, 0])
  }

  @Test func temperatureChangesTheDraw() throws {
    var sampler = try Sampler(SamplingOptions(temperature: 0.5), seed: 1)
    let steps = try sampler.sampleStepwise(Self.logits.span, following: 4)
    // Squares: 64, 16, 4, 1 of 85.
    #expect(zip(steps.candidates, [64, 16, 4, 1]).allSatisfy { abs($0.drawProbability - $1 / 85) < 1e-6 })
  }

  @Test func theBestAloneIsTakenAtZero() throws {
    var sampler = try Sampler(SamplingOptions(temperature: 0), seed: 1)
    let steps = try sampler.sampleStepwise(Self.logits.span, following: 2)
    #expect(steps.steps == [.init(stage: .temperature, remaining: 1)])
    #expect(steps.candidates.map(\.drawProbability) == [1, 0])
    #expect(steps.candidates.map(\.droppedBy) == [nil, .temperature])
  }

  @Test func theChosenTokenIsAlwaysAmongThem() throws {
    var sampler = try Sampler(SamplingOptions(logitBias: [3: 100]), seed: 1)
    let steps = try sampler.sampleStepwise(Self.logits.span, following: 1)
    #expect(steps.chosen == 3 && steps.candidates.map(\.token) == [0, 3])
  }
}

/// SplitMix64: the same on every platform.
private struct SystemRandomNumbers {
  var state: UInt64

  mutating func float() -> Float {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return Float(Int64(bitPattern: z ^ z >> 31) >> 40) / 0x1p23
  }
}

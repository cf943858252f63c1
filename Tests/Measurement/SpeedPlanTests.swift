import GPTOSS
import GPTOSSMeasurement
import Testing

/// Lists become combinations; what they share is measured once; what was measured before an end stays.
struct SpeedPlanTests {
  @Test func combinations() {
    let plan = SpeedPlan(prefill: [128, 512], decode: [0, 64], depths: [0, 8192])
    let numbers = plan.combinations.map { [$0.depth, $0.prefill.tokenCount, $0.decode?.tokenCount ?? 0] }
    #expect(
      numbers == [
        [0, 128, 0], [0, 128, 64], [0, 512, 0], [0, 512, 64],
        [8192, 128, 0], [8192, 128, 64], [8192, 512, 0], [8192, 512, 64],
      ])
    #expect(plan.combinations.allSatisfy { $0.decode.map { $0.depth } ?? $0.depth == $0.depth })
    #expect(
      plan.tests == [
        SpeedTest(.prefill, tokenCount: 128), SpeedTest(.decode, tokenCount: 64),
        SpeedTest(.prefill, tokenCount: 512), SpeedTest(.prefill, tokenCount: 128, depth: 8192),
        SpeedTest(.decode, tokenCount: 64, depth: 8192), SpeedTest(.prefill, tokenCount: 512, depth: 8192),
      ])
  }

  @Test func everyTestHasARateOfEachRepeat() async throws {
    let plan = SpeedPlan(prefill: [4, 8], decode: [0, 2], depths: [0, 3])
    var rates = SpeedRates()
    var told: [SpeedTest] = []
    var toldAtEnds: [Int] = []
    try await rates.measure(plan, of: TinyModel.load(), repeats: 2) { share, next in
      #expect(share >= 0 && share < 1)
      told.append(next)
    } roundEnd: {
      toldAtEnds.append(told.count)
    }
    #expect(toldAtEnds == [plan.tests.count, 2 * plan.tests.count])
    // In turns.
    #expect(told == plan.tests + plan.tests)
    #expect(plan.tests.allSatisfy { rates[$0].count == 2 && rates[$0].allSatisfy { $0 > 0 } })
    #expect(rates[SpeedTest(.decode, tokenCount: 3)].isEmpty)
  }

  @Test func nothingIsMeasuredOfAPlanThatDoesNotFit() async throws {
    let options = LoadOptions(contextLength: 32, cacheByteLimit: 0)
    let model = try await LanguageModel.load(contentsOf: TinyModel.path, options: options)
    let plan = SpeedPlan(prefill: [8], decode: [4], depths: [0, 30])
    var rates = SpeedRates()
    await #expect(throws: GPTOSSError.self) {
      try await rates.measure(plan, of: model, repeats: 1) { _, _ in }
    }
    #expect(plan.tests.allSatisfy { rates[$0].isEmpty })
  }

  /// Breaks when Ctrl-C loses what was measured before it.
  @Test func whatWasMeasuredStays() async throws {
    let model = try await TinyModel.load()
    let plan = SpeedPlan(prefill: [4], decode: [2], depths: [0])
    let rates = await Task {
      var rates = SpeedRates()
      do {
        try await rates.measure(plan, of: model, repeats: 3) { share, _ in
          if share >= 0.5 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        Issue.record("the measurement went on")
      } catch { #expect(error is CancellationError) }
      return rates
    }.value
    #expect(rates[SpeedTest(.prefill, tokenCount: 4)].count == 2)
    #expect(rates[SpeedTest(.decode, tokenCount: 2)].count == 1)
  }

  @Test(arguments: [
    ([3.0], [3.0, 3, 3]), ([4, 1], [2.5, 1, 4]), ([9, 1, 2], [2, 1, 9]), ([4, 3, 2, 1], [2.5, 1, 4]),
  ])
  func spreads(_ values: [Double], _ expected: [Double]) throws {
    let spread = try #require(Spread(values))
    #expect([spread.median, spread.lowest, spread.highest] == expected)
  }

  @Test func nothingHasNoSpread() { #expect(Spread([]) == nil) }
}

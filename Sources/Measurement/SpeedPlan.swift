package import GPTOSS

/// The speeds that lists of numbers ask for: every number of tokens to read, with every number to generate, at
/// every depth.
///
/// What several combinations share is measured once: a decode does not depend on what another sequence has
/// read.
package struct SpeedPlan: Sendable {
  /// The tests of one combination.
  package struct Combination: Sendable, Equatable {
    package let prefill: SpeedTest
    /// Nil if no tokens are generated.
    package let decode: SpeedTest?

    /// The tokens that both come after.
    package var depth: Int { prefill.depth }

    /// Those that there are.
    package var tests: [SpeedTest] { [prefill] + (decode.map { [$0] } ?? []) }
  }

  /// Ordered by depth, then by the tokens to read, then by those to generate, each as it was given.
  package let combinations: [Combination]
  /// The tests of all combinations, each once.
  package let tests: [SpeedTest]

  /// - Parameters:
  ///   - prefill: numbers of tokens to read, each at least 1.
  ///   - decode: numbers of tokens to generate; 0 for none.
  ///   - depths: numbers of tokens that the context already holds.
  package init(prefill: [Int], decode: [Int], depths: [Int]) {
    combinations = depths.flatMap { depth in
      prefill.flatMap { prefill in
        decode.map { decode in
          Combination(
            prefill: SpeedTest(.prefill, tokenCount: prefill, depth: depth),
            decode: decode == 0 ? nil : SpeedTest(.decode, tokenCount: decode, depth: depth))
        }
      }
    }
    var seen: Set<SpeedTest> = []
    tests = combinations.flatMap(\.tests).filter { seen.insert($0).inserted }
  }
}

/// What was measured of a plan: the tokens per second of each repeat.
package struct SpeedRates: Sendable {
  private var rates: [SpeedTest: [Double]] = [:]

  /// Nothing measured yet.
  package init() {}

  /// The tokens per second of each repeat; none if it was not measured.
  package subscript(test: SpeedTest) -> [Double] {
    get { rates[test] ?? [] }
    set { rates[test] = newValue }
  }

  /// Measures a plan: all tests once, one after the other, then all of them again, so that a busy moment of
  /// the machine falls on all alike. A short prompt is read before the first, which counts for nothing: it
  /// wakes the threads, and brings in what of a mapped file is not in memory.
  ///
  /// What has been measured stays where an error or a cancellation ends it.
  ///
  /// - Parameters:
  ///   - repeats: how often.
  ///   - progress: is told before each measurement which share is done, and what comes.
  ///   - roundEnd: is called when all tests have been measured once more.
  /// - Throws: `GPTOSSError`, before anything is measured for tests that the context has no room for;
  ///   `CancellationError`.
  package mutating func measure(
    _ plan: SpeedPlan, of model: LanguageModel, repeats: Int,
    progress: (_ share: Double, _ next: SpeedTest) -> Void, roundEnd: () async throws -> Void = {}
  ) async throws {
    for test in plan.tests { try test.check(contextLength: model.configuration.contextLength) }
    if let longest = plan.tests.map(\.tokenCount).max() {
      _ = try await SpeedTest(.prefill, tokenCount: min(longest, 32)).tokensPerSecond(of: model)
    }
    for round in 0..<repeats {
      for (index, test) in plan.tests.enumerated() {
        progress((Double(round) + Double(index) / Double(plan.tests.count)) / Double(repeats), test)
        try Task.checkCancellation()
        self[test].append(try await test.tokensPerSecond(of: model))
      }
      try await roundEnd()
    }
  }
}

/// The middle of some measurements and how far they spread.
package struct Spread: Sendable, Equatable {
  /// The middle value, or the mean of the two in the middle.
  package let median: Double
  package let lowest: Double
  package let highest: Double

  /// Nil without measurements.
  package init?(_ values: [Double]) {
    let sorted = values.sorted()
    guard let lowest = sorted.first, let highest = sorted.last else { return nil }
    median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    (self.lowest, self.highest) = (lowest, highest)
  }
}

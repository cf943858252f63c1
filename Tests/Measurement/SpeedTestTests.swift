import GPTOSS
import GPTOSSMeasurement
import Testing

/// Rates are numbers of tokens per second, whatever the depth.
struct SpeedTestTests {
  @Test(arguments: [
    SpeedTest(.prefill, tokenCount: 16), SpeedTest(.decode, tokenCount: 4),
    SpeedTest(.prefill, tokenCount: 300, depth: 5), SpeedTest(.decode, tokenCount: 1, depth: 5),
  ])
  func rates(_ test: SpeedTest) async throws {
    let rate = try await test.tokensPerSecond(of: try await TinyModel.load())
    #expect(rate.isFinite && rate > 0)
  }

  /// Else the time of a small depth would be counted.
  @Test func aPassEndsAtTheDepth() async throws {
    let model = try await TinyModel.load()
    var options = GenerationOptions(maximumTokens: 0)
    for (end, reads) in [(5, [5, 20]), (0, [20]), (20, [20]), (30, [20])] {
      options.passEnd = end
      var read: [Int] = []
      for try await event in model.generate(from: Array(0..<20), options: options) {
        if case .prompt(let count, _) = event, count > 0 { read.append(count) }
        guard case .finished(_, let statistics) = event else { continue }
        let isReached = (1...20).contains(end)
        #expect((statistics.passEndTime != nil) == isReached, "a pass ends at \(end)")
        let time = statistics.passEndTime ?? .zero
        #expect(time >= .zero && time <= statistics.prefillTime, "a pass ends at \(end)")
      }
      #expect(read == reads, "a pass ends at \(end)")
    }
  }

  /// A decode that the context ends would be a decode of fewer tokens than the report says.
  @Test(arguments: [
    (SpeedTest(.prefill, tokenCount: 32), true), (SpeedTest(.prefill, tokenCount: 33), false),
    (SpeedTest(.prefill, tokenCount: 30, depth: 2), true),
    (SpeedTest(.prefill, tokenCount: 30, depth: 3), false),
    (SpeedTest(.decode, tokenCount: 31), true), (SpeedTest(.decode, tokenCount: 32), false),
    (SpeedTest(.decode, tokenCount: 30, depth: 2), true),
    (SpeedTest(.decode, tokenCount: 30, depth: 3), false),
    (SpeedTest(.decode, tokenCount: .max), false), (SpeedTest(.prefill, tokenCount: .max, depth: 9), false),
  ])
  func moreThanTheContextIsRefused(_ test: SpeedTest, _ fits: Bool) async throws {
    let options = LoadOptions(contextLength: 32, cacheByteLimit: 0)
    let model = try await LanguageModel.load(contentsOf: TinyModel.path, options: options)
    if fits {
      #expect(try await test.tokensPerSecond(of: model) > 0)
    } else {
      await #expect(throws: GPTOSSError.self) { try await test.tokensPerSecond(of: model) }
    }
  }

  @Test func aCancelledMeasurementHasNoRate() async throws {
    let model = try await TinyModel.load()
    let count = model.configuration.contextLength - 1
    let task = Task { try await SpeedTest(.decode, tokenCount: count).tokensPerSecond(of: model) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

import GPTOSS
import GPTOSSMeasurement
import Testing

/// Rates are numbers of tokens per second, whatever the depth.
struct ThroughputTests {
  @Test(arguments: [
    Throughput(prefillCount: 16, decodeCount: 4), .init(prefillCount: 300, decodeCount: 1, depth: 5),
  ])
  func rates(_ throughput: Throughput) async throws {
    let model = try await TinyModel.load()
    let prefill = try await throughput.measurePrefill(of: model)
    let decode = try await throughput.measureDecode(of: model)
    #expect(prefill.isFinite && prefill > 0)
    #expect(decode.isFinite && decode > 0)
  }

  @Test func moreThanTheContextIsRefused() async throws {
    let options = LoadOptions(contextLength: 32, cacheByteLimit: 0)
    let model = try await LanguageModel.load(contentsOf: TinyModel.path, options: options)
    await #expect(throws: GPTOSSError.self) {
      try await Throughput(prefillCount: 33, decodeCount: 1).measurePrefill(of: model)
    }
  }

  @Test func aCancelledMeasurementHasNoRate() async throws {
    let model = try await TinyModel.load()
    let task = Task {
      try await Throughput(prefillCount: 16, decodeCount: 100_000).measureDecode(of: model)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}

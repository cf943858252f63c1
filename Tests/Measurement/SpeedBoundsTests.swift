import GGUF
import GPTOSS
import GPTOSSMeasurement
import GPTOSSModel
import Testing

/// Shares are rates times what a token costs, by what the machine allows.
struct SpeedBoundsTests {
  @Test func shares() throws {
    let file = try GGUFFile(path: TinyModel.path)
    let configuration = try Configuration(file.metadata)
    let bounds = SpeedBounds(
      file, configuration, streamBytesPerSecond: 1e9, prefillPeak: 2e9, decodePeak: 1e9)
    let bytes = Double(file.bytesPerToken(configuration))
    #expect(abs(bounds.bandwidthShare(decodeRate: 100) - bytes * 1e-7) < 1e-12)
    // Two layers of attention's matrices, the router, two experts of three matrices; the output of 352 rows.
    let layers = Double(2 * (64 * 128 + 2 * 64 * 64 + 128 * 64 + 4 * 64 + 2 * 3 * 64 * 64))
    let output = Double(352 * 64)
    // 128 elements of queries meet 1, 2, 3 and 4 keys and values in two layers.
    let attention = Double(2 * 2 * 128 * (1 + 2 + 3 + 4))
    let prefill = bounds.arithmeticShare(of: SpeedTest(.prefill, tokenCount: 4), tokensPerSecond: 8)
    #expect(abs(prefill - (4 * layers + output + attention) / 4 * 8 / 2e9) < 1e-15)
    let decode = bounds.arithmeticShare(of: SpeedTest(.decode, tokenCount: 4), tokensPerSecond: 8)
    #expect(abs(decode - (4 * (layers + output) + attention) / 4 * 8 / 1e9) < 1e-15)
  }

  /// Breaks when one disturbed round decides.
  @Test func rounds() throws {
    let file = try GGUFFile(path: TinyModel.path)
    let configuration = try Configuration(file.metadata)
    let figures: [(Double, Double, Double)] = [(3, 10, 7), (9, 12, 5), (4, 11, 6)]
    let rounds = figures.map {
      SpeedBounds(file, configuration, streamBytesPerSecond: $0.0, prefillPeak: $0.1, decodePeak: $0.2)
    }
    let bounds = try #require(SpeedBounds(of: rounds))
    #expect((bounds.streamBytesPerSecond, bounds.prefillPeak, bounds.decodePeak) == (4, 11, 6))
    #expect(SpeedBounds(of: []) == nil)
  }

  @Test(arguments: [KernelSetName.portable, .fastest])
  func measured(_ kernels: KernelSetName) async throws {
    let options = LoadOptions(kernels: kernels, threads: 1, cacheByteLimit: 0)
    let model = try await LanguageModel.load(contentsOf: TinyModel.path, options: options)
    let file = try GGUFFile(path: TinyModel.path)
    let measured = try await SpeedBounds.measure(file, model, precision: .fast, sweepByteCount: 1 << 20)
    let bounds = try #require(measured)
    for figure in [bounds.streamBytesPerSecond, bounds.prefillPeak, bounds.decodePeak] {
      #expect(figure.isFinite && figure > 0)
    }
    // More memory than there is: no figure in place of an end.
    #expect(try await SpeedBounds.measure(file, model, precision: .fast, sweepByteCount: 1 << 50) == nil)
  }
}

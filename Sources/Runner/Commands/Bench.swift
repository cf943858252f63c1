import ArgumentParser
import Foundation
import GGUF
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSKernels
import GPTOSSModel
import GPTOSSSampling
import GPTOSSTokenizer

/// `gptoss bench`: how fast a model runs here.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure prefill and decode speed, and the share of the memory's bandwidth that decode uses.",
    discussion: """
      Each repeat reads a prompt of random tokens, then generates greedily; both at --depth tokens. A token reads \
      bytes_per_token bytes of weights: all but the embedding's other rows and the experts not chosen.
      """)

  @OptionGroup var model: ModelOption

  @Option(name: [.customShort("p"), .long], help: "Tokens of prefill.")
  var prefill = 512

  @Option(name: [.customShort("n"), .long], help: "Tokens of decode.")
  var decode = 128

  @Option(name: [.short, .long], help: "Tokens that the sequence has before either.")
  var depth = 0

  @Option(name: [.short, .long], help: "How often each is measured.")
  var repeats = 3

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var options: RunOptions

  func validate() throws {
    for (name, value, least) in [
      ("prefill", prefill, 1), ("decode", decode, 1), ("depth", depth, 0), ("repeats", repeats, 1),
    ] where value < least {
      throw ValidationError("--\(name) is \(value); it must be \(least) or more.")
    }
  }

  func run() async throws {
    let path = try model.path()
    // Every repeat reads its prompt anew.
    let model = try await options.load(path, cacheByteLimit: 0)
    var result = BenchResult(model: model, file: try GGUFFile(path: path))
    var progress = ProgressBar("measuring")
    defer { progress.finish() }
    for round in 0..<repeats {
      progress.update(Double(round) / Double(repeats), "prefill")
      result.prefillRates.append(try await prefillRate(model))
      progress.update((Double(round) + 0.5) / Double(repeats), "decode")
      result.decodeRates.append(try await decodeRate(model))
    }
    // Before the memory that the bandwidth is measured with.
    result.peakMemory = peakMemory
    let threads = model.information.threads
    result.streamBytesPerSecond = await Task.detached { streamBandwidth(threadCount: threads) }.value
    progress.finish()
    try StandardOutput.write(json ? result.json(self).text + "\n" : result.text(self))
  }

  /// Reads `depth + prefill` tokens and times those after the depth.
  private func prefillRate(_ model: LanguageModel) async throws -> Double {
    let clock = ContinuousClock()
    var (start, counted) = (clock.now, prefill)
    var end = start
    let options = GenerationOptions(maximumTokens: 0)
    for try await event in model.generate(from: randomTokens(depth + prefill, model), options: options) {
      guard case .prompt(let read, let total) = event else { continue }
      end = clock.now
      // A pass may read across the depth; what is counted begins after it.
      if depth > 0, read >= depth, counted == prefill, read < total { (start, counted) = (end, total - read) }
    }
    try Task.checkCancellation()
    return Double(counted) / (end - start).seconds
  }

  /// Generates `decode` tokens after `depth` others and one more, whose time is prefill's.
  private func decodeRate(_ model: LanguageModel) async throws -> Double {
    let options = GenerationOptions(
      sampling: SamplingOptions(temperature: 0), maximumTokens: decode + 1, stopTokens: [],
      loopGuard: nil)
    for try await event in model.generate(from: randomTokens(max(depth, 1), model), options: options) {
      if case .finished(_, let statistics) = event { return statistics.decodeTokensPerSecond }
    }
    throw CancellationError()
  }

  private func randomTokens(_ count: Int, _ model: LanguageModel) -> [Int] {
    var random = Xoshiro256PlusPlus(seed: 1)
    return (0..<count).map { _ in Int(random.next() % UInt64(model.tokenizer.vocabulary.count)) }
  }
}

/// What was measured.
private struct BenchResult {
  var prefillRates: [Double] = []
  var decodeRates: [Double] = []
  var streamBytesPerSecond = 0.0
  var peakMemory = 0
  private let information: ModelInformation
  private let bytesPerToken: Int

  init(model: LanguageModel, file: GGUFFile) {
    information = model.information
    let (chosen, all) = (model.configuration.expertsPerToken, model.configuration.expertCount)
    let isTied = file.tensor(named: "output.weight") == nil
    bytesPerToken = file.tensors.reduce(0) { sum, tensor in
      if tensor.name.contains("_exps.") { return sum + tensor.byteCount / all * chosen }
      guard tensor.name == "token_embd.weight", !isTied else { return sum + tensor.byteCount }
      return sum + tensor.byteCount / tensor.dimensions[1]
    }
  }

  private var bandwidthShare: Double { decodeRates.median * Double(bytesPerToken) / streamBytesPerSecond }

  func json(_ bench: Bench) -> JSONValue {
    [
      "model": .string(information.name), "threads": JSONValue(information.threads),
      "kernels": .string(information.kernels), "weights": .string(information.weights.rawValue),
      "prefill": [
        "tokens": JSONValue(bench.prefill),
        "tokens_per_second": .array(prefillRates.map { JSONValue(decimal: $0) }),
      ],
      "decode": [
        "tokens": JSONValue(bench.decode), "depth": JSONValue(bench.depth),
        "tokens_per_second": .array(decodeRates.map { JSONValue(decimal: $0) }),
      ],
      "bytes_per_token": JSONValue(bytesPerToken),
      "stream_bytes_per_second": JSONValue(decimal: streamBytesPerSecond),
      "bandwidth_share": JSONValue(decimal: bandwidthShare),
      "load_seconds": JSONValue(decimal: information.loadTime.seconds),
      "peak_memory_bytes": JSONValue(peakMemory),
    ]
  }

  func text(_ bench: Bench) -> String {
    func rate(_ rates: [Double]) -> String {
      String(format: "%.1f tokens/s (%.1f to %.1f)", rates.median, rates.min() ?? 0, rates.max() ?? 0)
    }
    return """
      \(information.name): \(information.kernels), \(information.threads) threads, weights \(information.weights.rawValue)
      prefill of \(bench.prefill)   \(rate(prefillRates))
      decode of \(bench.decode)    \(rate(decodeRates)) at depth \(bench.depth)
      a token reads    \(bytesPerToken.bytesText), \(Int((bandwidthShare * 100).rounded())) % of the \
      \(Int(streamBytesPerSecond).bytesText)/s that memory delivers
      load             \(String(format: "%.2f s", information.loadTime.seconds))
      peak memory      \(peakMemory.bytesText)

      """
  }
}

/// The most memory that this process has had, mapped files included.
private var peakMemory: Int {
  var usage = rusage()
  #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  #else
    getrusage(RUSAGE_SELF, &usage)
    return usage.ru_maxrss
  #endif
}

extension [Double] {
  /// The middle value.
  fileprivate var median: Double {
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}

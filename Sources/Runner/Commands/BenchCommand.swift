import ArgumentParser
import GPTOSS
import GPTOSSMeasurement
import GPTOSSPlatform
import GPTOSSTerminal

/// `gptoss bench`: how fast a model runs here.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure prefill and decode speed, and the share of the memory's bandwidth that decode uses.",
    discussion: """
      Each repeat times how fast a prompt of random tokens is read, and then how fast tokens are generated \
      greedily; --depth tokens precede both. bytes_per_token is how much of the weights one token reads: \
      all but the embedding's other rows and the experts that are not chosen.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    name: [.customShort("p"), .long], number: "How many tokens to read for prefill.")
  var prefill = 512

  @Option(
    name: [.customShort("n"), .long], number: "How many tokens to generate for decode.")
  var decode = 128

  @Option(
    name: [.short, .long], number: "How many tokens the context already holds when a measurement begins.")
  var depth = 0

  @Option(
    name: [.short, .long], number: "How many times prefill and decode are measured.")
  var repeats = 3

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var options: RunOptions

  func validate() throws {
    try checkOption("prefill", prefill, in: 1...)
    try checkOption("decode", decode, in: 1...)
    try checkOption("depth", depth, in: 0...)
    try checkOption("repeats", repeats, in: 1...)
  }

  func run() async throws {
    // Every repeat reads its prompt anew.
    let model = try await options.load(model, cacheByteLimit: 0)
    let file = try self.model.file()
    let throughput = Throughput(prefillCount: prefill, decodeCount: decode, depth: depth)
    var report = BenchReport(
      throughput: throughput, information: model.information,
      bytesPerToken: file.bytesPerToken(model.configuration))
    var progress = ProgressBar("measuring")
    defer { progress.finish() }
    for round in 0..<repeats {
      progress.update(Double(round) / Double(repeats), "prefill")
      report.prefillRates.append(try await throughput.measurePrefill(of: model))
      progress.update((Double(round) + 0.5) / Double(repeats), "decode")
      report.decodeRates.append(try await throughput.measureDecode(of: model))
    }
    // Before measuring the bandwidth, which takes memory of its own.
    report.peakMemory = peakMemoryByteCount()
    report.streamBytesPerSecond = await memoryBandwidth(threadCount: model.information.threads)
    progress.finish()
    try StandardOutput.writeLine(json ? report.json.text : report.text)
  }
}

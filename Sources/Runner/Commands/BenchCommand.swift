import ArgumentParser
import GGUF
import GPTOSS
import GPTOSSMeasurement
import GPTOSSPlatform
import GPTOSSTerminal

/// `gptoss bench`: how fast a model runs here.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure prefill and decode, and how near they are to the limits of memory and arithmetic.",
    discussion: """
      Each repeat times how fast a prompt of random tokens is read, how fast tokens are generated greedily, \
      and then the machine's limits; --depth tokens precede the prompt and the generated tokens. --prefill, \
      --decode and --depth each take a list, such as -p 128,512 -n 0,64 -d 0,8192: every combination is \
      measured, in turns, and -n 0 leaves decode out. \
      Ctrl-C ends the measurement; what was measured is printed.

      bytes_per_token is how much of the weights one token reads: all but the embedding's other rows and the \
      experts that are not chosen. bandwidth_share is the share of stream_bytes_per_second that decode \
      uses. multiply_adds_per_second is what the kernels' own inner products reach on data in the first-level \
      cache, with a prompt's activations; arithmetic_share compares each stage with what they reach with that \
      stage's activations. With several combinations, JSON is one object, whose runs has an object for each.

      --card also reads a short text with the reference kernels, which takes a minute with a large model, and \
      computes the SHA-256 of the model's files.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    name: [.customShort("p"), .long], counts: "How many tokens to read for prefill.")
  var prefill = CountList(512)

  @Option(
    name: [.customShort("n"), .long], counts: "How many tokens to generate for decode.")
  var decode = CountList(128)

  @Option(
    name: [.short, .long], counts: "How many tokens the context already holds when a measurement begins.")
  var depth = CountList(0)

  @Option(
    name: [.short, .long], number: "How many times each speed is measured.")
  var repeats = 3

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print a table in Markdown, as is done with several combinations.")
  var markdown = false

  @Flag(help: "Print a line for each combination, with commas between its figures.")
  var csv = false

  @Option(
    help: """
      Also write a card, a file in Markdown: the machine, the model's hash, the command, all figures, and how \
      far the logits are from those of the reference kernels.
      """,
    completion: .file())
  var card: String?

  @Flag(help: "Replace the card if it exists.")
  var force = false

  @OptionGroup var options: RunOptions

  private static let mostCombinations = 64

  private var formats: [BenchFormat] {
    (json ? [.json] : []) + (markdown ? [.markdown] : []) + (csv ? [.csv] : [])
  }

  private var destination: Destination? { card.map { Destination(path: $0, isOverwriting: force) } }

  func validate() throws {
    try prefill.check("prefill", atLeast: 1)
    try decode.check("decode", atLeast: 0)
    try depth.check("depth", atLeast: 0)
    try checkOption("repeats", repeats, in: 1...)
    let count = prefill.counts.count * decode.counts.count * depth.counts.count
    if count > Self.mostCombinations {
      throw ValidationError(
        "--prefill, --decode and --depth make \(count) combinations; give at most \(Self.mostCombinations).")
    }
    if formats.count > 1 { throw ValidationError("Give either --json, --markdown or --csv.") }
    try destination?.validate("--card")
    if force, card == nil { throw ValidationError("--force replaces a card; give --card too.") }
  }

  func run() async throws {
    try destination?.check(reading: model.files())
    let output = try destination?.begin()
    // Every repeat reads its prompt anew.
    let model = try await options.load(model, cacheByteLimit: 0)
    let file = try self.model.file()
    let precision = options.precision ?? LoadOptions().precision
    let report = try await measure(model, file, precision)
    if !report.isEmpty { try StandardOutput.writeLine(report.text(formats.first)) }
    guard let destination, let output else { return }
    if Task.isCancelled { return StandardError.report("the measurement was stopped; no card was written") }
    let card = try await BenchCard(report, model, file, threads: options.threads)
    try destination.finish(output, card.markdown)
  }

  /// Measures as long as nobody stops it.
  private func measure(
    _ model: LanguageModel, _ file: GGUFFile, _ precision: Precision
  ) async throws -> BenchReport {
    let plan = SpeedPlan(prefill: prefill.counts, decode: decode.counts, depths: depth.counts)
    let subject = BenchSubject(
      model.information, precision: precision, bytesPerToken: file.bytesPerToken(model.configuration))
    var rates = SpeedRates()
    var bounds: [SpeedBounds] = []
    // Before the bounds are measured, which takes memory of its own: each round of the model takes as much.
    var peakMemory: Int?
    var progress = ProgressBar("measuring")
    defer { progress.finish() }
    do {
      try await rates.measure(plan, of: model, repeats: repeats) { share, next in
        progress.update(share, next.words)
      } roundEnd: {
        peakMemory = peakMemory ?? peakMemoryByteCount()
        if let round = try await SpeedBounds.measure(file, model, precision: precision) {
          bounds.append(round)
        }
      }
    } catch is CancellationError {}
    return BenchReport(
      subject, plan, rates, bounds: SpeedBounds(of: bounds), peakMemory: peakMemory ?? peakMemoryByteCount())
  }
}

extension SpeedTest {
  /// What a progress bar says of it.
  fileprivate var words: String { "\(stage) of \(tokenCount)" + (depth == 0 ? "" : " at \(depth)") }
}

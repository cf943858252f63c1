public import ArgumentParser
public import GPTOSS
import GPTOSSPlatform
import GPTOSSTerminal

/// How a model is run.
struct RunOptions: ParsableArguments {
  @Option(
    name: [.customShort("t"), .long],
    number: "How many threads compute. If left out, as many as the process may use.")
  var threads: Int?

  @Option(
    number: """
      The most tokens that a sequence may have, within what the model allows. If left out, all that it allows.
      """)
  var context: Int?

  @Option(
    help: """
      The kernel set to compute with. If left out, the one that GPTOSS_CPU names, or else the fastest that \
      this CPU can run.
      """)
  var kernels: KernelSetName?

  @Option(
    help: """
      Where the weights are: resident (copied into memory) or mapped (left in the file, which must not be \
      truncated meanwhile). If left out, free memory decides.
      """)
  var weights: WeightResidency?

  @Option(
    help: """
      How finely a prompt's activations are rounded where the kernels do that: fast (8 bits) or precise \
      (16 bits). If left out, fast; where nothing is generated (logits, perplexity, experts, trace --file), \
      precise.
      """)
  var precision: Precision?

  @Option(help: "The type that keys and values are stored as. If left out, what suits the kernels.")
  var cache: CacheElement?

  @Option(
    number: "The most tokens that one pass reads.")
  var batch = 256

  func validate() throws {
    try checkOption("threads", threads, in: 1...1024)
    try checkOption("context", context, in: 1...)
    try checkOption("batch", batch, in: 1...65_536)
  }

  /// The name of the first option that was given; nil if none was.
  var firstGiven: String? {
    let given: [(name: String, isGiven: Bool)] = [
      ("threads", threads != nil), ("context", context != nil), ("kernels", kernels != nil),
      ("weights", weights != nil), ("precision", precision != nil), ("cache", cache != nil),
      ("batch", batch != 256),
    ]
    return given.first(where: \.isGiven)?.name
  }

  /// The options that were given and decide which numbers come out, as arguments.
  var deciding: [String] {
    let values = [
      ("context", context.map(String.init)), ("kernels", kernels?.rawValue),
      ("precision", precision?.rawValue),
      ("cache", cache?.rawValue),
    ]
    return values.flatMap { name, value in value.map { ["--\(name)", $0] } ?? [] }
  }

  /// Loads a model, with a progress bar.
  ///
  /// - Parameters:
  ///   - precision: what to use without `--precision`.
  ///   - cacheByteLimit: the most bytes for remembering earlier prompts; nil for the model's own choice.
  ///   - folder: where what was read outlives the process; nil for nowhere.
  func load(
    _ model: some ModelChoice, precision: Precision = LoadOptions().precision, cacheByteLimit: Int? = nil,
    folder: CacheFolderOptions? = nil
  ) async throws -> LanguageModel {
    let path = try model.path()
    let bar = Locked(ProgressBar("loading"))
    defer { bar.withLock { $0.finish() } }
    var options = loadOptions(precision: precision) { share in bar.withLock { $0.update(share) } }
    options.cacheByteLimit = cacheByteLimit
    folder?.set(&options)
    let loaded = try await LanguageModel.load(contentsOf: path, options: options)
    if let notice = notice(of: loaded) {
      bar.withLock { $0.finish() }
      StandardError.report(notice)
    }
    return loaded
  }

  /// What is otherwise than it was asked for; nil for nothing.
  func notice(of model: LanguageModel) -> String? {
    let limit = model.configuration.contextLength
    guard let context, context > limit else { return nil }
    return "--context is \(context), but the model allows \(limit) tokens; the context is \(limit)"
  }

  /// How a model is loaded.
  ///
  /// - Parameters:
  ///   - precision: what to use without `--precision`.
  ///   - progress: receives the share that has been loaded.
  func loadOptions(
    precision: Precision = LoadOptions().precision, progress: @escaping @Sendable (Double) -> Void
  ) -> LoadOptions {
    LoadOptions(
      kernels: kernels, weights: weights, precision: self.precision ?? precision, threads: threads,
      contextLength: context, cacheElement: cache, largestBatch: batch, progress: progress)
  }
}

extension KernelSetName: ExpressibleByArgument {}
extension CacheElement: ExpressibleByArgument {}
extension WeightResidency: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}

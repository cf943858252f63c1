public import ArgumentParser
public import GPTOSS
import GPTOSSPlatform
import GPTOSSTerminal

/// How a model is run.
struct RunOptions: ParsableArguments {
  @Option(
    name: [.customShort("t"), .long],
    number: "How many threads compute; as many as the process may use if left out.")
  var threads: Int?

  @Option(
    number: """
      The most tokens that a sequence may have; all that the model allows if left out, or if that is less.
      """)
  var context: Int?

  @Option(
    help: """
      Which implementation of the arithmetic to use; if left out, the one that GPTOSS_CPU names, or else the \
      fastest that this CPU can run.
      """)
  var kernels: KernelSetName?

  @Option(
    help: """
      Where the weights are: resident (copied into memory) or mapped (left in the file, which must not be \
      truncated meanwhile); chosen by the free memory if left out.
      """)
  var weights: WeightResidency?

  @Option(
    help: """
      How finely a prompt's activations are quantized where the kernels do that: fast (8 bits) or precise \
      (16 bits). If left out, fast; for logits and perplexity, precise.
      """)
  var precision: Precision?

  @Option(help: "The type that keys and values are stored as; what suits the kernels if left out.")
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
    return "--context is \(context), but the model holds \(limit) tokens, and so it is \(limit)"
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

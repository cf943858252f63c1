public import ArgumentParser
import GGUF
import GPTOSS
import GPTOSSFixtures
public import GPTOSSKernels
public import GPTOSSModel
import GPTOSSTokenizer
import Synchronization

/// Which model a command uses.
struct ModelOption: ParsableArguments {
  @Option(name: [.customShort("m"), .long], help: "A GGUF file; the small model of the package if left out.")
  var model: String?

  /// The model's path.
  func path() throws(RunnerError) -> String {
    if let model { return model }
    guard let path = FixtureModel.path else { throw .noDefaultModel(looked: FixtureModel.places) }
    return path
  }
}

/// Which vocabulary a command uses.
struct VocabularyOptions: ParsableArguments {
  @OptionGroup var model: ModelOption

  @Option(help: "A .tiktoken file, which Harmony's special tokens are added to, in place of a model.")
  var vocabulary: String?

  func validate() throws {
    if model.model != nil, vocabulary != nil {
      throw ValidationError("Give either --model or --vocabulary.")
    }
  }

  /// Reads the vocabulary.
  func tokenizer() throws -> Tokenizer {
    if let vocabulary { return Tokenizer(vocabulary: try Vocabulary(tiktoken: vocabulary)) }
    let file = try GGUFFile(path: model.path())
    return Tokenizer(vocabulary: try Vocabulary.read(from: file.metadata))
  }
}

/// How a model is run.
struct RunOptions: ParsableArguments {
  @Option(
    name: [.customShort("t"), .long],
    help: "Threads that compute; as many as the process may use if left out.")
  var threads: Int?

  @Option(help: "The most tokens that a sequence may have; all that the model allows if left out.")
  var context: Int?

  @Option(help: "The arithmetic; the fastest of this CPU, or what GPTOSS_CPU names, if left out.")
  var kernels: KernelSetName?

  @Option(
    help: "Where the weights go: resident (copied into memory) or mapped; by the free memory if left out.")
  var weights: WeightResidency?

  @Option(
    help: """
      How finely a prompt's activations are quantized where the kernels do that: fast (8 bits) or precise (16); fast if \
      left out, and precise where logits are the result.
      """)
  var precision: Precision?

  @Option(help: "What keys and values are stored as; the kernel set's own choice if left out.")
  var cache: CacheElement?

  @Option(help: "The most tokens that one pass reads.")
  var batch = 256

  func validate() throws {
    for (name, value) in [("threads", threads), ("context", context), ("batch", batch)] {
      if let value, value < 1 { throw ValidationError("--\(name) is \(value); it must be 1 or more.") }
    }
    if batch > 65_536 { throw ValidationError("--batch is \(batch); it must be 65536 or less.") }
    if let threads, threads > 1024 {
      throw ValidationError("--threads is \(threads); it must be 1024 or less.")
    }
  }

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - precision: where none is asked for.
  ///   - cacheByteLimit: what it may spend on remembering earlier prompts; nil for its own choice.
  func load(
    _ path: String, precision: Precision = LoadOptions().precision, cacheByteLimit: Int? = nil
  ) async throws -> LanguageModel {
    let bar = Mutex(ProgressBar("loading"))
    defer { bar.withLock { $0.finish() } }
    let options = LoadOptions(
      kernels: kernels, weights: weights, precision: self.precision ?? precision, threads: threads,
      contextLength: context,
      cacheElement: cache, largestBatch: batch, cacheByteLimit: cacheByteLimit,
      progress: { share in bar.withLock { $0.update(share) } })
    return try await LanguageModel.load(contentsOf: path, options: options)
  }
}

extension KernelSetName: ExpressibleByArgument {}
extension CacheElement: ExpressibleByArgument {}
extension WeightResidency: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}

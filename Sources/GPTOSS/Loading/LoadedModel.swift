import GGUF
import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSTokenizer

/// A model that is ready to run.
struct LoadedModel: Sendable {
  let transformer: Transformer
  let vocabulary: Vocabulary
  let information: ModelInformation
  let script: (@Sendable ([TokenID]) -> [TokenID]?)?
  let takesForcedTokens: Bool
  /// What passes read.
  let traffic: PassTraffic
  /// Where what was read outlives the process; nil for nowhere.
  let prefixes: PrefixFolder?
  private let cacheElement: CacheElement?

  var configuration: Configuration { transformer.configuration }

  init(_ path: String, _ options: LoadOptions) throws(GPTOSSError) {
    let file: GGUFFile
    do { file = try GGUFFile(path: path) } catch { throw .file(error) }
    do {
      transformer = try Transformer(
        file, kernels: options.kernels, weights: options.weights, precision: options.precision,
        threadCount: options.threads ?? availableThreadCount(), contextLength: options.contextLength,
        largestBatch: options.largestBatch, progress: options.progress)
    } catch { throw .model(error) }
    // Then the weights are not complete.
    guard !Task.isCancelled else { throw .unloaded }
    vocabulary = try Vocabulary.read(from: file.metadata, rows: transformer.vocabularySize)
    information = try ModelInformation(file, path, transformer)
    script = options.script
    takesForcedTokens = options.takesForcedTokens
    traffic = PassTraffic(file, transformer.configuration)
    cacheElement = options.cacheElement
    prefixes = PrefixFolder(file, transformer, options)
  }

  func makeCache() -> KeyValueCache { transformer.makeCache(element: cacheElement) }

  /// Refuses the whole sequence before any of it is read.
  func check(_ tokens: [TokenID]) throws(GPTOSSError) {
    guard !tokens.isEmpty else { throw .emptyPrompt }
    for token in tokens where token < 0 || token >= transformer.vocabularySize {
      throw .model(.tokenOutOfRange(token, vocabularySize: transformer.vocabularySize))
    }
    guard tokens.count <= configuration.contextLength else {
      throw .model(.contextFull(needed: tokens.count, limit: configuration.contextLength))
    }
  }

  /// Takes a pass, when it is this model's turn.
  ///
  /// - Returns: the logits that were asked for, and how long the pass took, the wait for the turn left out.
  func forward(
    _ batch: [BatchEntry], precision: Precision? = nil
  ) throws(GPTOSSError) -> (logits: Logits, time: Duration) {
    try Turns.ofProcess.take { () throws(GPTOSSError) in
      let start = ContinuousClock.now
      do throws(ModelError) {
        let logits = try transformer.forward(batch, precision: precision)
        return (logits, .now - start)
      } catch { throw .model(error) }
    }
  }
}

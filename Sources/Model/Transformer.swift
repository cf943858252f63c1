public import GGUF
public import GPTOSSKernels
import Synchronization

/// A gpt-oss model: token ids in, logits out.
///
///     tokens ── embedding ── x ──┬──────────────┬──────────────────┬── … ── norm ── output ── logits
///                                └ norm ─ attention ┘ └ norm ─ experts ┘      (a block a layer)
///
/// Any number of sequences can share one transformer, each with its own ``KeyValueCache``; passes run one after the other.
/// A pass blocks the calling thread: keep it off Swift's cooperative pool.
public final class Transformer: Sendable {
  /// The model's dimensions and constants.
  public let configuration: Configuration
  /// The number of tokens that the output matrix knows; ids are below it.
  public let vocabularySize: Int
  /// The most tokens that one pass takes.
  public let largestBatch: Int
  /// The kernel set in use.
  public let kernels: KernelSetName
  /// Where the weights are.
  public let weightResidency: WeightResidency
  /// The number of threads that compute.
  public let threadCount: Int

  /// How finely activations are quantized unless a pass asks otherwise.
  public let precision: Precision
  private let weights: Weights
  private let preferredCacheElement: CacheElement
  private let workspace: Mutex<Workspace>

  /// Checks the file's tensors, brings the weights to where they will be, and makes room for batches.
  ///
  /// - Parameters:
  ///   - file: an open GGUF file of architecture `gpt-oss`.
  ///   - kernels: the kernel set to compute with; nil for what `GPTOSS_CPU` names, or else the fastest.
  ///   - weights: where the weights go; nil to choose by the memory that is free.
  ///   - precision: how finely activations are quantized where the kernels do that, unless a pass asks otherwise.
  ///   - threadCount: threads that compute, at least 1.
  ///   - contextLength: the most positions of a sequence, if fewer than the model allows.
  ///   - largestBatch: the most tokens that one pass takes; more need more memory (at 20b 0.2 MB a token).
  ///   - progress: receives the share of the weights that has been copied, 0 to 1, if they are.
  /// - Throws: `ModelError` if the file's metadata or tensors are not those of a gpt-oss model, the CPU lacks what
  ///   the kernels need, or memory does not suffice.
  public init(
    _ file: GGUFFile, kernels: KernelSetName? = nil, weights residency: WeightResidency? = nil,
    precision: Precision = .precise, threadCount: Int, contextLength: Int? = nil, largestBatch: Int = 256,
    progress: (Double) -> Void = { _ in }
  ) throws(ModelError) {
    precondition(threadCount >= 1 && largestBatch >= 1 && contextLength ?? 1 >= 1)
    let set = if let kernels { try KernelSet(kernels) } else { try KernelSet.ofEnvironment() }
    var configuration = try Configuration(file.metadata)
    configuration.contextLength = min(configuration.contextLength, contextLength ?? .max)
    let residency = try configuration.residency(of: file, wanted: residency, kernels: set)
    let placement = try WeightPlacement(file, residency, kernels: set)
    let weights = try Weights(file, configuration, placement)
    let launcher = Launcher(kernels: set, threadCount: threadCount)
    placement.fill(launcher.pool, progress: progress)
    self.configuration = configuration
    self.weights = weights
    self.largestBatch = largestBatch
    self.kernels = set.name
    weightResidency = residency
    self.precision = precision
    self.threadCount = launcher.pool.threadCount
    vocabularySize = weights.vocabularySize
    preferredCacheElement = set.preferredCacheElement
    workspace = Mutex(Workspace(configuration, tokens: largestBatch, launcher: launcher))
  }

  /// An empty cache for a new sequence.
  ///
  /// - Parameter element: what keys and values are stored as; the kernel set's own choice if nil.
  public func makeCache(element: CacheElement? = nil) -> KeyValueCache {
    KeyValueCache(configuration, element: element ?? preferredCacheElement, largestBatch: largestBatch)
  }

  /// Reads the segments' tokens, each after what its cache holds already.
  ///
  /// A token's logits depend on its own sequence alone, not on what else is in the batch.
  ///
  /// - Parameters:
  ///   - segments: one or more runs of tokens, of different sequences.
  ///   - precision: of this pass; nil for the transformer's own. Where single tokens are decoded, the precise one costs
  ///     nothing: memory is what they wait for.
  /// - Returns: the logits that the segments ask for, `[rows, vocabulary]`, in the order of the segments.
  /// - Throws: `ModelError.tokenOutOfRange` or `.contextFull`, with the caches unchanged.
  /// - Precondition: at most ``largestBatch`` tokens, at least one a segment, and no cache twice.
  public func forward(_ segments: [Segment], precision: Precision? = nil) throws(ModelError) -> Logits {
    try check(segments)
    return workspace.withLock { $0.forward(segments, weights, configuration, precision ?? self.precision) }
  }

  private func check(_ segments: [Segment]) throws(ModelError) {
    let total = segments.reduce(0) { $0 + $1.tokens.count }
    precondition(total <= largestBatch, "\(total) tokens in a pass, at most \(largestBatch)")
    precondition(Set(segments.map { ObjectIdentifier($0.cache) }).count == segments.count, "a cache twice")
    for segment in segments {
      precondition(!segment.tokens.isEmpty, "a segment without tokens")
      precondition(segment.cache.layers.count == configuration.layerCount, "a cache of another model")
      for token in segment.tokens where token < 0 || token >= vocabularySize {
        throw .tokenOutOfRange(token, vocabularySize: vocabularySize)
      }
      let needed = segment.cache.count + segment.tokens.count
      if needed > configuration.contextLength {
        throw .contextFull(needed: needed, limit: configuration.contextLength)
      }
    }
  }
}

/// A run of tokens to read, and the sequence that they belong to.
public struct Segment {
  /// Which of a segment's tokens logits are wanted of.
  public enum Request: Sendable {
    /// None: the tokens are only remembered.
    case none
    /// The last token: what a sampler needs.
    case last
    /// Every token.
    case all
  }

  /// The sequence.
  public let cache: KeyValueCache
  /// The tokens that follow what the cache holds.
  public let tokens: [Int]
  /// Which logits are wanted.
  public let request: Request

  /// Names a run of tokens.
  public init(_ cache: KeyValueCache, _ tokens: [Int], logits request: Request = .last) {
    self.cache = cache
    self.tokens = tokens
    self.request = request
  }
}

/// Unnormalized log-probabilities of the next token: `[rows, vocabulary]`.
public struct Logits: Sendable {
  private let values: Activations?

  init(_ values: Activations?) { self.values = values }

  /// The number of positions.
  public var rowCount: Int { values?.rows ?? 0 }

  /// Lends one position's logits, `[vocabulary]`.
  public func withRow<Result, Failure: Error>(
    _ row: Int, _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let values else { preconditionFailure("row \(row) of 0") }
    var result: Swift.Result<Result, Failure>?
    values.withRow(row) { buffer in
      do throws(Failure) { result = .success(try body(buffer.span)) } catch { result = .failure(error) }
    }
    guard let result else { preconditionFailure("withRow calls its body") }
    return try result.get()
  }

  /// One position's logits.
  public subscript(row: Int) -> [Float] {
    guard let values else { preconditionFailure("row \(row) of 0") }
    return values.withRow(row) { Array($0) }
  }
}

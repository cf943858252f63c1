public import GGUF
public import GPTOSSKernels
import Synchronization

/// A gpt-oss model: token ids in, logits out.
///
///     tokens ── embedding ── x ─┬─────────────────── + ─┬───────────────── + ─ … ─ norm ── output ── logits
///                               └ norm ── attention ─┘  └ norm ── experts ─┘
///                               └─────────── one block per layer ──────────┘
///
/// Any number of sequences can share one transformer, each with its own ``KeyValueCache``; passes run one
/// after the other. All transformers of a process share their threads. A pass blocks the calling thread: keep it
/// off Swift's cooperative pool.
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
  private let rotary: RotaryEmbedding
  private let preferredCacheElement: CacheElement
  /// Used by one pass at a time, which holds the workspace.
  private let launcher: Launcher
  private let workspace: Mutex<Workspace>

  /// Checks the file's tensors, brings the weights to where they will be, and makes room for batches.
  ///
  /// - Parameters:
  ///   - file: an open GGUF file of architecture `gpt-oss`.
  ///   - kernels: the kernel set to compute with; nil for what `GPTOSS_CPU` names, or else the fastest.
  ///   - residency: where the weights go; nil to choose by the memory that is free.
  ///   - precision: how finely activations are quantized where the kernels do that, unless a pass asks
  ///     otherwise. (`LanguageModel` hands on what its `LoadOptions.precision` says, `fast` by default, and
  ///     asks for `precise` in passes over generated tokens.)
  ///   - threadCount: threads that compute, at least 1.
  ///   - contextLength: the most positions of a sequence, if fewer than the model allows.
  ///   - largestBatch: the most tokens that one pass takes; more need more memory (at 20b 0.2 MB per token).
  ///   - progress: receives the share of the weights that has been copied, 0 to 1, if they are.
  /// - Throws: `ModelError` if the file's metadata or tensors are not those of a gpt-oss model, the CPU lacks
  ///   what the kernels need, or memory does not suffice.
  public convenience init(
    _ file: GGUFFile, kernels: KernelSetName? = nil, weights residency: WeightResidency? = nil,
    precision: Precision = .precise, threadCount: Int, contextLength: Int? = nil, largestBatch: Int = 256,
    progress: (Double) -> Void = { _ in }
  ) throws(ModelError) {
    let set = if let kernels { try KernelSet(kernels) } else { try KernelSet.ofEnvironment() }
    try self.init(
      file, set: set, weights: residency, precision: precision, threadCount: threadCount,
      contextLength: contextLength, largestBatch: largestBatch, progress: progress)
  }

  /// The same with a kernel set that this CPU runs.
  ///
  /// - Throws: as the other one.
  package init(
    _ file: GGUFFile, set: KernelSet, weights residency: WeightResidency? = nil,
    precision: Precision = .precise, threadCount: Int, contextLength: Int? = nil, largestBatch: Int = 256,
    progress: (Double) -> Void = { _ in }
  ) throws(ModelError) {
    precondition(threadCount >= 1 && largestBatch >= 1 && contextLength ?? 1 >= 1)
    var configuration = try Configuration(file.metadata)
    configuration.contextLength = min(configuration.contextLength, contextLength ?? .max)
    let residency = try configuration.residency(of: file, wanted: residency, kernels: set)
    let placement = try WeightPlacement(file, residency, kernels: set)
    let weights = try Weights(file, configuration, placement)
    launcher = Launcher(kernels: set, threadCount: threadCount)
    placement.fill(launcher.pool, progress: progress)
    self.configuration = configuration
    self.weights = weights
    rotary = RotaryEmbedding(configuration.rope, headDimension: configuration.headDimension)
    self.largestBatch = largestBatch
    self.kernels = set.name
    weightResidency = residency
    self.precision = precision
    self.threadCount = launcher.pool.threadCount
    vocabularySize = weights.vocabularySize
    preferredCacheElement = set.preferredCacheElement
    workspace = Mutex(Workspace(configuration, tokens: largestBatch))
  }

  /// An empty cache for a new sequence.
  ///
  /// - Parameter element: what keys and values are stored as; the kernel set's own choice if nil.
  public func makeCache(element: CacheElement? = nil) -> KeyValueCache {
    KeyValueCache(configuration, element: element ?? preferredCacheElement, largestBatch: largestBatch)
  }

  /// Reads the tokens of a batch, each entry's after what its cache holds already.
  ///
  /// A token's logits depend on its own sequence alone, not on what else is in the batch.
  ///
  /// - Parameters:
  ///   - batch: runs of tokens, each of another sequence.
  ///   - precision: of this pass; nil for the transformer's own. Where single tokens are decoded, the precise
  ///     one costs nothing: memory is what they wait for.
  /// - Returns: the logits that the entries ask for, `[rows, vocabulary]`, in the order of the batch.
  /// - Throws: `ModelError.tokenOutOfRange` or `.contextFull`, with the caches unchanged.
  /// - Precondition: at most ``largestBatch`` tokens, at least one per entry, and no cache twice.
  public func forward(_ batch: [BatchEntry], precision: Precision? = nil) throws(ModelError) -> Logits {
    try check(batch)
    return workspace.withLock { workspace in
      launcher.precision = precision ?? self.precision
      return forward(batch, in: workspace)
    }
  }

  /// The whole model, top to bottom.
  private func forward(_ batch: [BatchEntry], in workspace: Workspace) -> Logits {
    guard !batch.isEmpty else { return Logits(nil) }
    workspace.resize(tokens: batch.tokenCount)
    rotary.write(
      batch.flatMap(\.positions), cosines: workspace.attention.cosines, sines: workspace.attention.sines)

    let (x, normalized) = (workspace.residual.all, workspace.normalized.all)
    launcher.lookUp(batch.flatMap(\.tokens), in: weights.embedding, output: x)

    // Mostly empty: then nothing below is done for it.
    let observed = batch.observed
    for (layer, layerWeights) in weights.layers.enumerated() {
      let inputNorms = observed.map { _, _, rows in workspace.residual[rows].norms }
      normalize(x, layerWeights.attentionNorm, output: normalized)
      let attention = Attention(layerWeights, layer: layer, configuration)
      attention.forward(
        normalized, batch: batch, into: x, workspace: workspace.attention, launcher: launcher)
      let sights = zip(observed, inputNorms).map { observed, inputNorms in
        AttentionObservation(
          observed.entry, rows: observed.rows, attention, inputNorms: inputNorms,
          residual: workspace.residual, workspace: workspace.attention, launcher: launcher)
      }

      normalize(x, layerWeights.expertNorm, output: normalized)
      let routing = MixtureOfExperts(layerWeights, expertsPerToken: configuration.expertsPerToken)
        .forward(normalized, into: x, workspace: workspace.experts, launcher: launcher)
      for ((entry, observer, rows), sight) in zip(observed, sights) {
        observer.receive(
          LayerObservation(
            layer, entry, observer: observer, rows: rows, sight, routing, workspace: workspace))
      }
    }
    for entry in batch { entry.cache.advance(to: entry.positions.upperBound) }

    let rows = batch.rowsWithLogits
    guard !rows.isEmpty else { return Logits(nil) }
    normalize(x, weights.outputNorm, output: normalized)
    let wanted = Activations(capacity: rows.count, columns: configuration.hiddenSize)
    launcher.gather(normalized, sources: rows, output: wanted.all)
    let logits = Activations(capacity: rows.count, columns: vocabularySize)
    launcher.multiply([MatrixProduct(weights.output, input: wanted.all, output: logits.all)])
    return Logits(logits)
  }

  /// The logits that the model would give if its residual stream were this after its last layer: of a residual
  /// from the middle, the logit lens (nostalgebraist 2020).
  ///
  /// - Parameters:
  ///   - residuals: `[rows, hiddenSize]`, as ``LayerObservation/residuals`` has them; at least one row.
  ///   - precision: as of the pass; then the last layer's residual gives that pass's logits to the bit.
  /// - Returns: `[rows, vocabulary]`.
  /// - Precondition: every row has `hiddenSize` elements.
  public func readOut(_ residuals: [[Float]], precision: Precision? = nil) -> Logits {
    precondition(!residuals.isEmpty && residuals.allSatisfy { $0.count == configuration.hiddenSize })
    let input = Activations(capacity: residuals.count, columns: configuration.hiddenSize)
    for (row, values) in residuals.enumerated() {
      input.withMutableRow(row) { _ = $0.update(from: values) }
    }
    return workspace.withLock { _ in
      launcher.precision = precision ?? self.precision
      normalize(input.all, weights.outputNorm, output: input.all)
      let logits = Activations(capacity: residuals.count, columns: vocabularySize)
      launcher.multiply([MatrixProduct(weights.output, input: input.all, output: logits.all)])
      return Logits(logits)
    }
  }

  /// RMSNorm of every token: `[tokens, hiddenSize]`.
  private func normalize(_ x: ActivationRows, _ weight: FloatVector, output: ActivationRows) {
    launcher.rmsNorm(x, weight: weight, epsilon: configuration.normEpsilon, output: output)
  }

  private func check(_ batch: [BatchEntry]) throws(ModelError) {
    precondition(
      batch.tokenCount <= largestBatch, "\(batch.tokenCount) tokens in a pass, at most \(largestBatch)")
    precondition(Set(batch.map { ObjectIdentifier($0.cache) }).count == batch.count, "a cache twice")
    for entry in batch {
      precondition(!entry.tokens.isEmpty, "an entry without tokens")
      precondition(entry.cache.layers.count == configuration.layerCount, "a cache of another model")
      for token in entry.tokens where token < 0 || token >= vocabularySize {
        throw .tokenOutOfRange(token, vocabularySize: vocabularySize)
      }
      let needed = entry.positions.upperBound
      if needed > configuration.contextLength {
        throw .contextFull(needed: needed, limit: configuration.contextLength)
      }
    }
  }
}

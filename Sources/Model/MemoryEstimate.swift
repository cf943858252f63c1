public import GGUF
import GPTOSSBlockFormats
public import GPTOSSKernels

/// How much memory a model takes, told from its file's header before a byte of its weights is read.
public struct MemoryEstimate: Sendable, Hashable {
  /// Where the weights are.
  public let residency: WeightResidency
  /// Bytes of the weights: all of them if they are copied into memory. In the file, those that one token
  /// reads, which have to stay in memory for a model to be of use.
  public let weights: Int
  /// Bytes of the keys and values of one sequence that fills the context.
  public let cache: Int
  /// Bytes that a forward pass writes to.
  public let workspace: Int
  /// The context that the cache is for, in tokens.
  public let contextLength: Int

  /// The sum.
  public var total: Int { weights + cache + workspace }

  /// Estimates.
  ///
  /// - Parameters:
  ///   - file: the model's file; only its header is read.
  ///   - residency: where the weights are to be.
  ///   - contextLength: the most positions of a sequence; nil for what the model allows.
  ///   - largestBatch: the most tokens that one pass takes.
  ///   - kernels: the kernel set, which decides the layout; nil for what would be used.
  ///   - cacheElement: what keys and values are stored as; nil for the kernel set's own choice.
  /// - Throws: `ModelError` if the file's metadata are not those of a gpt-oss model, or the CPU lacks what the
  ///   kernels need.
  public init(
    _ file: GGUFFile, residency: WeightResidency = .resident, contextLength: Int? = nil,
    largestBatch: Int = 256, kernels: KernelSetName? = nil, cacheElement: CacheElement? = nil
  ) throws(ModelError) {
    let set = if let kernels { try KernelSet(kernels) } else { try KernelSet.ofEnvironment() }
    var configuration = try Configuration(file.metadata)
    configuration.contextLength = min(configuration.contextLength, contextLength ?? .max)
    self.residency = residency
    self.contextLength = configuration.contextLength
    weights =
      switch residency {
      case .resident: file.residentByteCount(kernels: set)
      case .mapped: file.bytesPerToken(configuration)
      }
    cache = KeyValueCache(
      configuration, element: cacheElement ?? set.preferredCacheElement, largestBatch: largestBatch
    ).byteCount(ofPositions: configuration.contextLength)
    workspace = Workspace.byteCount(configuration, tokens: largestBatch)
  }

  /// The estimates for each place where weights may be, the fastest first: in memory if the kernels gain by it.
  ///
  /// - Parameter wanted: where they have to be; nil for either.
  /// - Throws: `ModelError`.
  package static func choices(
    _ file: GGUFFile, wanted: WeightResidency?, contextLength: Int?, largestBatch: Int,
    kernels: KernelSetName?, cacheElement: CacheElement?
  ) throws(ModelError) -> [MemoryEstimate] {
    let set = if let kernels { try KernelSet(kernels) } else { try KernelSet.ofEnvironment() }
    let gains = set.products.layout(for: .mxfp4) != .rows
    var estimates: [MemoryEstimate] = []
    for residency in wanted.map({ [$0] }) ?? (gains ? [.resident, .mapped] : [.mapped]) {
      estimates.append(
        try MemoryEstimate(
          file, residency: residency, contextLength: contextLength, largestBatch: largestBatch,
          kernels: kernels, cacheElement: cacheElement))
    }
    return estimates
  }
}

extension GGUFFile {
  /// Bytes of the weights that are copied, in the kernels' layouts: of all but an embedding that is not the
  /// output matrix too, which stays in the file.
  func residentByteCount(kernels: KernelSet) -> Int {
    let isTied = tensor(named: "output.weight") == nil
    return tensors.filter { isTied || $0.name != "token_embd.weight" }.reduce(0) { sum, tensor in
      guard let format = BlockFormat(ggmlTypeID: tensor.type.rawValue) else { return sum + tensor.byteCount }
      return sum + format.byteCount(tensor.byteCount, in: kernels.products.layout(for: format))
    }
  }

  /// Bytes of the weights that one token reads: all but the embedding's other rows and the experts that are not
  /// chosen.
  ///
  /// - Parameter configuration: the file's own.
  package func bytesPerToken(_ configuration: Configuration) -> Int {
    Int(PassTraffic(self, configuration).byteCount(tokenCount: 1).rounded())
  }
}

extension KeyValueCache {
  /// Bytes of a sequence of so many positions.
  func byteCount(ofPositions count: Int) -> Int { layers.reduce(0) { $0 + $1.byteCount(ofPositions: count) } }
}

extension Workspace {
  /// Bytes of a workspace that was not made.
  static func byteCount(_ configuration: Configuration, tokens: Int) -> Int {
    let (hidden, expertHidden) = (configuration.hiddenSize, configuration.expertHiddenSize)
    let queries = configuration.queryHeadCount * configuration.headDimension
    let keys = configuration.keyValueHeadCount * configuration.headDimension
    let half = configuration.headDimension / 2
    let perToken = [
      hidden, hidden, queries, keys, keys, queries, hidden, half, half, configuration.expertCount,
    ]
    let perChoice = [hidden, expertHidden, expertHidden, hidden]
    func byteCount(_ rows: Int, _ widths: [Int]) -> Int {
      widths.reduce(0) { $0 + Activations.byteCount(capacity: rows, columns: $1) }
    }
    return byteCount(tokens, perToken) + byteCount(tokens * configuration.expertsPerToken, perChoice)
  }
}

public import GPTOSSKernels
public import GPTOSSModel

/// How a model is loaded.
public struct LoadOptions: Sendable {
  /// The arithmetic to use; nil for the best that this machine has.
  public var kernels: KernelSetName?
  /// Where the weights go; nil to choose by the memory that is free.
  public var weights: WeightResidency?
  /// How finely the prompt's activations are quantised where the kernels do that; generated tokens are always precise.
  public var precision: Precision
  /// Threads that compute; nil for as many as the process may use.
  public var threads: Int?
  /// The most positions a sequence may have; nil for all that the model allows. Memory is taken as a sequence grows.
  public var contextLength: Int?
  /// What keys and values are stored as; nil for the kernel set's own choice (float16, for `reference` float32).
  public var cacheElement: CacheElement?
  /// The most tokens that one pass takes: how finely a long prompt is cut.
  public var largestBatch: Int
  /// Receives the share of the weights that has been copied into memory, 0 to 1, if they are.
  public var progress: @Sendable (Double) -> Void

  /// Options whose nil values are chosen at load.
  public init(
    kernels: KernelSetName? = nil, weights: WeightResidency? = nil, precision: Precision = .precise,
    threads: Int? = nil, contextLength: Int? = nil, cacheElement: CacheElement? = nil,
    largestBatch: Int = 256,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) {
    self.kernels = kernels
    self.weights = weights
    self.precision = precision
    self.threads = threads
    self.contextLength = contextLength
    self.cacheElement = cacheElement
    self.largestBatch = largestBatch
    self.progress = progress
  }
}

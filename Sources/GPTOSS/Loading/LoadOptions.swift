public import GPTOSSKernels
public import GPTOSSModel
package import GPTOSSTokenizer

/// How a model is loaded.
public struct LoadOptions: Sendable {
  /// The arithmetic to use; nil for what the environment's `GPTOSS_CPU` names, or else the fastest that this machine has.
  public var kernels: KernelSetName?
  /// Where the weights go; nil to choose by the memory that is free.
  public var weights: WeightResidency?
  /// How finely the prompt's activations are quantized where the kernels do that; generated tokens are always precise.
  ///
  /// `fast` by default, 8 bits as in other engines: a long prompt is read in two thirds of the time or less, and the logits are off
  /// by no more than llama.cpp's. With `precise` they are a thousand times nearer (Docs/Performance.md has both).
  public var precision: Precision
  /// Threads that compute, at least 1; nil for as many as the process may use.
  public var threads: Int?
  /// The most positions a sequence may have, at least 1; nil, or more than the model allows, for all that it allows. Memory is
  /// taken as a sequence grows.
  public var contextLength: Int?
  /// What keys and values are stored as; nil for the kernel set's own choice (int16, for `reference` float32).
  public var cacheElement: CacheElement?
  /// The most tokens that one pass takes, at least 1: how finely a long prompt is cut. At 20b each takes 0.2 MB of memory.
  public var largestBatch: Int
  /// Bytes that the keys and values of remembered sequences may take before those that nothing uses are forgotten; nil for a
  /// quarter of the memory that is free after loading.
  public var cacheByteLimit: Int?
  /// For tests: the tokens to generate after a prompt, whatever the model says; nil to let it speak.
  package var script: (@Sendable (_ prompt: [TokenID]) -> [TokenID]?)?
  /// Receives the share of the weights that has been copied into memory, 0 to 1, if they are; called on the model's thread.
  public var progress: @Sendable (Double) -> Void

  /// Options whose nil values are chosen at load. What a number may be is checked there, as a precondition.
  public init(
    kernels: KernelSetName? = nil, weights: WeightResidency? = nil, precision: Precision = .fast,
    threads: Int? = nil, contextLength: Int? = nil, cacheElement: CacheElement? = nil,
    largestBatch: Int = 256, cacheByteLimit: Int? = nil,
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) {
    self.kernels = kernels
    self.weights = weights
    self.precision = precision
    self.threads = threads
    self.contextLength = contextLength
    self.cacheElement = cacheElement
    self.largestBatch = largestBatch
    self.cacheByteLimit = cacheByteLimit
    self.progress = progress
  }
}

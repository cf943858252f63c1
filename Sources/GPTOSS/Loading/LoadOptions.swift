public import GPTOSSKernels
public import GPTOSSModel
import GPTOSSPlatform
package import GPTOSSTokenizer

/// How a model is loaded.
public struct LoadOptions: Sendable {
  /// The kernels to use; nil for those that the environment variable `GPTOSS_CPU` names, or else the fastest
  /// ones that this machine can run.
  public var kernels: KernelSetName?
  /// Where the weights go; nil to choose by the memory that is free.
  public var weights: WeightResidency?
  /// How finely the activations of a prompt's tokens are quantized, by kernels that quantize. Tokens that the
  /// model generated are always `precise`, because that costs nothing where single tokens are read.
  ///
  /// (`Inference.takePass` decides this pass by pass, by `ReadToken.isFine`. A `Transformer` used by itself
  /// has no such rule: it reads everything as its own option says, which is `precise` by default.)
  ///
  /// By default `fast`, which is 8 bits as in other engines: a long prompt is read in two thirds of the time
  /// or less, and the logits are no further off than llama.cpp's. With `precise` they are a thousand times
  /// nearer (Docs/Performance.md has the figures of both).
  public var precision: Precision
  /// Threads that compute, at least 1; nil for as many as the process may use.
  public var threads: Int?
  /// The most positions a sequence may have, at least 1. With nil, or with more than the model allows, it is
  /// what the model allows. Memory is taken as a sequence grows.
  public var contextLength: Int?
  /// What keys and values are stored as; nil for the kernel set's own choice: float32 for `reference`, else
  /// int16.
  public var cacheElement: CacheElement?
  /// The most tokens that one pass takes, at least 1: how finely a long prompt is cut. At 20b each takes 0.2
  /// MB of memory.
  public var largestBatch: Int
  /// The bytes that keys and values may take before sequences that nothing uses are forgotten; nil for a
  /// quarter of the memory that is free after loading.
  public var cacheByteLimit: Int?
  /// A folder that keeps what was read, so that a later process need not read it again, nor another one at the
  /// same time; nil for none. It is made if it is not there, and its files hold what was said: they are for
  /// their owner alone. Docs/Sessions.md says what is kept, and when it is found.
  public var cacheDirectory: String?
  /// The most bytes that the files of ``cacheDirectory`` may take; beyond it, those go first that were not
  /// used for longest.
  public var cacheDirectoryByteLimit: Int
  /// For tests: the tokens to generate after a prompt, whatever the model says; nil to let it speak.
  package var script: (@Sendable (_ prompt: [TokenID]) -> [TokenID]?)?
  /// For tests: whether tokens that have no alternative are taken without logits.
  package var takesForcedTokens = true
  /// For tests: what a pass of so many tokens costs, whatever is measured; nil to measure it.
  package var passCost: (@Sendable (_ tokenCount: Int) -> Double)?
  /// Receives the share of the weights that has been copied into memory, 0 to 1, unless they stay in the
  /// file. It is called on the model's thread.
  public var progress: @Sendable (Double) -> Void

  /// Receives what a user should know, in lines without a line end: at present that this is a debug build, once
  /// in a process, and that ``cacheDirectory`` cannot be used. By default it is written to standard error.
  public var log: @Sendable (String) -> Void = { line in
    // Where standard error takes nothing, there is nobody to tell.
    do { try writeAll("gptoss: \(line)\n", to: STDERR_FILENO) } catch {}
  }

  /// Options whose nil values are chosen at load.
  ///
  /// - Precondition: numbers are in the ranges that the properties state; this is checked at load.
  public init(
    kernels: KernelSetName? = nil, weights: WeightResidency? = nil, precision: Precision = .fast,
    threads: Int? = nil, contextLength: Int? = nil, cacheElement: CacheElement? = nil,
    largestBatch: Int = 256, cacheByteLimit: Int? = nil, cacheDirectory: String? = nil,
    cacheDirectoryByteLimit: Int = 4_000_000_000,
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
    self.cacheDirectory = cacheDirectory
    self.cacheDirectoryByteLimit = cacheDirectoryByteLimit
    self.progress = progress
  }
}

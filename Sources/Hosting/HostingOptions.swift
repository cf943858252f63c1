public import GPTOSS

/// How a ``ModelHost`` loads models, and what they may take.
public struct HostingOptions: Sendable {
  /// How models are loaded. Where the weights go is the host's choice unless it is said here.
  public var load = LoadOptions()
  /// How long a model that was loaded on first use may go unused before it is unloaded.
  public var idleTime = Duration.seconds(60 * 60)
  /// The most bytes that all models may take by their estimates; nil for what was available to the process
  /// when the host was made: the machine's available memory, or what control groups leave of it.
  public var memoryLimit: Int?
  /// Whether a path is a name, too. A host that gets names from other people should say no.
  public var acceptsPaths = true

  /// The defaults.
  public init() {}
}

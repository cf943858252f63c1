public import GPTOSS
public import GPTOSSModel
public import GPTOSSModelLibrary

/// A model that a host holds, as it is at one moment.
public struct ModelInstance: Sendable {
  /// Tells it from all others that the host has had.
  public var number: Int
  /// What requests may call it.
  public var identifier: String
  /// The file that it was loaded from.
  public var model: LibraryModel
  /// The memory that it may take, estimated from the file's header.
  public var memory: MemoryEstimate
  /// Where it stands.
  public var state: State
  /// The share of it that has been loaded, 0 to 1.
  public var loadedShare: Double
  /// Whether it was loaded on purpose. It then makes no room for others.
  public var isKept: Bool
  /// How many use it now.
  public var useCount: Int
  /// How long it may go unused before it is unloaded; nil for ever.
  public var idleTime: Duration?
  /// How long it has gone unused; nil while it is used.
  public var unused: Duration?
  /// How it was loaded; nil before it is.
  public var information: ModelInformation?

  /// Where a model stands.
  public enum State: String, Sendable {
    /// It is being loaded.
    case loading
    /// It can be used.
    case loaded
    /// It gives its memory back as soon as nobody uses it any more, and takes no new requests.
    case unloading
  }
}

/// Receives how far a model is loaded, 0 to 1; called on the model's thread.
public typealias LoadingObserver = @Sendable (Double) -> Void

/// The right to use a model: it is not unloaded as long as this is there.
///
/// Drop it when an answer is complete. Swift drops what is not mentioned any more: who only takes ``model`` out
/// of it has no right left.
public final class ModelLease: Sendable {
  /// The model.
  public let model: LanguageModel
  /// What the host calls it.
  public let identifier: String
  /// The instance's number (``ModelInstance/number``).
  public let number: Int
  private let onEnd: @Sendable () -> Void

  init(
    _ model: LanguageModel, identifier: String, number: Int, onEnd: @escaping @Sendable () -> Void
  ) {
    self.model = model
    self.identifier = identifier
    self.number = number
    self.onEnd = onEnd
  }

  deinit { onEnd() }
}

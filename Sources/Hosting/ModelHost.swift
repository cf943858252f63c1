public import GPTOSS
import GPTOSSModel
public import GPTOSSModelLibrary
import GPTOSSPlatform

/// Several models in one process, by name: loaded when they are first used, unloaded when nobody has used
/// them for a while, within a limit of memory.
///
///     let host = ModelHost(library: ModelLibrary())
///     let answer = try await host.withModel("openai/gpt-oss-20b") { model in
///       try await ChatSession(model: model).respond(to: "Hello").answer
///     }
///
/// A model in use is never unloaded. All models of a process share their threads and take turns, a pass
/// each; one that nobody uses costs nothing but its memory.
///
/// **Two kinds.** What `use(_:idleTime:)` loads has an idle time, and makes room when another model needs
/// its memory and nobody uses it. What `load(_:identifier:idleTime:contextLength:)` loads stays until it is
/// unloaded, unless it was given an idle time.
///
/// **Memory.** Before a byte of a model is read, its weights, the keys and values of one sequence that fills
/// the context, and its workspace are estimated from the header (`MemoryEstimate`). All estimates stay
/// within the limit. Weights that do not fit stay in the file if that is enough. Several conversations at a
/// time may take more than the one that was estimated, as far as memory is free: a quarter of it.
public final class ModelHost: Sendable {
  /// Where names are looked up.
  public let library: ModelLibrary
  /// How models are loaded.
  public let options: HostingOptions
  /// The most bytes that all models may take by their estimates.
  public let memoryLimit: Int
  let slots = Locked(Slots())

  /// A host that holds nothing yet.
  public init(library: ModelLibrary, options: HostingOptions = HostingOptions()) {
    self.library = library
    self.options = options
    memoryLimit = options.memoryLimit ?? availableMemoryByteCount()
  }

  /// The models at this moment, in the order in which they came.
  public var instances: [ModelInstance] { slots.withLock { $0.all.map(\.instance) } }

  // MARK: Using

  /// Does something with the model of a name, which is not unloaded meanwhile.
  ///
  /// - Parameters:
  ///   - name: an identifier of a loaded model, or what the library resolves.
  ///   - idleTime: how long the model may go unused if this loads it; nil for the options' time.
  ///   - body: uses the model, and should not keep it.
  /// - Returns: what `body` returns.
  /// - Throws: `HostingError`, and what `body` throws.
  public func withModel<Value: Sendable>(
    _ name: String, idleTime: Duration? = nil, _ body: (LanguageModel) async throws -> Value
  ) async throws -> Value {
    let lease = try await use(name, idleTime: idleTime)
    defer { withExtendedLifetime(lease) {} }
    return try await body(lease.model)
  }

  /// Lets the caller use the model of a name; loads it if it is not loaded. Many who ask at the same time
  /// wait for one loading.
  ///
  /// - Parameters:
  ///   - name: an identifier of a loaded model, or what the library resolves.
  ///   - idleTime: how long the model may go unused if this loads it; nil for the options' time.
  ///   - contextLength: the most positions of a sequence if this loads it; nil for what the options say.
  ///   - onProgress: receives the share that has been loaded, 0 to 1, while the model is loaded.
  /// - Returns: the right to use it, which ends with the object: keep that until the answer is complete, with
  ///   `withExtendedLifetime` if need be. ``withModel(_:idleTime:_:)`` does so.
  /// - Throws: `HostingError`. A cancelled task waits no longer than for the next tensor, and a loading for
  ///   which nobody waits any more ends.
  public func use(
    _ name: String, idleTime: Duration? = nil, contextLength: Int? = nil, onProgress: LoadingObserver? = nil
  ) async throws(HostingError) -> ModelLease {
    if let held = slots.withLock({ hold($0.slot(identifier: name), in: &$0, onProgress) }) {
      return try await lease(held)
    }
    return try await use(
      try resolve(name), idleTime: idleTime, contextLength: contextLength, onProgress: onProgress)
  }

  /// Lets the caller use a model that is loaded, or being loaded.
  ///
  /// - Parameter number: the number of the instance (``ModelInstance/number``).
  /// - Throws: `HostingError.notLoaded` if it is gone or about to go.
  public func use(instance number: Int) async throws(HostingError) -> ModelLease {
    guard let held = slots.withLock({ hold($0.slot(number: number), in: &$0) }) else {
      throw .notLoaded(identifier: "number \(number)", loaded: slots.withLock(\.identifiers))
    }
    return try await lease(held)
  }

  /// The same for a model that the library has found.
  ///
  /// - Throws: `HostingError`.
  public func use(
    _ model: LibraryModel, idleTime: Duration? = nil, contextLength: Int? = nil,
    onProgress: LoadingObserver? = nil
  ) async throws(HostingError) -> ModelLease {
    if let held = slots.withLock({ hold($0.slot(path: model.path), in: &$0, onProgress) }) {
      return try await lease(held)
    }
    let estimates = try estimates(of: model, contextLength: contextLength ?? options.load.contextLength)
    let held = try slots.withLock { (slots) throws(HostingError) in
      // Somebody else may have begun meanwhile.
      if let held = hold(slots.slot(path: model.path), in: &slots, onProgress) { return held }
      return try begin(
        model, estimates, identifier: slots.freeIdentifier(model.identifier), isKept: false,
        idleTime: idleTime ?? options.idleTime, onProgress, in: &slots)
    }
    return try await lease(held)
  }

  // MARK: Loading and unloading

  /// What loading a model would take, without loading it.
  ///
  /// - Parameters:
  ///   - name: what the library resolves.
  ///   - contextLength: the most positions of a sequence; nil for what the options say.
  /// - Returns: the estimate for the fastest place of the weights that the options allow.
  /// - Throws: `HostingError`.
  public func memory(of name: String, contextLength: Int? = nil) throws(HostingError) -> MemoryEstimate {
    let model = try resolve(name)
    let estimates = try estimates(of: model, contextLength: contextLength ?? options.load.contextLength)
    guard let first = estimates.first else { preconditionFailure("the weights are somewhere") }
    return first
  }

  /// Loads a model on purpose, a second time if it is loaded already.
  ///
  /// - Parameters:
  ///   - name: what the library resolves.
  ///   - identifier: what requests may call it; nil for its name, or `name:2` and so on if that is taken.
  ///   - idleTime: how long it may go unused before it is unloaded; nil for ever.
  ///   - contextLength: the most positions of a sequence; nil for what the options say.
  ///   - onProgress: receives the share that has been loaded, 0 to 1.
  /// - Returns: what was loaded.
  /// - Throws: `HostingError`.
  @discardableResult
  public func load(
    _ name: String, identifier: String? = nil, idleTime: Duration? = nil, contextLength: Int? = nil,
    onProgress: LoadingObserver? = nil
  ) async throws(HostingError) -> ModelInstance {
    try await load(
      try resolve(name), identifier: identifier, idleTime: idleTime, contextLength: contextLength,
      onProgress: onProgress)
  }

  /// The same for a model that the library has found.
  ///
  /// - Throws: `HostingError`.
  @discardableResult
  public func load(
    _ model: LibraryModel, identifier: String? = nil, idleTime: Duration? = nil, contextLength: Int? = nil,
    onProgress: LoadingObserver? = nil
  ) async throws(HostingError) -> ModelInstance {
    if let identifier, !Self.isIdentifier(identifier) { throw .invalidIdentifier(identifier) }
    let estimates = try estimates(of: model, contextLength: contextLength ?? options.load.contextLength)
    let held = try slots.withLock { (slots) throws(HostingError) in
      if let identifier, slots.slot(identifier: identifier) != nil { throw .identifierTaken(identifier) }
      return try begin(
        model, estimates, identifier: identifier ?? slots.freeIdentifier(model.identifier), isKept: true,
        idleTime: idleTime, onProgress, in: &slots)
    }
    let lease = try await lease(held)
    let instance = slots.withLock { slots in slots.all.first { $0.number == held.number }?.instance }
    guard let instance else { preconditionFailure("a model in use is held") }
    withExtendedLifetime(lease) {}
    return instance
  }

  /// Unloads a model. It takes no new requests from now on, and leaves when nobody uses it any more.
  ///
  /// Returns when its memory has been given back.
  ///
  /// - Throws: `HostingError.notLoaded`.
  public func unload(_ identifier: String) async throws(HostingError) {
    let number = try slots.withLock { (slots) throws(HostingError) in
      guard let slot = slots.slot(identifier: identifier) else {
        throw .notLoaded(identifier: identifier, loaded: slots.identifiers)
      }
      leave(slot.number, in: &slots)
      return slot.number
    }
    await departure(of: number)
  }

  /// Waits until what the models have read is in their cache folder (`LoadOptions.cacheDirectory`): before a
  /// program ends.
  public func finishKeeping() async {
    for model in slots.withLock({ $0.all.compactMap(\.loaded) }) { await model.finishKeeping() }
  }

  /// Unloads all models, each when nobody uses it any more. Returns when their memory has been given back.
  public func unloadAll() async {
    let numbers = slots.withLock { slots in
      let numbers = slots.all.map(\.number)
      for slot in slots.all where !slot.isLeaving { leave(slot.number, in: &slots) }
      return numbers
    }
    for number in numbers { await departure(of: number) }
  }
}

// MARK: - Names and memory

extension ModelHost {
  private func resolve(_ name: String) throws(HostingError) -> LibraryModel {
    do { return try library.model(named: name, acceptsPaths: options.acceptsPaths) } catch {
      throw .library(error)
    }
  }

  /// What a model may take: with its weights in memory, if they may be, and then with its weights in the file.
  private func estimates(
    of model: LibraryModel, contextLength: Int?
  ) throws(HostingError) -> [MemoryEstimate] {
    do throws(ModelFault) {
      return try library.memory(of: model, options: options.load, contextLength: contextLength)
    } catch { throw .unusable(name: model.identifier, error) }
  }

  private static func isIdentifier(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count) && text.inert == text && !text.hasPrefix("/")
      && !text.hasPrefix(".")
  }
}

// MARK: - Loading

extension ModelHost {
  /// Makes room for a model and begins to load it.
  private func begin(
    _ model: LibraryModel, _ estimates: [MemoryEstimate], identifier: String, isKept: Bool,
    idleTime: Duration?, _ onProgress: LoadingObserver?, in slots: inout Slots
  ) throws(HostingError) -> HeldSlot {
    let limit = memoryLimit
    let rooms = estimates.map { (memory: $0, room: slots.room(for: $0.total, limit: limit)) }
    guard let (memory, room) = rooms.first(where: { $0.room.missing == 0 }) else {
      guard let (memory, room) = rooms.min(by: { $0.room.missing < $1.room.missing }) else {
        preconditionFailure("a model has an estimate")
      }
      throw .notEnoughMemory(
        name: model.identifier, needed: memory.total, missing: room.missing, limit: limit)
    }
    for number in room.leaving { leave(number, in: &slots) }
    let departures = slots.all.filter { $0.departure != nil || $0.isAbandoned }.map(\.number)
    var loadOptions = options.load
    loadOptions.weights = memory.residency
    loadOptions.contextLength = memory.contextLength
    let left = limit - slots.all.reduce(memory.total) { $0 + $1.memory.total }
    loadOptions.cacheByteLimit = loadOptions.cacheByteLimit ?? max(memory.cache, left / 4)
    let number = slots.nextNumber()
    loadOptions.progress = { [weak self, progress = options.load.progress] share in
      progress(share)
      self?.tell(share, ofLoading: number)
    }
    let loading = Task { [loadOptions] in
      for number in departures { await self.departure(of: number) }
      return await self.load(model, number, loadOptions)
    }
    slots.append(
      Slot(
        number: number, identifier: identifier, model: model, memory: memory, isKept: isKept,
        idleTime: idleTime, loading: loading, observers: [onProgress].compactMap(\.self)))
    return HeldSlot(number: number, identifier: identifier, loading: loading)
  }

  private func load(
    _ model: LibraryModel, _ number: Int, _ options: LoadOptions
  ) async -> Result<LanguageModel, HostingError> {
    do throws(GPTOSSError) {
      let loaded = try await LanguageModel.load(contentsOf: model.path, options: options)
      slots.withLock { slots in
        let isUnwanted = slots.change(number) { slot in
          slot.loaded = loaded
          slot.observers = []
          return slot.isLeaving && slot.useCount == 0
        }
        if isUnwanted == true { depart(number, in: &slots) }
      }
      return .success(loaded)
    } catch {
      remove(number)
      return .failure(.loading(name: model.identifier, error))
    }
  }

  /// Tells those who wait for a model how far it is.
  private func tell(_ share: Double, ofLoading number: Int) {
    let observers = slots.withLock { slots in
      slots.change(number) { slot in
        slot.loadedShare = share
        return slot.observers
      }
    }
    for observer in observers ?? [] { observer(share) }
  }
}

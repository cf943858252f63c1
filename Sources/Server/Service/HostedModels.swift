import GGUF
import GPTOSS
public import GPTOSSHosting
import GPTOSSModel
public import GPTOSSModelLibrary
import Synchronization

/// The models of a library, loaded when a request names them.
///
/// While the library holds no gpt-oss model at all, the small model that comes with the program answers to
/// OpenAI's names, and ``warning`` says so.
public final class HostedModels: Sendable {
  private let modelHost: ModelHost
  /// A model that was loaded at the start, and its names.
  private let kept: (model: LibraryModel, names: ModelNames)?
  /// What files say of themselves, by path, size and time of change.
  private let headers = Mutex<[String: (identity: [Int], header: ModelHeader?)]>([:])
  /// The names whose first answer has been logged.
  private let told = Mutex<Set<String>>([])

  private static let standInNames = ["openai/gpt-oss-20b", "gpt-oss-20b"]
  private static let standIn = "assistant"

  /// The models of a host's library.
  ///
  /// - Parameters:
  ///   - host: loads and unloads them. Paths should not be names for it.
  ///   - kept: a model that the host has loaded, and the names that mean it whatever the library holds.
  public init(_ host: ModelHost, kept: (model: LibraryModel, names: ModelNames)? = nil) {
    modelHost = host
    self.kept = kept
  }

  /// What the user should know at the start: that the small model stands in for a real one; nil if it does
  /// not.
  public var warning: String? {
    guard let model = packagedStandIn(for: Self.standInNames[0]) else { return nil }
    return "there is no gpt-oss model on this machine: the small model \(model.name) answers for "
      + "\(Self.standInNames.joined(separator: " and ")); gptoss get \(Self.standInNames[0]) downloads the "
      + "real one"
  }

  /// The names that requests may use.
  public var names: [String] { served().flatMap(\.names) }
}

extension HostedModels: ModelProvider {
  package var host: ModelHost? { modelHost }

  package func use(
    _ name: String, idleTime: Duration?, contextLength: Int?, onProgress: LoadingObserver?
  ) async throws(ServerError) -> UsedModel {
    do throws(HostingError) {
      if let model = model(meantBy: name) {
        let lease = try await modelHost.use(
          model.model, idleTime: idleTime, contextLength: contextLength, onProgress: onProgress)
        return UsedModel(
          lease.model, identifier: lease.identifier, lease: lease,
          notice: model.isStandIn ? notice(name) : nil)
      }
      let lease = try await modelHost.use(
        name, idleTime: idleTime, contextLength: contextLength, onProgress: onProgress)
      return UsedModel(lease.model, identifier: lease.identifier, lease: lease)
    } catch { throw ServerError(error, name: name) }
  }

  package func use(_ instance: ServedInstance) async throws(ServerError) -> UsedModel {
    do throws(HostingError) {
      let lease = try await modelHost.use(instance: instance.number)
      return UsedModel(lease.model, identifier: lease.identifier, lease: lease)
    } catch { throw ServerError(error, name: instance.identifier) }
  }

  package func load(
    _ name: String, as instance: InstanceParameters, onProgress: LoadingObserver?
  ) async throws(ServerError) -> Int {
    do throws(HostingError) {
      if let model = model(meantBy: name, orAnInstance: false) {
        return try await modelHost.load(
          model.model, identifier: instance.identifier, idleTime: instance.idleTime,
          contextLength: instance.contextLength, onProgress: onProgress
        ).number
      }
      return try await modelHost.load(
        name, identifier: instance.identifier, idleTime: instance.idleTime,
        contextLength: instance.contextLength, onProgress: onProgress
      ).number
    } catch { throw ServerError(error, name: name) }
  }

  package func models() -> [ServedModel] { served() }

  package func model(named name: String) throws(ServerError) -> ServedModel {
    let served = served()
    let isMeant = { (instance: ServedInstance) in instance.identifier == name && instance.state != .unloading
    }
    if let model = served.first(where: { $0.instances.contains(where: isMeant) }) { return model }
    if let model = served.first(where: { $0.names.contains(name) }) { return model }
    let found: LibraryModel
    do throws(ModelLibraryError) {
      if let meant = model(meantBy: name) {
        found = meant.model
      } else {
        found = try modelHost.library.model(named: name, acceptsPaths: false)
      }
    } catch { throw ServerError(.library(error), name: name) }
    guard let model = served.first(where: { $0.names.contains(found.identifier) }) else {
      throw .unknownModel(name, download: nil)
    }
    return model
  }
}

// MARK: - Names

extension HostedModels {
  /// The model of a name that neither an identifier nor the library decides; nil for all others.
  ///
  /// - Parameter orAnInstance: whether identifiers of loaded models are names, too.
  private func model(
    meantBy name: String, orAnInstance: Bool = true
  ) -> (model: LibraryModel, isStandIn: Bool)? {
    if orAnInstance,
      modelHost.instances.contains(where: { $0.identifier == name && $0.state != .unloading })
    {
      return nil
    }
    if let kept, kept.names.all.contains(name) { return (kept.model, false) }
    if let standIn = packagedStandIn(for: name) { return (standIn, true) }
    guard name.hasPrefix(ModelNames.anthropicPrefix) else { return nil }
    let library = modelHost.library.models
    let any =
      kept?.model ?? modelHost.instances.first { $0.state != .unloading }?.model
      ?? library.first { $0.source != .package && header(of: $0) != nil }
      ?? library.first { $0.source == .package && header(of: $0) != nil }
    return any.map { ($0, false) }
  }

  /// The small model, if it answers to a name because the library holds nothing better.
  private func packagedStandIn(for name: String) -> LibraryModel? {
    guard kept == nil, Self.standInNames.contains(name.lowercased()) else { return nil }
    let library = modelHost.library.models
    guard !library.contains(where: { $0.source != .package && header(of: $0) != nil }) else { return nil }
    return library.first { $0.source == .package && $0.name == Self.standIn }
  }

  private func notice(_ name: String) -> String? {
    guard told.withLock({ $0.insert(name.lowercased()).inserted }) else { return nil }
    return "the small model \(Self.standIn) answers for \(name); gptoss get \(name) downloads the real one"
  }
}

// MARK: - What is there

/// What a file says of its model.
private struct ModelHeader: Sendable {
  var architecture: String
  var contextLength: Int
  var parameterCount: Int
}

extension HostedModels {
  private func served() -> [ServedModel] {
    let instances = modelHost.instances
    var library = modelHost.library.models
    for model in instances.map(\.model) + (kept.map { [$0.model] } ?? [])
    where !library.contains(where: { $0.path == model.path }) {
      library.append(model)
    }
    let stems = Dictionary(grouping: library) { $0.stem.lowercased() }
    return library.compactMap { model in
      guard let header = header(of: model) else { return nil }
      let own = instances.filter { $0.model.path == model.path }
      var names: [String] = []
      if let kept, kept.model.path == model.path { names += kept.names.all }
      // A file that was named by its path has no other name.
      if model.source != .file {
        names += [model.identifier] + model.aliases + [model.name]
        if packagedStandIn(for: Self.standInNames[0])?.path == model.path { names += Self.standInNames }
        if stems[model.stem.lowercased()]?.count == 1, model.source != .package {
          names += [model.stem, model.stem + ".gguf"]
        }
      }
      names += own.filter { $0.state != .unloading }.map(\.identifier)
      names = names.firstOfEach(\.self)
      guard !names.isEmpty else { return nil }
      return ServedModel(
        names: names, publisher: model.publisher, architecture: header.architecture,
        quantization: model.quantization, byteCount: model.byteCount, parameterCount: header.parameterCount,
        contextLength: header.contextLength, instances: own.map(ServedInstance.init))
    }
  }

  /// What a model's file says; nil if it is no gpt-oss model, or cannot be read.
  private func header(of model: LibraryModel) -> ModelHeader? {
    guard model.fault == nil, let identity = model.fileIdentity else { return nil }
    if let known = headers.withLock({ $0[model.path] }), known.identity == identity { return known.header }
    let header = ModelHeader(path: model.path)
    headers.withLock { $0[model.path] = (identity, header) }
    return header
  }
}

extension ModelHeader {
  init?(path: String) {
    // A file that is no model of ours is left out of the list: gptoss ls says what is wrong with it.
    do {
      let file = try GGUFFile(path: path)
      let configuration = try Configuration(file.metadata)
      architecture = try file.metadata.string("general.architecture")
      contextLength = configuration.contextLength
      parameterCount = file.tensors.reduce(0) { $0 + $1.dimensions.reduce(1, *) }
    } catch { return nil }
  }
}

extension ServedInstance {
  fileprivate init(_ instance: ModelInstance) {
    self.init(
      number: instance.number, identifier: instance.identifier, contextLength: instance.memory.contextLength,
      state: instance.state, loadedShare: instance.loadedShare, isKept: instance.isKept,
      useCount: instance.useCount, byteCount: instance.memory.total, idleTime: instance.idleTime,
      unused: instance.unused)
  }
}

extension ServerError {
  /// The error that a client gets who names a model.
  init(_ error: HostingError, name: String) {
    switch error {
    case .library(.notFound(_, let download)): self = .unknownModel(name, download: download ?? "OWNER/REPO")
    case .notEnoughMemory, .loading(_, .model(.notEnoughMemory)): self = .modelDoesNotFit("\(error)")
    case .notLoaded(let identifier, _): self = .notLoaded(identifier, problem: "\(error)")
    case .identifierTaken, .invalidIdentifier:
      self = .invalid(parameter: "identifier", problem: "\(error)")
    case .library, .unusable, .loading: self = .invalid(parameter: "model", problem: "\(error)")
    }
  }
}

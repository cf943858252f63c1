import GPTOSS
import GPTOSSHosting
import GPTOSSJSON
import GPTOSSModel

// How requests name models, and what is told of them.

extension SocketService {
  /// The models that are loaded, in the order in which they came.
  var loaded: [LoadedInstance] {
    service.models.models().flatMap { model in
      model.instances.filter { $0.state == .loaded }.map { LoadedInstance(model: model, instance: $0) }
    }
    .sorted { $0.instance.number < $1.instance.number }
  }

  private var loadedIdentifiers: [String] { loaded.map(\.instance.identifier) }

  /// The loaded model that a request means: `{"type": "query", "query": {…}}` or
  /// `{"type": "instanceReference", "instanceReference": …}`.
  ///
  /// - Throws: `SocketFault` if there is none.
  func find(_ specifier: JSONField) throws -> LoadedInstance {
    let loaded = loaded
    if try specifier.required("type").string() == "instanceReference" {
      let reference = InstanceReference(try specifier.required("instanceReference").string())
      guard let reference, reference.epoch == epoch,
        let found = loaded.first(where: { $0.instance.number == reference.number })
      else { throw SocketFault.unloaded }
      return found
    }
    let query = try specifier.required("query")
    guard let found = try loaded.first(fitting: query) else {
      throw SocketFault.noMatch(query.value, among: loadedIdentifiers)
    }
    return found
  }

  /// Lets a request use the loaded model that it means. One that an earlier server had is loaded again.
  ///
  /// - Throws: `SocketFault`, `ServerError`.
  func use(_ specifier: JSONField, _ exchange: Exchange) async throws -> (UsedModel, LoadedInstance) {
    let used: UsedModel
    if let reference = try specifier.text("instanceReference").flatMap({ InstanceReference($0) }),
      reference.epoch != epoch
    {
      used = try await service.models.use(reference.identifier, idleTime: nil)
    } else {
      let found = try find(specifier)
      do { used = try await service.models.use(found.instance) } catch {
        if case .notLoaded = error { throw SocketFault.unloaded }
        throw error
      }
    }
    exchange.note { $0.model = used.identifier }
    guard let instance = instance(used.instance) else { throw SocketFault.unloaded }
    return (used, instance)
  }

  /// What is known of the instance of a number; nil if it is gone.
  func instance(_ number: Int) -> LoadedInstance? {
    for model in service.models.models() {
      for instance in model.instances where instance.number == number {
        return LoadedInstance(model: model, instance: instance)
      }
    }
    return nil
  }

  // MARK: Calls

  /// `getModelInfo`: nothing for a model that is not loaded, unless the client wants an error.
  func modelInfo(_ parameter: JSONField) throws -> JSONValue? {
    do { return try find(parameter.required("specifier")).json(epoch) } catch let fault as SocketFault {
      if try parameter.flag("throwIfNotFound") == true { throw fault }
      return nil
    }
  }

  /// `getInstanceProcessingState`.
  func processingState(_ parameter: JSONField) throws -> JSONValue {
    let instance = try find(parameter.required("specifier")).instance
    return [
      "status": instance.useCount > 0 ? "generating" : "idle",
      "queued": .integer(service.admission.counts.waiting),
    ]
  }

  /// `getBasePredictionConfig`: what a prediction has that asks for nothing.
  func basePredictionConfiguration(_ parameter: JSONField, _ exchange: Exchange) async throws -> JSONValue {
    let (used, _) = try await use(parameter.required("specifier"), exchange)
    defer { withExtendedLifetime(used.lease) {} }
    let sampling = used.lease?.model.information.recommendedSampling
    func checkbox(_ value: Float?, otherwise: Double) -> JSONValue {
      ["checked": .bool(value != nil), "value": JSONValue(decimal: value.map(Double.init) ?? otherwise)]
    }
    let fields: [(String, JSONValue)] = [
      ("temperature", JSONValue(decimal: Double(sampling?.temperature ?? 1))),
      ("topKSampling", .integer(sampling?.topK ?? 0)),
      ("topPSampling", checkbox(sampling?.topP, otherwise: 1)),
      ("minPSampling", checkbox(sampling?.minP, otherwise: 0)),
      ("repeatPenalty", checkbox(nil, otherwise: 1)),
    ]
    return [
      "fields": .array(
        fields.map { ["key": .string(PredictionConfiguration.prefix + $0), "value": $1] })
    ]
  }

  /// `unloadModel`. A model that is in use takes no new requests, and leaves when its answers are complete;
  /// nobody waits for that longer than for a few seconds.
  func unloadModel(_ parameter: JSONField) async throws {
    let identifier = try parameter.required("identifier").string()
    guard let host = service.models.host else { throw ServerError.oneModel("identifier") }
    guard loaded.contains(where: { $0.instance.identifier == identifier }) else {
      throw SocketFault.unknownIdentifier(identifier, among: loadedIdentifiers)
    }
    let (end, continuation) = AsyncThrowingStream.makeStream(of: Void.self)
    Task {
      do throws(HostingError) {
        try await host.unload(identifier)
        continuation.finish()
      } catch { continuation.finish(throwing: error) }
    }
    let patience = Task {
      try await Task.sleep(for: .seconds(10))
      continuation.finish()
    }
    defer { patience.cancel() }
    do { for try await _ in end {} } catch is HostingError {
      throw SocketFault.unknownIdentifier(identifier, among: loadedIdentifiers)
    }
  }
}

extension [LoadedInstance] {
  /// The first that a query fits: all of them fit an empty one. A model may be meant by its identifier, or by
  /// any of its names.
  ///
  /// - Throws: `JSONError` with the path of a field of another type.
  fileprivate func first(fitting query: JSONField) throws -> LoadedInstance? {
    if let domain = try query.text("domain"), domain != "llm" { return nil }
    if try query.flag("vision") == true { return nil }
    var candidates = self
    if let path = try query.text("path") {
      candidates = candidates.filter { $0.model.names.contains(path) }
    }
    guard let identifier = try query.text("identifier") else { return candidates.first }
    return candidates.first { $0.instance.identifier == identifier }
      ?? candidates.first { $0.instance.identifier.lowercased() == identifier.lowercased() }
      ?? candidates.first { $0.model.names.contains(identifier) }
  }
}

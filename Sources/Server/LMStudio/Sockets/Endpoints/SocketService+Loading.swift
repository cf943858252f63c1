import GPTOSSHosting
import GPTOSSJSON
import Synchronization

// Channels that load models.

extension SocketService {
  /// `getOrLoad`: the model of a name, loaded if it is not.
  ///
  /// - Throws: `SocketFault`, `ServerError`, `JSONError`.
  func getOrLoad(_ parameter: JSONField, _ channel: SocketChannel) async throws {
    let name = try parameter.required("identifier").string()
    let configuration = try ConfigurationStack(parameter.optional("loadConfigStack"))
    let idleTime = try parameter.milliseconds("loadTtlMs")
    note(configuration, channel.exchange)
    let model = try known(name)
    // The identifier of an instance means it, a name any instance of the model.
    let ready = model.instances.filter { $0.state == .loaded }
    if let instance = ready.first(where: { $0.identifier == name }) ?? ready.first {
      channel.send([
        ["type": "alreadyLoaded", "info": LoadedInstance(model: model, instance: instance).json(epoch)]
      ])
      return
    }
    channel.send([["type": "startLoading", "identifier": .string(name), "info": model.socketJSON]])
    let progress = LoadingProgress("loadProgress", channel)
    let contextLength = try configuration.contextLength()
    let number = try await loading(channel) { [models = service.models] in
      try await models.use(
        name, idleTime: idleTime, contextLength: contextLength, onProgress: progress.tell
      ).instance
    }
    progress.finish()
    guard let info = instance(number)?.json(epoch) else { throw SocketFault.unloaded }
    channel.send([["type": "loadSuccess", "info": info]])
  }

  /// `loadModel`: a new instance, in any case.
  ///
  /// - Throws: `SocketFault`, `ServerError`, `JSONError`.
  func loadModel(_ parameter: JSONField, _ channel: SocketChannel) async throws {
    let name = try parameter.required("modelKey").string()
    let configuration = try ConfigurationStack(parameter.optional("loadConfigStack"))
    let parameters = InstanceParameters(
      identifier: try parameter.text("identifier"), idleTime: try parameter.milliseconds("ttlMs"),
      contextLength: try configuration.contextLength())
    note(configuration, channel.exchange)
    channel.send([["type": "resolved", "info": try known(name).socketJSON]])
    let progress = LoadingProgress("progress", channel)
    let number = try await loading(channel) { [models = service.models] in
      try await models.load(name, as: parameters, onProgress: progress.tell)
    }
    progress.finish()
    guard let info = instance(number)?.json(epoch) else { throw SocketFault.unloaded }
    channel.send([["type": "success", "info": info]])
  }

  /// The model of a name, loaded or not.
  private func known(_ name: String) throws -> ServedModel {
    do { return try service.models.model(named: name) } catch {
      throw SocketFault.unknownPath(name, error, among: service.models.models().map(\.key))
    }
  }

  /// Loads something. A client that does not want it any more is told so at once, and the loading ends at its
  /// next step.
  private func loading<Value: Sendable>(
    _ channel: SocketChannel, _ load: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task(operation: load)
    channel.exchange.onCancel {
      channel.close()
      task.cancel()
    }
    defer { channel.exchange.complete() }
    return try await task.value
  }

  private func note(_ configuration: ConfigurationStack, _ exchange: Exchange) {
    let ignored = configuration.keys.filter { $0 != ConfigurationStack.contextLengthKey }
    exchange.note { $0.ignored = ignored }
  }
}

/// Tells a client how far a model is loaded, not more often than anybody can see.
private final class LoadingProgress: Sendable {
  private let type: JSONValue
  private let channel: SocketChannel
  private let told = Mutex(0.0)

  init(_ type: JSONValue, _ channel: SocketChannel) {
    self.type = type
    self.channel = channel
    send(0)
  }

  /// Takes note of a share, 0 to 1.
  @Sendable func tell(_ share: Double) {
    told.withLock { told in
      guard share >= told + 0.01, share < 1 else { return }
      told = share
      send(share)
    }
  }

  func finish() { told.withLock { _ in send(1) } }

  private func send(_ share: Double) {
    channel.send(progress: ["type": type, "progress": JSONValue(decimal: share)])
  }
}

extension JSONField {
  /// A time in milliseconds; nil if it is not said.
  fileprivate func milliseconds(_ key: String) throws -> Duration? {
    try number(key, in: 1...1e15).map { .milliseconds($0) }
  }
}

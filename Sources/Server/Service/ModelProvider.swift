package import GPTOSS
package import GPTOSSHosting

/// Where the service gets the models that requests name.
package protocol ModelProvider: Sendable {
  /// What loads and unloads models by name; nil where there is one model that stays.
  var host: ModelHost? { get }

  /// Lets a request use the model of a name, which is loaded if it is not.
  ///
  /// - Parameters:
  ///   - idleTime: how long the model may go unused if this loads it; nil for the provider's time.
  ///   - contextLength: the most positions of a sequence if this loads it; nil for the provider's own choice.
  ///   - onProgress: receives the share that has been loaded.
  /// - Throws: ``ServerError/unknownModel(_:download:)`` and others that say why there is no such model.
  func use(
    _ name: String, idleTime: Duration?, contextLength: Int?, onProgress: LoadingObserver?
  ) async throws(ServerError) -> UsedModel

  /// Lets a request use a model that is loaded.
  ///
  /// - Throws: ``ServerError/notLoaded(_:problem:)``.
  func use(_ instance: ServedInstance) async throws(ServerError) -> UsedModel

  /// Loads a model on purpose, a second time if it is loaded already.
  ///
  /// - Returns: the number of the instance.
  /// - Throws: as ``use(_:idleTime:contextLength:onProgress:)``; ``ServerError/invalid(parameter:problem:)`` for an
  ///   identifier that cannot be used.
  func load(_ name: String, as instance: InstanceParameters, onProgress: LoadingObserver?)
    async throws(ServerError) -> Int

  /// All models that can be used, loaded or not, and the names that requests may use.
  func models() -> [ServedModel]

  /// The model of a name, as it is now.
  ///
  /// - Throws: ``ServerError/unknownModel(_:download:)``.
  func model(named name: String) throws(ServerError) -> ServedModel
}

extension ModelProvider {
  /// The same without watching how far a model is loaded.
  func use(_ name: String, idleTime: Duration?) async throws(ServerError) -> UsedModel {
    try await use(name, idleTime: idleTime, contextLength: nil, onProgress: nil)
  }
}

/// How a model is loaded on purpose.
package struct InstanceParameters: Sendable {
  /// What requests may call it; nil for the model's name, or `name:2` and so on if that is taken.
  package var identifier: String?
  /// How long it may go unused before it is unloaded; nil for ever.
  package var idleTime: Duration?
  /// The most positions of a sequence; nil for the server's own choice.
  package var contextLength: Int?

  package init(identifier: String? = nil, idleTime: Duration? = nil, contextLength: Int? = nil) {
    self.identifier = identifier
    self.idleTime = idleTime
    self.contextLength = contextLength
  }
}

/// A model that a request uses.
package struct UsedModel: Sendable {
  package var model: any TokenModel
  /// What the server calls it.
  package var identifier: String
  /// The number of its instance.
  package var instance: Int
  /// Keeps the model from being unloaded as long as it is there; nil for a model that stays.
  package var lease: ModelLease?
  /// What the log is to say of the choice; nil for nothing.
  package var notice: String?

  package init(
    _ model: any TokenModel, identifier: String, lease: ModelLease? = nil, notice: String? = nil
  ) {
    self.model = model
    self.identifier = identifier
    instance = lease?.number ?? OneModel.instance
    self.lease = lease
    self.notice = notice
  }
}

/// A model that requests may name, loaded or not.
package struct ServedModel: Sendable {
  /// Its names, the one that the server itself uses first.
  package var names: [String]
  /// Who publishes it; empty if its folder does not tell.
  var publisher = ""
  /// `general.architecture`.
  var architecture = "gpt-oss"
  /// How the weights are stored, as the file's name says; nil if it does not.
  var quantization: String?
  /// The size of its files.
  var byteCount = 0
  /// Its weights; nil if they are not known.
  var parameterCount: Int?
  /// The most positions that a sequence of it may have.
  var contextLength: Int
  /// Those that are loaded, or being loaded.
  package var instances: [ServedInstance]

  /// The name that the server itself uses.
  var key: String { names[0] }
}

/// A model that is loaded, as it is now.
package struct ServedInstance: Sendable {
  /// Tells it from all others that there were.
  var number = OneModel.instance
  package var identifier: String
  var contextLength: Int
  /// `loading`, `loaded` or `unloading`.
  var state: ModelInstance.State = .loaded
  /// The share that has been loaded, 0 to 1.
  var loadedShare = 1.0
  /// Whether it was loaded on purpose.
  var isKept = true
  /// How many requests use it.
  var useCount = 0
  /// The bytes that it may take by the estimate; nil where nobody has estimated it.
  var byteCount: Int?
  /// After how long without a request it is unloaded; nil for never.
  var idleTime: Duration?
  /// How long no request has used it; nil while one does.
  var unused: Duration?
}

/// One model that is there all the time.
package struct OneModel: ModelProvider {
  package let model: any TokenModel
  package let names: ModelNames

  package init(_ model: any TokenModel, names: ModelNames) {
    self.model = model
    self.names = names
  }

  /// The number of its one instance.
  static let instance = 0

  package var host: ModelHost? { nil }

  package func use(
    _ name: String, idleTime: Duration?, contextLength: Int?, onProgress: LoadingObserver?
  ) throws(ServerError) -> UsedModel {
    try names.check(name)
    return UsedModel(model, identifier: names.id)
  }

  package func use(_ instance: ServedInstance) -> UsedModel { UsedModel(model, identifier: names.id) }

  package func load(
    _ name: String, as instance: InstanceParameters, onProgress: LoadingObserver?
  ) throws(ServerError) -> Int {
    try names.check(name)
    throw .oneModel()
  }

  package func models() -> [ServedModel] {
    let context = model.profile.contextLength
    return [
      ServedModel(
        names: names.all, contextLength: context,
        instances: [ServedInstance(identifier: names.id, contextLength: context)])
    ]
  }

  package func model(named name: String) throws(ServerError) -> ServedModel {
    try names.check(name)
    return models()[0]
  }
}

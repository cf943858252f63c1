import Foundation
import GPTOSSJSON
import GPTOSSPlatform
import Synchronization

/// What the sockets of LM Studio's SDKs are answered, without sockets: the same models, queue and engine as
/// the HTTP API.
package final class SocketService: Sendable {
  let service: APIService
  let identifiers = Identifiers.random
  let files = UploadedFiles()
  /// Tells the instances of this server from those of one that ran before.
  let epoch = UUID().uuidString.lowercased()
  private let key: Key
  private let log: @Sendable (String) -> Void
  private let onEnd: @Sendable (Exchange, _ status: Int, _ start: ContinuousClock.Instant) -> Void

  private enum Key {
    case none
    case inFirstFrame(SocketKey)
    /// Of a form that no first frame can show.
    case inHeader
  }

  /// - Parameters:
  ///   - apiKey: the key that clients have to show; nil if none is needed.
  ///   - log: receives lines about sockets.
  ///   - onEnd: receives each channel and call that has ended.
  package init(
    _ service: APIService, apiKey: String?, log: @escaping @Sendable (String) -> Void = { _ in },
    onEnd: @escaping @Sendable (Exchange, _ status: Int, _ start: ContinuousClock.Instant) -> Void = {
      _, _, _ in
    }
  ) {
    self.service = service
    self.log = log
    self.onEnd = onEnd
    key = apiKey.map { SocketKey($0).map(Key.inFirstFrame) ?? .inHeader } ?? .none
  }

  /// Whether a client that shows no key at the upgrade may do so in its first frame.
  package var takesKeyInFirstFrame: Bool {
    switch key {
    case .none, .inFirstFrame: true
    case .inHeader: false
    }
  }

  /// Why a first frame is refused; nil if it is not.
  func refusal(of credentials: ClientMessage.Credentials) -> String? {
    switch key {
    case .none: return nil
    case .inFirstFrame(let key) where key.isShown(by: credentials): return nil
    case .inFirstFrame, .inHeader:
      return "This server needs its API key: give it to LMStudioClient as apiToken, or set LM_API_TOKEN."
    }
  }

  func note(_ text: String) { log(text) }

  func report(_ exchange: Exchange, _ status: Int, _ start: ContinuousClock.Instant) {
    onEnd(exchange, status, start)
  }

  /// Does what a client asks for.
  ///
  /// - Returns: the answer to a call; nil for none. A channel is closed when this returns.
  /// - Throws: `SocketFault`, `ServerError`, `JSONError` with a field's path, `CancellationError`.
  func answer(
    _ work: SocketMachine.Work, in namespace: SocketNamespace, on channel: SocketChannel
  ) async throws -> JSONValue? {
    let parameter = work.parameter
    switch (namespace, work.isChannel, work.endpoint) {
    case (.llm, true, "getOrLoad"): try await getOrLoad(parameter, channel)
    case (.llm, true, "loadModel"): try await loadModel(parameter, channel)
    case (.llm, true, "predict"), (.llm, true, "completeRawText"): try await predict(parameter, channel)
    case (.llm, false, "listLoaded"): return .array(loaded.map { $0.json(epoch) })
    case (.llm, false, "getModelInfo"): return try modelInfo(parameter)
    case (.llm, false, "getLoadConfig"): return try find(parameter.required("specifier")).loadConfiguration
    case (.llm, false, "getBasePredictionConfig"):
      return try await basePredictionConfiguration(parameter, channel.exchange)
    case (.llm, false, "getInstanceProcessingState"): return try processingState(parameter)
    case (.llm, false, "tokenize"): return try await tokenize(parameter, channel.exchange)
    case (.llm, false, "countTokens"): return try await countTokens(parameter, channel.exchange)
    case (.llm, false, "applyPromptTemplate"):
      return try await applyPromptTemplate(parameter, channel.exchange)
    case (.llm, false, "unloadModel"): try await unloadModel(parameter)
    // There are no draft models: the main model answers alone, as it would with one.
    case (.llm, false, "preloadDraftModel"): break
    case (.system, false, "listDownloadedModels"):
      return .array(service.models.models().map(\.socketJSON))
    case (.system, false, "version"): return ["version": .string(packageVersion), "build": 1]
    case (.system, false, "getExperimentFlags"): return []
    case (.system, false, "notify"), (.system, false, "setExperimentFlag"): break
    case (.system, true, "alive"): try await untilCancelled(channel.exchange)
    case (.files, false, "uploadFileBase64"): return try files.upload(parameter)
    case (.embedding, false, "listLoaded"): return []
    case (.embedding, _, _): try refuseEmbedding(work, parameter)
    default: throw SocketFault.unknownEndpoint(work.endpoint, in: namespace)
    }
    return nil
  }

  /// Whether some work lasts as long as its socket, so that nobody should wait for its end.
  func lasts(_ work: SocketMachine.Work, in namespace: SocketNamespace) -> Bool {
    namespace == .system && work.isChannel && work.endpoint == "alive"
  }

  /// A channel that says nothing and lasts as long as its socket.
  private func untilCancelled(_ exchange: Exchange) async throws {
    let (end, continuation) = AsyncStream.makeStream(of: Void.self)
    exchange.onCancel { continuation.finish() }
    for await _ in end {}
  }

  /// - Throws: `SocketFault`.
  private func refuseEmbedding(_ work: SocketMachine.Work, _ parameter: JSONField) throws {
    let name = try parameter.text("modelKey") ?? parameter.text("identifier")
    if let name, work.isChannel {
      throw SocketFault.unknownPath(
        name,
        .unsupported(
          parameter: "model", what: "'\(name)' cannot be had: this server has no embedding models"),
        among: [])
    }
    throw SocketFault.unsupported("This server has no embedding models.")
  }
}

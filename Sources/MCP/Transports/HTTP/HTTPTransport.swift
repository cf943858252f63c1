import Foundation
import GPTOSSJSON
import Synchronization

/// A server behind HTTP (Streamable HTTP): each message is a POST, and its answer is JSON or a stream of
/// events.
final class HTTPTransport: Transport {
  private struct State {
    var receive: (@Sendable (TransportEvent) -> Void)?
    var exchanges: [Int: any HTTPExchange] = [:]
    /// The number of the session with a server that has them.
    var sessionID: String?
    var noise: String?
    /// Numbers for exchanges that belong to no request.
    var lastInternalID = 0
    var isClosed = false
  }

  private let url: URL
  private let headers: [HTTPHeader]
  private let client: any HTTPClient
  private let state = Mutex(State())

  /// - Parameter headers: what is sent with every request, such as a token.
  init(url: URL, headers: [HTTPHeader], client: any HTTPClient = URLSessionClient()) {
    (self.url, self.headers, self.client) = (url, headers, client)
  }

  func cancelsByClosing(_ version: ProtocolVersion?) -> Bool { version?.isStateless ?? true }
  var noise: String? { state.withLock(\.noise) }

  func open(_ receive: @escaping @Sendable (TransportEvent) -> Void) throws(MCPError) {
    state.withLock { $0.receive = receive }
  }

  func send(_ message: OutgoingMessage) {
    var request = HTTPRequest(method: "POST", url: url, headers: [], body: message.bytes)
    request.headers = [HTTPHeader("Content-Type", "application/json")]
    if message.version?.isStateless ?? false {
      if let method = message.method { request.headers.append(HTTPHeader("Mcp-Method", method)) }
      if let name = message.name { request.headers.append(HTTPHeader("Mcp-Name", encoding: name)) }
      request.headers += message.parameterHeaders
    }
    let answer = Answer(
      id: message.id, startsSession: message.method == Method.initialize,
      canResume: !(message.version?.isStateless ?? true))
    start(request, answer, message.version)
  }

  func cancel(_ id: Int) { state.withLock { $0.exchanges.removeValue(forKey: id) }?.cancel() }

  /// Opens the stream of a server that has sessions; many have none.
  func listen(_ version: ProtocolVersion) {
    let request = HTTPRequest(method: "GET", url: url, headers: [])
    start(request, Answer(id: nil), version)
  }

  /// Says good-bye to a server that has a session, and closes all connections.
  func close() async {
    let sessionID = state.withLock { state in
      state.isClosed = true
      return state.sessionID
    }
    if sessionID != nil {
      await withCheckedContinuation { continuation in
        let done = Once { continuation.resume() }
        var request = HTTPRequest(method: "DELETE", url: url, headers: [])
        request.headers = allHeaders(.latestWithSessions)
        let exchange = client.send(request) { event in
          if case .ended = event { done() }
        }
        Task {
          do { try await Task.sleep(for: .seconds(1)) } catch {}
          exchange.cancel()
          done()
        }
      }
    }
    client.close()
    let receive = state.withLock { $0.receive.take() }
    receive?(.closed(.notRunning("it was stopped")))
  }

  // MARK: Requests

  private func allHeaders(_ version: ProtocolVersion?) -> [HTTPHeader] {
    var headers = [HTTPHeader("Accept", "application/json, text/event-stream")]
    if let version { headers.append(HTTPHeader("MCP-Protocol-Version", version.rawValue)) }
    if !(version?.isStateless ?? false), let id = state.withLock(\.sessionID) {
      headers.append(HTTPHeader("Mcp-Session-Id", id))
    }
    return headers + self.headers
  }

  /// Sends a request and follows its answer.
  private func start(_ request: HTTPRequest, _ answer: Answer, _ version: ProtocolVersion?) {
    var request = request
    request.headers += allHeaders(version)
    let number: Int? = state.withLock { state in
      guard !state.isClosed else { return nil }
      if let id = answer.id { return id }
      state.lastInternalID -= 1
      return state.lastInternalID
    }
    guard let number else { return }
    let reader = Mutex((answer: AnswerReader(answer), hasEnded: false))
    let exchange = client.send(request) { [weak self] event in
      guard let self else { return }
      let steps = reader.withLock { $0.answer.take(event) }
      for step in steps { self.carryOut(step, number, answer, version) }
      guard case .ended = event else { return }
      reader.withLock { $0.hasEnded = true }
      self.state.withLock { _ = $0.exchanges.removeValue(forKey: number) }
    }
    let isOver = state.withLock { state in
      if state.isClosed { return true }
      // The answer may have come and gone already.
      if !reader.withLock(\.hasEnded) { state.exchanges[number] = exchange }
      return false
    }
    if isOver { exchange.cancel() }
  }

  private func carryOut(
    _ step: AnswerReader.Step, _ number: Int, _ answer: Answer, _ version: ProtocolVersion?
  ) {
    switch step {
    case .message(let message): give(.message(message))
    case .noise(let text): state.withLock { if $0.noise == nil { $0.noise = text } }
    case .session(let id): state.withLock { $0.sessionID = id }
    case .abandon: cancel(number)
    case .failed(let error):
      let error = error.isLostSession && state.withLock({ $0.sessionID != nil }) ? .sessionEnded : error
      if let id = answer.id { give(.failed(id: id, error)) }
    case .resume(let lastID, let milliseconds):
      var request = HTTPRequest(method: "GET", url: url, headers: [HTTPHeader("Last-Event-ID", lastID)])
      request.headers.append(HTTPHeader("Cache-Control", "no-store"))
      Task { [weak self, request] in
        do { try await Task.sleep(for: .milliseconds(milliseconds)) } catch { return }
        self?.start(request, answer.resumed, version)
      }
    }
  }

  private func give(_ event: TransportEvent) { state.withLock(\.receive)?(event) }
}

extension MCPError {
  /// Whether a server that knows the session no more would say this.
  fileprivate var isLostSession: Bool { if case .status(404, _) = self { true } else { false } }
}

/// Runs a closure the first time it is called.
private final class Once: Sendable {
  private let body: Mutex<(@Sendable () -> Void)?>
  init(_ body: @escaping @Sendable () -> Void) { self.body = Mutex(body) }
  func callAsFunction() { body.withLock { $0.take() }?() }
}

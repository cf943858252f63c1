import Foundation
import GPTOSSHTTPClient
import GPTOSSJSON
import GPTOSSPlatform

/// A server behind HTTP (Streamable HTTP): each message is a POST, and its answer is JSON or a stream of
/// events.
final class HTTPTransport: Transport {
  private struct State {
    var receive: (@Sendable (TransportEvent) -> Void)?
    var exchanges: [Int: HTTPExchange] = [:]
    /// The number of the session with a server that has them.
    var sessionID: String?
    var noise: String?
    /// Numbers for exchanges that belong to no request.
    var lastInternalID = 0
    var isClosed = false
  }

  private let url: URL
  private let headers: [HTTPHeader]
  private let client: HTTPClient
  private let state = Locked(State())

  /// - Parameter headers: what is sent with every request, such as a token.
  init(url: URL, headers: [HTTPHeader]) {
    (self.url, self.headers) = (url, headers)
    // Who asks has a timeout of their own, which progress extends.
    client = HTTPClient(stallLimit: nil, connectionsPerHost: 32)
  }

  func cancelsByClosing(_ version: ProtocolVersion?) -> Bool { version?.isStateless ?? true }
  var noise: String? { state.withLock(\.noise) }

  func open(_ receive: @escaping @Sendable (TransportEvent) -> Void) throws(MCPError) {
    state.withLock { $0.receive = receive }
  }

  func send(_ message: OutgoingMessage) {
    var headers = [HTTPHeader("Content-Type", "application/json")]
    if message.version?.isStateless ?? false {
      if let method = message.method { headers.append(HTTPHeader("Mcp-Method", method)) }
      if let name = message.name { headers.append(HTTPHeader("Mcp-Name", encoding: name)) }
      headers += message.parameterHeaders
    }
    let request = self.request("POST", headers, message.version, body: Data(message.bytes))
    let answer = Answer(
      id: message.id, startsSession: message.method == Method.initialize,
      canResume: !(message.version?.isStateless ?? true))
    start(request, answer, message.version)
  }

  func cancel(_ id: Int) { state.withLock { $0.exchanges.removeValue(forKey: id) }?.cancel() }

  /// Opens the stream of a server that has sessions; many have none.
  func listen(_ version: ProtocolVersion) {
    start(request("GET", [], version), Answer(id: nil), version)
  }

  /// Says good-bye to a server that has a session, and closes all connections.
  func close() async {
    // What ends a server is not itself cancelled.
    await Task.detached { [self] in
      let hasSession = state.withLock { state in
        state.isClosed = true
        return state.sessionID != nil
      }
      if hasSession { await sayGoodbye() }
      let (exchanges, receive) = state.withLock { state in
        defer { (state.exchanges, state.sessionID) = ([:], nil) }
        return (state.exchanges.values.map(\.self), state.receive.take())
      }
      exchanges.forEach { $0.cancel() }
      receive?(.closed(.notRunning("it was stopped")))
    }.value
  }

  /// Ends the session; a server that does not answer at once is left alone.
  private func sayGoodbye() async {
    let request = self.request("DELETE", [], .latestWithSessions)
    await withTaskGroup { group in
      group.addTask { [client] in
        // A server that is gone has no session to end.
        do { _ = try await client.answer(to: request, byteLimit: 1 << 16) } catch {}
      }
      group.addTask { do { try await Task.sleep(for: .seconds(1)) } catch {} }
      await group.next()
      group.cancelAll()
    }
  }

  // MARK: Requests

  private func request(
    _ method: String, _ own: [HTTPHeader], _ version: ProtocolVersion?, body: Data? = nil
  ) -> HTTPRequest {
    var headers = own + [HTTPHeader("Accept", "application/json, text/event-stream")]
    if let version { headers.append(HTTPHeader("MCP-Protocol-Version", version.rawValue)) }
    if !(version?.isStateless ?? false), let id = state.withLock(\.sessionID) {
      headers.append(HTTPHeader("Mcp-Session-Id", id))
    }
    // The case of a name does not tell headers apart, and what the configuration says comes first.
    let fields = (headers + self.headers).reduce(into: [String: HTTPHeader]()) { fields, header in
      fields[header.name.lowercased()] = header
    }
    return HTTPRequest(
      method, url, headers: Dictionary(uniqueKeysWithValues: fields.values.map { ($0.name, $0.value) }),
      body: body)
  }

  /// Ends an exchange whose rest is of no use.
  private struct Abandoned: Error {}

  /// Sends a request and follows its answer.
  private func start(_ request: HTTPRequest, _ answer: Answer, _ version: ProtocolVersion?) {
    let number: Int? = state.withLock { state in
      guard !state.isClosed else { return nil }
      if let id = answer.id { return id }
      state.lastInternalID -= 1
      return state.lastInternalID
    }
    guard let number else { return }
    let reader = Locked((answer: AnswerReader(answer), hasEnded: false))
    let take = { @Sendable [weak self] (event: HTTPEvent) throws in
      let steps = reader.withLock { $0.answer.take(event) }
      for step in steps { self?.carryOut(step, answer, version) }
      if steps.contains(.abandon) { throw Abandoned() }
    }
    // Messages have a limit of their own; a stream of them has none.
    let exchange = client.begin(
      request, byteLimit: .max, accept: { try take(.response($0)) }, receive: { try take(.body(Array($0))) }
    ) { [weak self] result in
      do {
        switch result {
        case .success: try take(.ended(nil))
        case .failure(let error as HTTPClientError): try take(.ended(.unreachable(error.problem)))
        case .failure: break
        }
      } catch {
        // It has ended as it is.
      }
      reader.withLock { $0.hasEnded = true }
      self?.state.withLock { _ = $0.exchanges.removeValue(forKey: number) }
    }
    let isOver = state.withLock { state in
      if state.isClosed { return true }
      // The answer may have come and gone already.
      if !reader.withLock(\.hasEnded) { state.exchanges[number] = exchange }
      return false
    }
    if isOver { exchange.cancel() }
  }

  private func carryOut(_ step: AnswerReader.Step, _ answer: Answer, _ version: ProtocolVersion?) {
    switch step {
    case .message(let message): give(.message(message))
    case .noise(let text): state.withLock { if $0.noise == nil { $0.noise = text } }
    case .session(let id): state.withLock { $0.sessionID = id }
    // The exchange ends by itself.
    case .abandon: break
    case .failed(let error):
      let error = error.isLostSession && state.withLock({ $0.sessionID != nil }) ? .sessionEnded : error
      if let id = answer.id { give(.failed(id: id, error)) }
    case .resume(let lastID, let milliseconds):
      let headers = [HTTPHeader("Last-Event-ID", lastID), HTTPHeader("Cache-Control", "no-store")]
      Task { [weak self] in
        do { try await Task.sleep(for: .milliseconds(milliseconds)) } catch { return }
        guard let self else { return }
        self.start(self.request("GET", headers, version), answer.resumed, version)
      }
    }
  }

  private func give(_ event: TransportEvent) { state.withLock(\.receive)?(event) }
}

extension MCPError {
  /// Whether a server that knows the session no more would say this.
  fileprivate var isLostSession: Bool { if case .status(404, _) = self { true } else { false } }
}

extension HTTPClientError {
  /// What is wrong, beside which host it is.
  fileprivate var problem: String {
    if case .connection(_, let reason) = self { reason } else { description }
  }
}

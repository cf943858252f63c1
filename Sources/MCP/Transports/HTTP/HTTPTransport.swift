import Foundation
import GPTOSSHTTPClient
import GPTOSSJSON
import GPTOSSPlatform

/// A server behind HTTP (Streamable HTTP): each message is a POST, and its answer is JSON or a stream of
/// events.
final class HTTPTransport: Transport {
  private struct State {
    var receive: (@Sendable (TransportEvent) -> Void)?
    /// What is under way, by the number of its request.
    var exchanges: [Int: Exchange] = [:]
    /// The number of the session with a server that has them.
    var sessionID: String?
    var noise: String?
    /// The version of the last message that had one.
    var version: ProtocolVersion?
    /// Numbers for exchanges that belong to no request.
    var lastInternalID = 0
    var isClosed = false
  }

  private enum Exchange {
    case starting
    case running(HTTPExchange)
    /// The stream has ended early and will be asked for again.
    case pausing(Task<Void, Never>)

    func cancel() {
      switch self {
      case .starting: break
      case .running(let exchange): exchange.cancel()
      case .pausing(let task): task.cancel()
      }
    }
  }

  private let url: URL
  private let headers: [HTTPHeader]
  private let client: HTTPClient
  /// For what has no answer that somebody waits for: it takes no connection from requests.
  private let aside = HTTPClient(stallLimit: .seconds(30), connectionsPerHost: 4)
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
    let answer = Answer(
      id: message.id, startsSession: message.method == Method.initialize,
      canResume: !(message.version?.isStateless ?? true))
    start(request(for: message), answer, message.version)
  }

  func deliver(_ message: OutgoingMessage) async { await settle(request(for: message)) }

  private func request(for message: OutgoingMessage) -> HTTPRequest {
    if let version = message.version { state.withLock { $0.version = version } }
    var headers = [HTTPHeader("Content-Type", "application/json")]
    if message.version?.isStateless ?? false {
      if let method = message.method { headers.append(HTTPHeader("Mcp-Method", method)) }
      if let name = message.name { headers.append(HTTPHeader("Mcp-Name", encoding: name)) }
      headers += message.parameterHeaders
    }
    return request("POST", headers, message.version, body: Data(message.bytes))
  }

  func cancel(_ id: Int) { state.withLock { $0.exchanges.removeValue(forKey: id) }?.cancel() }

  /// Opens the stream of a server that has sessions; many have none.
  func listen(_ version: ProtocolVersion) {
    start(request("GET", [], version), Answer(id: nil, isListening: true), version)
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

  /// Ends the session.
  private func sayGoodbye() async { await settle(request("DELETE", [], state.withLock(\.version))) }

  /// Sends a request and waits for its answer, but not long: a server that does not answer at once, or at all, is
  /// left alone.
  private func settle(_ request: HTTPRequest) async {
    await withTaskGroup { group in
      group.addTask { [aside] in
        do { _ = try await aside.answer(to: request, byteLimit: 1 << 16) } catch {}
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

  /// The most answers and notifications that a server has not taken yet; more are dropped.
  private static let asideLimit = 64

  /// Sends a request and follows its answer.
  private func start(_ request: HTTPRequest, _ answer: Answer, _ version: ProtocolVersion?) {
    let number: Int? = state.withLock { state in
      guard !state.isClosed else { return nil }
      var number = answer.id
      if number == nil {
        guard state.exchanges.keys.count(where: { $0 < 0 }) < Self.asideLimit else { return nil }
        state.lastInternalID -= 1
        number = state.lastInternalID
      }
      if let number { state.exchanges[number] = .starting }
      return number
    }
    if let number { begin(request, answer, version, number) }
  }

  private func begin(_ request: HTTPRequest, _ answer: Answer, _ version: ProtocolVersion?, _ number: Int) {
    let reader = Locked(AnswerReader(answer))
    let take = { @Sendable [weak self] (event: HTTPEvent) throws in
      let steps = reader.withLock { $0.take(event) }
      for step in steps { self?.carryOut(step, answer, version, number) }
      if steps.contains(.abandon) { throw Abandoned() }
    }
    let client = answer.id == nil && !answer.isListening ? aside : client
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
      self?.state.withLock { state in
        // What pauses goes on.
        if case .pausing? = state.exchanges[number] { return }
        state.exchanges[number] = nil
      }
    }
    let isForgotten = state.withLock { state in
      // The answer may have come and gone already.
      guard case .starting? = state.exchanges[number] else { return state.exchanges[number] == nil }
      state.exchanges[number] = .running(exchange)
      return false
    }
    if isForgotten { exchange.cancel() }
  }

  /// Asks for the rest of a stream after a pause, unless its request is forgotten by then.
  private func resume(
    _ answer: Answer, _ version: ProtocolVersion?, _ number: Int, after pause: Duration
  ) {
    state.withLock { state in
      guard state.exchanges[number] != nil else { return }
      state.exchanges[number] = .pausing(
        Task { [weak self] in
          do { try await Task.sleep(for: pause) } catch { return }
          guard let self else { return }
          let isForgotten = self.state.withLock { state in
            guard state.exchanges[number] != nil, !Task.isCancelled else { return true }
            state.exchanges[number] = .starting
            return false
          }
          guard !isForgotten else { return }
          var headers = [HTTPHeader("Cache-Control", "no-store")]
          if let id = answer.lastEventID { headers.append(HTTPHeader("Last-Event-ID", id)) }
          self.begin(self.request("GET", headers, version), answer, version, number)
        })
    }
  }

  private func carryOut(
    _ step: AnswerReader.Step, _ answer: Answer, _ version: ProtocolVersion?, _ number: Int
  ) {
    switch step {
    case .message(let message): give(.message(message))
    case .noise(let text): state.withLock { if $0.noise == nil { $0.noise = text } }
    case .session(let id): state.withLock { $0.sessionID = id }
    // The exchange ends by itself.
    case .abandon: break
    case .failed(let error):
      // A request whose answer had begun may have been carried out.
      let isRefused = error.isLostSession && answer.lastEventID == nil
      let hasSession = state.withLock { $0.sessionID != nil }
      let error = isRefused && hasSession ? .sessionEnded : error
      if let id = answer.id { give(.failed(id: id, error)) }
    case .resume(let lastID, let milliseconds):
      var answer = answer
      answer.lastEventID = lastID
      resume(answer, version, number, after: .milliseconds(milliseconds))
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

import Foundation
import GPTOSS
import GPTOSSHTTPClient
package import GPTOSSJSON

/// A server that speaks vLLM's protocol: where it is, and how it is asked.
struct RemoteServer: Sendable {
  /// What people call it: host and port.
  let name: String
  private let url: URL
  private let headers: [String: String]
  /// For short questions, and to find out whether anybody is there.
  private let questions: HTTPClient
  /// For answers.
  private let answers: HTTPClient

  /// The most bytes of an answer that is no stream.
  private static let byteLimit = 4 << 20
  /// The most bytes of what a server says about a failure.
  static let failureLimit = 1 << 16

  /// The base URL of an address.
  ///
  /// - Throws: ``RemoteError/malformedAddress(_:)``.
  static func baseURL(_ address: String) throws(RemoteError) -> URL {
    guard var parts = URLComponents(string: address), ["http", "https"].contains(parts.scheme),
      let host = parts.host, !host.isEmpty, (1...65_535).contains(parts.port ?? 80), parts.user == nil,
      parts.query == nil, parts.fragment == nil
    else { throw .malformedAddress(address) }
    // People give the base URL of OpenAI's clients, too.
    while parts.path.hasSuffix("/") { parts.path.removeLast() }
    if parts.path.hasSuffix("/v1") { parts.path.removeLast("/v1".count) }
    guard let url = parts.url else { throw .malformedAddress(address) }
    return url
  }

  /// The header that carries a key; none without one.
  ///
  /// - Throws: ``RemoteError/malformedKey``.
  static func headers(key: String?) throws(RemoteError) -> [String: String] {
    guard let key, !key.isEmpty else { return [:] }
    guard key.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw .malformedKey }
    return ["Authorization": "Bearer \(key)"]
  }

  /// - Throws: ``RemoteError/malformedAddress(_:)``, ``RemoteError/malformedKey``.
  init(_ address: String, key: String?, limits: RemoteLimits) throws(RemoteError) {
    url = try Self.baseURL(address)
    let host = url.host ?? address
    name = url.port.map { "\(host):\($0)" } ?? host
    headers = try Self.headers(key: key)
    questions = HTTPClient(stallLimit: limits.connecting, connectionsPerHost: 8)
    // Each answer has a connection of its own for as long as it takes.
    answers = HTTPClient(stallLimit: limits.silence, connectionsPerHost: 1024)
  }

  /// Asks for JSON.
  ///
  /// - Parameters:
  ///   - body: sent by `POST`; nil for a `GET`.
  ///   - isLong: whether a model has to compute for the answer.
  /// - Returns: the status, and the body; an empty object for one that is no JSON and says that it failed.
  /// - Throws: ``RemoteError``, `CancellationError`.
  func ask(
    _ path: String, _ body: JSONValue? = nil, isLong: Bool = false
  ) async throws -> (status: Int, body: JSONValue) {
    let answer: (head: HTTPResponse, body: Data)
    do {
      answer = try await (isLong ? answers : questions).answer(
        to: request(path, body), byteLimit: Self.byteLimit)
    } catch let error as HTTPClientError { throw RemoteError(error, server: name, hasBegun: false) }
    do {
      return (answer.head.status, try JSONValue(parsing: Array(answer.body)))
    } catch {
      guard answer.head.status != 200 else {
        throw RemoteError.malformed(
          server: name, problem: "\(path) is answered with something that is no JSON")
      }
      return (answer.head.status, [:])
    }
  }

  /// Asks for a stream of events.
  ///
  /// - Parameters:
  ///   - byteLimit: the most bytes of it.
  ///   - accept: gets the head; what it throws ends the exchange.
  ///   - receive: gets the body's bytes; what it throws ends the exchange, and so the server's work.
  /// - Throws: `HTTPClientError`, `CancellationError`, and what the closures throw.
  func stream(
    _ path: String, _ body: JSONValue, byteLimit: Int,
    accept: @escaping @Sendable (HTTPResponse) throws -> Void,
    receive: @escaping @Sendable (Data) throws -> Void
  ) async throws {
    try await answers.send(request(path, body), byteLimit: byteLimit, accept: accept, receive: receive)
  }

  private func request(_ path: String, _ body: JSONValue?) -> HTTPRequest {
    var request = HTTPRequest(body == nil ? "GET" : "POST", url.appending(path: path), headers: headers)
    if let body {
      request.headers["Content-Type"] = "application/json"
      request.body = Data(body.text.utf8)
    }
    return request
  }
}

extension RemoteError {
  /// - Parameter hasBegun: whether something of the answer had come.
  init(_ error: HTTPClientError, server: String, hasBegun: Bool) {
    switch error {
    case .connection(_, let reason):
      self =
        hasBegun ? .broken(server: server, reason: reason) : .unreachable(server: server, reason: reason)
    case .stalled(_, let seconds):
      self =
        hasBegun ? .silent(server: server, seconds: seconds) : .noAnswer(server: server, seconds: seconds)
    case .tooLong(_, let limit): self = .tooLong(server: server, limit: limit)
    case .notHTTP: self = .malformed(server: server, problem: "it does not answer in HTTP")
    }
  }

  /// What a server says that does not do what it was asked.
  ///
  /// - Parameters:
  ///   - status: the status, or the code of an error within a stream.
  ///   - body: `{"error": {"message", "param", "code"}}`, `{"error": "text"}` or `{"detail": "text"}`.
  ///   - model: the model that was asked for.
  package init(status: Int, _ body: JSONValue, server: String, model: String, retryAfter: Int? = nil) {
    let error = body["error"]
    let message = String(
      (error?["message"] ?? error ?? body["detail"])?.stringValue?.prefix(500) ?? "status \(status)")
    switch status {
    case 401: self = .wrongKey(server: server)
    case 404 where error?["param"]?.stringValue == "model":
      self = .unknownModel(model, server: server, known: [])
    case 404, 405: self = .noTokenProtocol(server: server)
    case 429, 503: self = .busy(server: server, retryAfter: retryAfter)
    case 300..<400: self = .refused(server: server, message: "it sends to another address; give that one")
    case 400..<500: self = .refused(server: server, message: message)
    default: self = .failed(server: server, message: message)
    }
  }
}

/// How long a remote model is waited for.
public struct RemoteLimits: Sendable, Hashable {
  /// How long a short question may stay without an answer, when the model is connected.
  public var connecting: Duration
  /// How long nothing may come, before and within an answer. A server with many requests lets new ones wait.
  public var silence: Duration

  /// Limits.
  ///
  /// - Precondition: both are a second at least.
  public init(connecting: Duration = .seconds(10), silence: Duration = .seconds(300)) {
    precondition(connecting >= .seconds(1) && silence >= .seconds(1))
    self.connecting = connecting
    self.silence = silence
  }
}

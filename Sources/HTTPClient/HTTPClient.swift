import Dispatch
public import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A small HTTP client over Foundation's `URLSession`.
///
/// What it adds: redirections are answers like others, so that the caller decides who gets which header; a
/// body is cut at a limit; a connection on which nothing comes is given up; an answer that is given up never
/// reaches the caller's closures afterwards. Nothing is cached, and no cookies are kept.
///
/// **On Linux** `URLSession` has no back-pressure: it takes from the network at full speed, and what the
/// caller has not taken yet waits in memory. So ask for at most some megabytes at a time; a server that sends
/// faster than the caller takes is slowed down once 16 MB wait. It hands out bodies on one queue: a closure
/// that takes long delays all answers of one client. It obeys `http_proxy`, `HTTPS_PROXY`, `ALL_PROXY` and
/// `NO_PROXY`, as libcurl does.
public final class HTTPClient: Sendable {
  private let session: URLSession
  private let exchanges: Exchanges
  /// How long a connection may bring nothing, 1 second or more; nil for ever.
  private let stallLimit: Duration?

  /// A client.
  ///
  /// - Parameters:
  ///   - stallLimit: how long a connection may bring nothing before it is given up; nil for ever.
  ///   - connectionsPerHost: how many connections to one host are open at most.
  public init(stallLimit: Duration? = .seconds(10), connectionsPerHost: Int = 8) {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = connectionsPerHost
    configuration.httpCookieStorage = nil
    configuration.httpShouldSetCookies = false
    configuration.urlCache = nil
    configuration.urlCredentialStorage = nil
    // The stall limit is the client's own; these are only there not to be in its way.
    configuration.timeoutIntervalForRequest = 24 * 3_600
    configuration.timeoutIntervalForResource = 7 * 24 * 3_600
    exchanges = Exchanges()
    session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: CallbackQueue())
    self.stallLimit = stallLimit
  }

  deinit { session.finishTasksAndInvalidate() }

  /// Sends a request and hands on the body as it comes.
  ///
  /// - Parameters:
  ///   - request: what to send.
  ///   - byteLimit: the most bytes of a body that are taken.
  ///   - accept: gets the head before the body; what it throws ends the exchange.
  ///   - receive: gets the next bytes of the body; what it throws ends the exchange. Never called once this
  ///     function has returned.
  /// - Returns: the head. Any status is an answer, a redirection too, which is not followed.
  /// - Throws: `HTTPClientError`, `CancellationError`, and what the closures throw.
  @discardableResult
  public func send(
    _ request: HTTPRequest, byteLimit: Int,
    accept: @escaping @Sendable (HTTPResponse) throws -> Void = { _ in },
    receive: @escaping @Sendable (Data) throws -> Void
  ) async throws -> HTTPResponse {
    try Task.checkCancellation()
    let exchange = self.exchange(request, byteLimit, accept, receive)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        start(exchange) { continuation.resume(with: $0) }
      }
    } onCancel: {
      exchange.finish(.failure(CancellationError()))
    }
  }

  /// Sends a request and returns at once. Requests are sent in the order of these calls.
  ///
  /// - Parameters:
  ///   - request: what to send.
  ///   - byteLimit: the most bytes of a body that are taken.
  ///   - accept: gets the head before the body; what it throws ends the exchange.
  ///   - receive: gets the next bytes of the body; what it throws ends the exchange.
  ///   - onEnd: called once, last: with the head, or with what ``send(_:byteLimit:accept:receive:)`` throws.
  public func begin(
    _ request: HTTPRequest, byteLimit: Int, accept: @escaping @Sendable (HTTPResponse) throws -> Void,
    receive: @escaping @Sendable (Data) throws -> Void,
    onEnd: @escaping @Sendable (Result<HTTPResponse, any Error>) -> Void
  ) -> HTTPExchange {
    let exchange = self.exchange(request, byteLimit, accept, receive)
    start(exchange, onEnd)
    return HTTPExchange(exchange: exchange)
  }

  private func exchange(
    _ request: HTTPRequest, _ byteLimit: Int, _ accept: @escaping @Sendable (HTTPResponse) throws -> Void,
    _ receive: @escaping @Sendable (Data) throws -> Void
  ) -> Exchange {
    let exchange = Exchange(
      session.dataTask(with: URLRequest(request)), host: request.url.host() ?? "\(request.url)",
      byteLimit: byteLimit, accept: accept, receive: receive)
    exchanges.add(exchange)
    return exchange
  }

  private func start(_ exchange: Exchange, _ onEnd: @escaping Exchange.OnEnd) {
    let watch = stallLimit.map { limit in Task { try await exchange.watch(limit) } }
    exchange.start { [exchanges] result in
      watch?.cancel()
      exchanges.remove(exchange)
      onEnd(result)
    }
  }

  /// Sends a request and returns the answer with its whole body.
  ///
  /// - Parameter byteLimit: the most bytes of a body.
  /// - Throws: `HTTPClientError`, `CancellationError`.
  public func answer(
    to request: HTTPRequest, byteLimit: Int
  ) async throws -> (head: HTTPResponse, body: Data) {
    let body = Accumulator()
    let head = try await send(request, byteLimit: byteLimit) { body.append($0) }
    return (head, body.data)
  }
}

/// A request that was sent, and its answer.
public struct HTTPExchange: Sendable {
  fileprivate let exchange: Exchange

  /// Closes the connection, unless the exchange has ended. It ends with `CancellationError`.
  ///
  /// Do not call it from what gets head and body; throw there.
  public func cancel() { exchange.finish(.failure(CancellationError())) }
}

/// Runs the callbacks of a session one after the other, those of a millisecond together.
///
/// On Linux a body comes in pieces of 16 KB, with a callback for each. Foundation's queue takes locks, tells
/// observers and wakes threads for every one, which took a third of a download's processor time.
///
/// Whoever adds a callback has just read from the network. Where too many wait, it is held up, so that the
/// network waits instead of memory: a server that sends without end filled gigabytes before its answer was
/// found too long. It is held up for a limited time, because others of the session may wait for it.
private final class CallbackQueue: OperationQueue, @unchecked Sendable {
  private let queue = DispatchQueue(label: "gptoss.http")
  private let waiting = Mutex<[@Sendable () -> Void]>([])
  /// So many callbacks may wait before those who add more are held up.
  private static let limit = 1024
  private static let longestHold = Duration.milliseconds(20)

  override init() {
    super.init()
    maxConcurrentOperationCount = 1
  }

  override func addOperation(_ block: @escaping @Sendable () -> Void) {
    let count = waiting.withLock { waiting in
      waiting.append(block)
      return waiting.count
    }
    guard count == 1 else {
      if count > Self.limit { hold() }
      return
    }
    queue.asyncAfter(deadline: .now() + .milliseconds(1)) {
      let blocks = self.waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      for block in blocks { block() }
    }
  }

  /// Waits until the callbacks are taken, for a limited time.
  private func hold() {
    let end = ContinuousClock.now + Self.longestHold
    while ContinuousClock.now < end, waiting.withLock({ $0.count }) > Self.limit {
      Thread.sleep(forTimeInterval: 0.001)
    }
  }
}

extension URLRequest {
  fileprivate init(_ request: HTTPRequest) {
    self.init(url: request.url)
    httpMethod = request.method
    httpBody = request.body
    for (name, value) in request.headers { setValue(value, forHTTPHeaderField: name) }
    // A body that was packed on the way has another length than the range that was asked for.
    if request.headers["Accept-Encoding"] == nil {
      setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    }
  }
}

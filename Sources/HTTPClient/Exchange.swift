import Dispatch
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One request and its answer.
///
/// Its lock is held while the caller's closures run: so none runs once the exchange is over.
final class Exchange: Sendable {
  /// Is told the end, outside the lock: the head, when all of the body has come, or what ended it early.
  typealias OnEnd = @Sendable (Result<HTTPResponse, any Error>) -> Void

  let task: URLSessionDataTask
  private let host: String
  private let byteLimit: Int
  private let accept: @Sendable (HTTPResponse) throws -> Void
  private let receive: @Sendable (Data) throws -> Void

  private struct State {
    /// Whom to tell the end.
    var onEnd: OnEnd?
    var head: HTTPResponse?
    var byteCount = 0
    var lastArrival = ContinuousClock.now
    /// How it ended, if it has.
    var result: Result<HTTPResponse, any Error>?

    mutating func end(_ result: Result<HTTPResponse, any Error>) -> OnEnd? {
      self.result = result
      return onEnd.take()
    }
  }
  private let state = Mutex(State())

  init(
    _ task: URLSessionDataTask, host: String, byteLimit: Int,
    accept: @escaping @Sendable (HTTPResponse) throws -> Void,
    receive: @escaping @Sendable (Data) throws -> Void
  ) {
    self.task = task
    self.host = host
    self.byteLimit = byteLimit
    self.accept = accept
    self.receive = receive
  }

  /// Begins.
  func start(_ onEnd: @escaping OnEnd) {
    let result = state.withLock { state in
      if state.result == nil { state.onEnd = onEnd }
      return state.result
    }
    if let result { onEnd(result) } else { task.resume() }
  }

  /// Ends the exchange, unless it has ended: nothing that still comes is handed on.
  func finish(_ result: Result<HTTPResponse, any Error>) {
    let onEnd = state.withLock { state -> OnEnd? in
      guard state.result == nil else { return nil }
      // Not here: to cancel is to wait for the session, which may be held up until this callback has ended.
      if case .failure = result { DispatchQueue.global().async { [task] in task.cancel() } }
      return state.end(result)
    }
    onEnd?(result)
  }

  /// Ends the exchange once nothing has come for so long.
  func watch(_ limit: Duration) async throws {
    while true {
      let silence = state.withLock { ContinuousClock.now - $0.lastArrival }
      if silence >= limit {
        let seconds = Int(limit.components.seconds)
        return finish(.failure(HTTPClientError.stalled(host: host, seconds: seconds)))
      }
      try await Task.sleep(for: limit - silence)
    }
  }

  // MARK: What the session tells

  /// The head has come; false if the body is not wanted.
  func take(_ response: URLResponse) -> Bool {
    guard let response = response as? HTTPURLResponse else {
      finish(.failure(HTTPClientError.notHTTP(host: host)))
      return false
    }
    let head = HTTPResponse(response)
    return handOn { state in
      state.head = head
      try accept(head)
    }
  }

  /// A piece of the body has come.
  func take(_ data: Data) {
    _ = handOn { state in
      state.byteCount += data.count
      guard state.byteCount <= byteLimit else {
        throw HTTPClientError.tooLong(host: host, limit: byteLimit)
      }
      try receive(data)
    }
  }

  /// The answer is complete, or the connection broke.
  func complete(_ error: (any Error)?) {
    let head = state.withLock(\.head)
    switch (error, head) {
    case (nil, let head?): finish(.success(head))
    case (let error?, _):
      // Foundation has no words for it on Linux, but a number.
      let isMalformed = (error as? URLError)?.code == .badURL
      let reason = isMalformed ? "the address is not valid" : error.localizedDescription
      finish(.failure(HTTPClientError.connection(host: host, reason: reason)))
    case (nil, nil): finish(.failure(HTTPClientError.notHTTP(host: host)))
    }
  }

  /// A redirection, which is the answer.
  ///
  /// On Linux the process ends where a task that was cancelled is told what to do about a redirection. So one
  /// that is over is told nothing, and one that is told is not cancelled.
  func redirect(_ response: HTTPURLResponse, _ answer: (URLRequest?) -> Void) {
    let head = HTTPResponse(response)
    let (onEnd, result) = state.withLock { state in
      guard state.result == nil else { return (OnEnd?.none, Result<_, any Error>.success(head)) }
      let result = Result { () throws -> HTTPResponse in
        try accept(head)
        return head
      }
      answer(nil)
      return (state.end(result), result)
    }
    onEnd?(result)
  }

  private func handOn(_ body: (inout State) throws -> Void) -> Bool {
    let failure = state.withLock { state -> (any Error)? in
      guard state.result == nil else { return CancellationError() }
      state.lastArrival = .now
      do { try body(&state) } catch { return error }
      return nil
    }
    if let failure { finish(.failure(failure)) }
    return failure == nil
  }
}

/// The exchanges of a client by their tasks, as the session's delegate.
final class Exchanges: NSObject, URLSessionDataDelegate, Sendable {
  private let running = Mutex<[Int: Exchange]>([:])

  func add(_ exchange: Exchange) { running.withLock { $0[exchange.task.taskIdentifier] = exchange } }
  func remove(_ exchange: Exchange) { running.withLock { $0[exchange.task.taskIdentifier] = nil } }
  private subscript(task: URLSessionTask) -> Exchange? { running.withLock { $0[task.taskIdentifier] } }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    self[task]?.redirect(response, completionHandler)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    completionHandler(self[dataTask]?.take(response) == true ? .allow : .cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    self[dataTask]?.take(data)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    self[task]?.complete(error)
  }
}

/// A body that grows.
final class Accumulator: Sendable {
  private let bytes = Mutex(Data())

  func append(_ data: Data) { bytes.withLock { $0.append(data) } }
  var data: Data { bytes.withLock { $0 } }
}

extension HTTPResponse {
  fileprivate init(_ response: HTTPURLResponse) {
    self.init(
      status: response.statusCode,
      headers: Dictionary(
        response.allHeaderFields.map { ("\($0.key)", "\($0.value)") }, uniquingKeysWith: { $1 }))
  }
}

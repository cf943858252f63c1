import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Foundation's HTTP.
final class URLSessionClient: NSObject, HTTPClient, URLSessionDataDelegate {
  private struct State {
    var session: URLSession?
    var receivers: [Int: @Sendable (HTTPEvent) -> Void] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())

  func send(
    _ request: HTTPRequest, _ receive: @escaping @Sendable (HTTPEvent) -> Void
  ) -> any HTTPExchange {
    var urlRequest = URLRequest(url: request.url)
    urlRequest.httpMethod = request.method
    if !request.body.isEmpty { urlRequest.httpBody = Data(request.body) }
    for header in request.headers { urlRequest.setValue(header.value, forHTTPHeaderField: header.name) }
    let task: URLSessionDataTask? = state.withLock { state in
      guard !state.isClosed else { return nil }
      let session = state.session ?? makeSession()
      state.session = session
      let task = session.dataTask(with: urlRequest)
      state.receivers[task.taskIdentifier] = receive
      return task
    }
    guard let task else {
      receive(.ended(.unreachable("the connection is closed")))
      return Exchange {}
    }
    task.resume()
    let identifier = task.taskIdentifier
    return Exchange { [self] in
      _ = state.withLock { $0.receivers.removeValue(forKey: identifier) }
      task.cancel()
    }
  }

  func close() {
    let session = state.withLock { state in
      state.isClosed = true
      state.receivers = [:]
      return state.session.take()
    }
    session?.invalidateAndCancel()
  }

  private func makeSession() -> URLSession {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpShouldSetCookies = false
    configuration.httpCookieAcceptPolicy = .never
    configuration.httpCookieStorage = nil
    configuration.urlCredentialStorage = nil
    configuration.urlCache = nil
    configuration.httpMaximumConnectionsPerHost = 32
    // Who asks has a timeout of their own, which progress extends.
    configuration.timeoutIntervalForRequest = 86_400
    configuration.timeoutIntervalForResource = 7 * 86_400
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = 1
    return URLSession(configuration: configuration, delegate: self, delegateQueue: queue)
  }

  private struct Exchange: HTTPExchange {
    let end: @Sendable () -> Void
    func cancel() { end() }
  }

  private func receiver(of task: URLSessionTask) -> (@Sendable (HTTPEvent) -> Void)? {
    state.withLock { $0.receivers[task.taskIdentifier] }
  }

  // MARK: URLSessionDataDelegate

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    // Headers hold secrets that are meant for one server. The answer is the redirect itself then.
    completionHandler(nil)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    if let response = response as? HTTPURLResponse, let receive = receiver(of: dataTask) {
      let headers = response.allHeaderFields.map { ("\($0.key)".lowercased(), "\($0.value)") }
      receive(
        .response(
          HTTPResponse(status: response.statusCode, headers: Dictionary(headers) { first, _ in first })))
    }
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    receiver(of: dataTask)?(.body(Array(data)))
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let receive = state.withLock { $0.receivers.removeValue(forKey: task.taskIdentifier) }
    receive?(.ended(error.map { .unreachable($0.localizedDescription) }))
  }
}

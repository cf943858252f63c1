import Foundation

/// Sends HTTP requests and gives what comes back piece by piece. It follows no redirects, keeps no cookies
/// and knows no passwords.
protocol HTTPClient: Sendable {
  /// Sends a request. Events come one at a time, the last one `.ended`.
  func send(
    _ request: HTTPRequest, _ receive: @escaping @Sendable (HTTPEvent) -> Void
  ) -> any HTTPExchange

  /// Ends everything under way.
  func close()
}

/// A request and its answer, under way.
protocol HTTPExchange: Sendable {
  /// Closes the connection; no more events come.
  func cancel()
}

/// A request.
struct HTTPRequest: Sendable {
  var method: String
  var url: URL
  var headers: [HTTPHeader]
  var body: [UInt8] = []
}

/// What happens to a request.
package enum HTTPEvent: Sendable {
  case response(HTTPResponse)
  case body([UInt8])
  /// The end, nil for a whole answer.
  case ended(MCPError?)
}

/// The head of an answer.
package struct HTTPResponse: Sendable {
  package var status: Int
  /// The names in small letters.
  package var headers: [String: String]

  package init(status: Int, headers: [String: String]) { (self.status, self.headers) = (status, headers) }

  var contentType: String {
    let value = headers["content-type"] ?? ""
    return value.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
  }
}

public import Foundation

/// Why a request has no answer, or not all of one.
public enum HTTPClientError: Error, Hashable, Sendable {
  /// The connection could not be made, or broke; `reason` is in the system's words.
  case connection(host: String, reason: String)
  /// No byte came for so long.
  case stalled(host: String, seconds: Int)
  /// The body is longer than the caller takes.
  case tooLong(host: String, limit: Int)
  /// Something other than HTTP answered.
  case notHTTP(host: String)
}

extension HTTPClientError: CustomStringConvertible {
  /// One line: which host, and what is wrong.
  public var description: String {
    switch self {
    case .connection(let host, let reason): "no connection to \(host): \(reason)"
    case .stalled(let host, let seconds): "\(host) sent nothing for \(seconds) s"
    case .tooLong(let host, let limit): "\(host) sent more than \(limit) bytes"
    case .notHTTP(let host): "\(host) does not answer in HTTP"
    }
  }
}

extension HTTPClientError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

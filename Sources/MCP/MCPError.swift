public import Foundation

/// Why a server of the Model Context Protocol cannot be used, or a call of its tools gave no result.
public enum MCPError: Error, Equatable, Sendable {
  /// A configuration cannot be read. The line counts from 1; the key is like `mcpServers.time.command`.
  case configuration(file: String, line: Int?, key: String, problem: String)
  /// The program of a server cannot be started.
  case cannotStart(command: String, problem: String)
  /// The program of a server ended. `lines` are the last that it wrote to standard error.
  case ended(MCPExit, lines: [String])
  /// Nothing came in time. `noise` is the first line that was no message, if there was one.
  case timedOut(method: String, seconds: Int, noise: String?)
  /// The server answered with an error.
  case refused(code: Int, message: String)
  /// The server's answer is not what the protocol has here.
  case malformed(method: String, problem: String)
  /// A message, or the answer to a request, is longer than the limit in bytes.
  case tooLong(limit: Int)
  /// The server speaks none of the versions that this client speaks.
  case unsupportedVersion([String])
  /// An HTTP server answered with this status. `detail` is what it said, if anything.
  case status(Int, detail: String)
  /// An HTTP server wants requests to go elsewhere, which is not followed.
  case redirected(to: String)
  /// An HTTP server cannot be reached, or the connection broke.
  case unreachable(String)
  /// The session with an HTTP server is over.
  case sessionEnded
  /// The server was stopped, or failed earlier for this reason.
  case notRunning(String)
}

/// How a server's program ended.
public enum MCPExit: Equatable, Sendable {
  /// By itself, with this code.
  case code(Int32)
  /// By a signal.
  case signal(Int32)
  /// It had closed its input or its output and was of no more use, so it was ended.
  case closedStream
}

extension MCPError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .configuration(let file, let line, let key, let problem):
      [file, line.map(String.init), key.isEmpty ? nil : " \(key)"].compactMap { $0 }.joined(separator: ":")
        + ": \(problem)"
    case .cannotStart(let command, let problem): "\(command) cannot be started: \(problem)"
    case .ended(let exit, let lines):
      "the server ended \(exit)"
        + (lines.isEmpty ? "; it said nothing" : "; it said: \(lines.joined(separator: " | "))")
    case .timedOut(let method, let seconds, let noise):
      "no answer to \(method) within \(seconds) s"
        + (noise.map { "; what came is no message of the protocol: \($0)" } ?? "")
    case .refused(let code, let message): "the server refused: \(message) (\(code))"
    case .malformed(let method, let problem): "the answer to \(method) is malformed: \(problem)"
    case .tooLong(let limit): "the server's answer has more than \(limit) bytes"
    case .unsupportedVersion(let versions):
      "the server speaks other versions of the protocol: \(versions.joined(separator: ", "))"
    case .status(401, _): "HTTP 401: the server wants authorization; put a token into \"headers\""
    case .status(let status, let detail): "HTTP \(status)" + (detail.isEmpty ? "" : ": \(detail)")
    case .redirected(let address):
      "the server redirects to \(address), which is not followed; put that address into \"url\" if it is meant"
    case .unreachable(let problem): "the server cannot be reached: \(problem)"
    case .sessionEnded: "the server has ended the session"
    case .notRunning(let state): "the server is not running: \(state)"
    }
  }
}

extension MCPError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

extension MCPExit: CustomStringConvertible {
  /// How it ended: `with code 1`, `by signal 9`.
  public var description: String {
    switch self {
    case .code(let code): "with code \(code)"
    case .signal(let number): "by signal \(number)"
    case .closedStream: "by closing its input or output"
    }
  }
}

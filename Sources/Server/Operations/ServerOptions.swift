public import Foundation
import GPTOSSPlatform

/// Where the server listens, who may use it, and its limits.
public struct ServerOptions: Sendable {
  /// The address to listen at; by default loopback, which other machines do not reach.
  public var host = "127.0.0.1"
  /// The port; 0 for any that is free.
  public var port = 1234
  /// The port at which LM Studio's SDKs look first, to be listened at beside ``port``; nil to leave their
  /// protocol out.
  public var lmStudioPort: Int? = 41343
  /// The key that clients have to send as `Authorization: Bearer KEY` or as `x-api-key: KEY`; nil if none is
  /// needed.
  public var apiKey: String?
  /// The MCP servers whose tools requests may use; nil for none.
  public var mcp: ServedMCP?
  /// The most generations at a time.
  public var parallel = 4
  /// The most generations that wait for a slot; further requests get status 429.
  public var queueLimit = 64
  /// Origins whose web pages may use the server; `*` for all.
  public var origins: [String] = []
  /// Names of this server that requests may be meant for, besides ``host`` and those of loopback.
  public var allowedHosts: [String] = []
  /// Whether the chat page is at `/`.
  public var hasPage = true
  /// What the log has of each request.
  public var log = LogDetail.requests
  /// The model's name, in place of its file's.
  public var modelID: String?
  /// The largest body of a request, in bytes.
  public var bodyLimit = 16 << 20
  /// The largest header of a request, in bytes.
  public var headerLimit = 32 << 10
  /// How long a request may take to arrive, and how long a connection may be idle.
  public var idleLimit = Duration.seconds(60)
  /// How long a client may leave sent data unread before its connection is closed.
  public var stallLimit = Duration.seconds(60)
  /// How long running answers may go on after the server has been told to stop.
  public var stopLimit = Duration.seconds(30)

  /// The defaults.
  public init() {}
}

/// What the log has of each request.
public enum LogDetail: String, Sendable, CaseIterable {
  /// Nothing.
  case none
  /// One line per request, without what was asked and answered.
  case requests
  /// One line per request, with its body and the answer.
  case contents
}

/// The server cannot listen at its address.
public struct ListeningError: Error, Equatable {
  /// The address.
  public var host: String
  /// The port.
  public var port: Int
  /// The system's error number.
  public var code: Int32
}

extension ListeningError: CustomStringConvertible {
  /// One line that names the cause and the remedy.
  public var description: String {
    switch code {
    case EADDRINUSE:
      "port \(port) of \(host) is taken by another program; stop it, or choose another with --port"
    case EACCES: "port \(port) needs the rights of an administrator; choose one from 1024 on with --port"
    case EADDRNOTAVAIL: "\(host) is not an address of this machine; choose another with --host"
    default: "cannot listen at \(host) port \(port): \(systemMessage(code))"
    }
  }
}

extension ListeningError {
  /// What the user should know when this is about ``ServerOptions/lmStudioPort``.
  var lmStudioWarning: String {
    let why = code == EADDRINUSE ? "is taken by another program" : "cannot be listened at"
    return
      "port \(port), where LM Studio's SDKs look first, \(why); give them this server's address, or turn "
      + "their protocol off with --no-lmstudio"
  }
}

extension ListeningError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

import GPTOSSJSON

/// A revision of the protocol.
///
/// Up to 2025-11-25 a connection begins with `initialize` and is a session. From 2026-07-28 on every request
/// says its version and what the client can do, and there is no session.
enum ProtocolVersion: String, CaseIterable, Sendable {
  case november2024 = "2024-11-05"
  case march2025 = "2025-03-26"
  case june2025 = "2025-06-18"
  case november2025 = "2025-11-25"
  case july2026 = "2026-07-28"

  /// What is offered to servers that know `initialize`.
  static let latestWithSessions = november2025
  /// What is asked for first.
  static let latest = july2026

  /// Whether the version has neither `initialize` nor sessions.
  var isStateless: Bool { self == .july2026 }

  /// The newest version without sessions that both sides speak.
  static func newestStateless(of names: [String]) -> ProtocolVersion? {
    allCases.last { $0.isStateless && names.contains($0.rawValue) }
  }
}

/// The keys under which requests and results carry what is about the protocol itself.
enum MetaKey {
  static let meta = "_meta"
  static let progressToken = "progressToken"
  static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
  static let clientInfo = "io.modelcontextprotocol/clientInfo"
  static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
  static let serverInfo = "io.modelcontextprotocol/serverInfo"
}

/// Names of requests and notifications.
enum Method {
  static let discover = "server/discover"
  static let initialize = "initialize"
  static let initialized = "notifications/initialized"
  static let listTools = "tools/list"
  static let callTool = "tools/call"
  static let listen = "subscriptions/listen"
  static let cancelled = "notifications/cancelled"
  static let progress = "notifications/progress"
  static let toolsChanged = "notifications/tools/list_changed"
  static let ping = "ping"
  static let elicit = "elicitation/create"
}

/// Numbers of errors.
enum ErrorCode {
  static let methodNotFound = -32601
  static let headerMismatch = -32020
  static let missingCapability = -32021
  static let unsupportedVersion = -32022

  /// Whether an error can only come from a server without sessions.
  static func isOfStateless(_ code: Int) -> Bool {
    [headerMismatch, missingCapability, unsupportedVersion].contains(code)
  }
}

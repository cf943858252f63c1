import Foundation
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSMCP

/// A tool of the type `mcp` of the Responses API: a server, and which of its tools the model may call.
struct ServerReference: Sendable {
  /// Where the server is.
  enum Place: Equatable, Sendable {
    /// In the configuration, by its name.
    case configured
    case address(URL, headers: [String: String])
  }

  /// Where the request has it.
  let path: String
  let label: String
  let place: Place
  let allowed: ToolFilter
  let approval: ApprovalRule

  /// - Throws: ``ServerError`` or `JSONError` with the path of what is malformed or not allowed.
  init(_ tool: JSONField, _ mcp: ServedMCP) throws {
    path = tool.path
    let label = try tool.required("server_label")
    self.label = try label.string()
    for key in ["connector_id", "tunnel_id"] where try tool.optional(key) != nil {
      throw ServerError.unsupported(
        parameter: tool.path(of: key), what: "give a 'server_url', or the name of a server of --mcp")
    }
    if let url = try tool.optional("server_url") {
      guard ToolName.isValid(self.label) else {
        throw ServerError.invalid(
          parameter: label.path, problem: "it has to be 1 to 64 letters, digits, '_', '-' or '.'")
      }
      guard !mcp.servers.names.contains(self.label) else {
        throw ServerError.invalid(
          parameter: label.path, problem: "a server of --mcp has this name; choose another for 'server_url'")
      }
      place = .address(try Self.address(url, mcp), headers: try Self.headers(of: tool))
    } else {
      let names = mcp.servers.names
      guard names.contains(self.label) else {
        throw ServerError.unknownValue(parameter: label.path, value: self.label, allowed: names)
      }
      for key in ["headers", "authorization"] where try tool.optional(key) != nil {
        throw ServerError.invalid(
          parameter: tool.path(of: key), problem: "it goes with 'server_url'; a server of --mcp has its own")
      }
      place = .configured
    }
    allowed = try tool.optional("allowed_tools").map { try ToolFilter($0) } ?? ToolFilter()
    approval = try tool.optional("require_approval").map { try ApprovalRule($0) } ?? ApprovalRule()
  }

  private static func address(_ field: JSONField, _ mcp: ServedMCP) throws -> URL {
    guard mcp.allowsRemote else {
      throw ServerError.unsupported(
        parameter: field.path,
        what: "requests give no addresses of MCP servers unless the server is started with --allow-remote-mcp"
      )
    }
    let text = try field.string()
    guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), url.host()?.isEmpty == false,
      ["http", "https"].contains(scheme), url.user() == nil, url.password() == nil
    else {
      throw ServerError.invalid(
        parameter: field.path, problem: "it has to be an address that begins with https://")
    }
    // A certificate proves that the machine behind a name is its owner's, wherever the name leads meanwhile.
    guard scheme == "https" || mcp.allowsPrivate else {
      throw ServerError.unsupported(
        parameter: field.path,
        what: "addresses begin with https:// unless the server is started with --allow-private-mcp")
    }
    return url
  }

  /// Headers that belong to the connection.
  private static let reserved: Set<String> = [
    "host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer",
  ]

  private static func headers(of tool: JSONField) throws -> [String: String] {
    var headers: [String: String] = [:]
    for (name, field) in try tool.optional("headers")?.entries() ?? [] {
      let value = try field.string()
      guard name.isFieldName, value.isFieldValue, !reserved.contains(name.lowercased()) else {
        throw ServerError.invalid(parameter: field.path, problem: "it cannot be sent as a header")
      }
      headers[name] = value
    }
    guard let authorization = try tool.optional("authorization") else { return headers }
    let token = try authorization.string()
    guard token.isFieldValue, !headers.keys.contains(where: { $0.lowercased() == "authorization" }) else {
      throw ServerError.invalid(
        parameter: authorization.path, problem: "it has to be a token, and 'headers' may not have another")
    }
    headers["Authorization"] = "Bearer \(token)"
    return headers
  }
}

/// Some of a server's tools: by their names, or by what the server says of them.
struct ToolFilter: Equatable, Sendable {
  /// nil for any name.
  var names: Set<String>?
  /// nil for any claim.
  var isReadOnly: Bool?

  /// All tools.
  init() {}

  /// - Throws: `JSONError`.
  init(_ field: JSONField) throws {
    guard field.value.arrayValue == nil else {
      names = try Self.names(field)
      return
    }
    guard field.value.objectValue != nil else { throw field.wrongType("array or object") }
    names = try field.optional("tool_names").map(Self.names)
    isReadOnly = try field.flag("read_only")
  }

  private static func names(_ field: JSONField) throws -> Set<String> {
    Set(try field.elements().map { try $0.string() })
  }

  func contains(_ name: String, claimsReadOnly: Bool) -> Bool {
    names?.contains(name) ?? true && isReadOnly.map { $0 == claimsReadOnly } ?? true
  }
}

/// Which calls a client wants to agree to: all, unless it says otherwise.
struct ApprovalRule: Equatable, Sendable {
  private var always: ToolFilter?
  private var never: ToolFilter?

  init() {}

  /// - Throws: ``ServerError`` or `JSONError`.
  init(_ field: JSONField) throws {
    if let word = field.value.stringValue {
      switch word {
      case "always": return
      case "never": never = ToolFilter()
      default: throw field.unknownValue(word, allowed: ["always", "never"])
      }
      return
    }
    guard field.value.objectValue != nil else { throw field.wrongType("string or object") }
    always = try Self.filter(field, "always")
    never = try Self.filter(field, "never")
  }

  private static func filter(_ field: JSONField, _ key: String) throws -> ToolFilter? {
    guard let field = try field.optional(key) else { return nil }
    guard field.value.objectValue != nil else { throw field.wrongType("object") }
    let filter = try ToolFilter(field)
    // Whoever leaves both out hardly means all tools.
    guard filter != ToolFilter() else {
      throw ServerError.invalid(parameter: field.path, problem: "it has neither 'tool_names' nor 'read_only'")
    }
    return filter
  }

  func isNeeded(for name: String, claimsReadOnly: Bool) -> Bool {
    if always?.contains(name, claimsReadOnly: claimsReadOnly) ?? false { return true }
    return !(never?.contains(name, claimsReadOnly: claimsReadOnly) ?? false)
  }
}

public import Foundation
import GPTOSSJSON
import GPTOSSPlatform

/// The servers of `mcp.json`, the file that LM Studio and other programs have.
///
///     {
///       "mcpServers": {
///         "time": { "command": "mcp-server-time", "args": ["--local-timezone", "Europe/Berlin"] },
///         "docs": { "url": "https://example.com/mcp", "headers": { "Authorization": "Bearer ${TOKEN}" } }
///       }
///     }
///
/// Comments and commas before closing brackets are tolerated, as editors write them.
public struct MCPConfiguration: Sendable, Equatable {
  /// The servers in order.
  public var servers: [MCPServerConfiguration]
  /// What is in the file and does nothing, one line each.
  public private(set) var warnings: [String] = []

  /// A configuration made in code.
  public init(servers: [MCPServerConfiguration]) { self.servers = servers }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - environment: where the values of `${NAME}` and `${env:NAME}` come from.
  /// - Throws: `MCPError.configuration`, with file, line and key.
  public init(
    contentsOf path: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(MCPError) {
    if let kind = specialFileKind(path), kind != "a pipe" {
      throw .configuration(file: path, line: nil, key: "", problem: "is \(kind); name a file")
    }
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try readFile(path)
    } catch {
      throw .configuration(file: path, line: nil, key: "", problem: error.description)
    }
    try self.init(parsing: bytes, file: path, environment: environment)
  }

  /// Reads the text of a file.
  ///
  /// - Parameters:
  ///   - text: JSON with comments.
  ///   - file: what errors call it.
  ///   - environment: where the values of `${NAME}` and `${env:NAME}` come from.
  /// - Throws: `MCPError.configuration`, with line and key.
  public init(
    parsing text: String, file: String = "mcp.json",
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(MCPError) {
    try self.init(parsing: Array(text.utf8), file: file, environment: environment)
  }

  private init(parsing bytes: [UInt8], file: String, environment: [String: String]) throws(MCPError) {
    let document = try ConfigurationDocument(bytes, file: file, environment: environment)
    let root = document.root
    var servers: [MCPServerConfiguration] = []
    var warnings: [String] = []
    guard let entries = root["mcpServers"] else {
      throw document.fault([], "\"mcpServers\" is missing; it holds the servers by their names")
    }
    guard let object = entries.objectValue else {
      throw document.fault(["mcpServers"], "has to be an object with the servers by their names")
    }
    for entry in object.entries {
      let reader = try ServerReader(document, name: entry.key, entry.value)
      servers.append(try reader.server())
      warnings += reader.warnings
    }
    self.servers = servers
    self.warnings = warnings
  }

  /// The servers of several files, in order.
  ///
  /// - Throws: `MCPError.configuration` if two servers have the same name.
  public init(joining configurations: [MCPConfiguration]) throws(MCPError) {
    servers = configurations.flatMap(\.servers)
    warnings = configurations.flatMap(\.warnings)
    var names: Set<String> = []
    for server in servers where !names.insert(server.name).inserted {
      throw .configuration(
        file: server.file ?? "mcp.json", line: nil, key: "mcpServers.\(server.name)",
        problem: "another file has a server of this name; rename one of them")
    }
  }
}

/// A server of `mcp.json`.
public struct MCPServerConfiguration: Sendable, Equatable {
  /// How the server is reached.
  public enum Transport: Sendable, Equatable {
    /// A program, which speaks on its standard streams. Its environment has PATH, HOME and the like of this
    /// program, and `environment`; the folder is where it runs, nil for the current one.
    case program(
      command: String, arguments: [String] = [], environment: [String: String] = [:], folder: String? = nil)
    /// A server behind HTTP, and what is sent to it with every request.
    case http(URL, headers: [String: String] = [:])
  }

  /// The name, which the names of its tools begin with.
  public var name: String
  /// How it is reached.
  public var transport: Transport
  /// The tools that are offered to the model, by the names that the server gives them; nil for all.
  public var allowedTools: [String]?
  /// For how long a call may be silent; nil for ``MCPOptions/callTimeout``.
  public var timeout: Duration?
  /// Whether it is left alone.
  public var isDisabled: Bool
  /// The file that it comes from.
  var file: String?

  /// A server made in code.
  public init(
    name: String, transport: Transport, allowedTools: [String]? = nil, timeout: Duration? = nil,
    isDisabled: Bool = false
  ) {
    (self.name, self.transport, self.allowedTools) = (name, transport, allowedTools)
    (self.timeout, self.isDisabled) = (timeout, isDisabled)
  }
}

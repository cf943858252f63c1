public import Foundation
public import GPTOSS
public import GPTOSSJSON

/// A tool of a server, for sessions and `act`.
public struct MCPTool: Tool {
  /// The name that the model calls: the server's name, `_` and the tool's own.
  public let name: String
  /// What the server says that the tool is for.
  public let description: String
  /// The schema as the server declares it.
  public let parameters: JSONValue
  /// The name of the server in the configuration.
  public let server: String
  /// The name that the server gives the tool.
  public let originalName: String
  /// Whether the server says that the tool changes nothing. Nothing holds the tool to that.
  public let claimsReadOnly: Bool

  private let definition: ToolDefinition
  private let owner: MCPServers
  private let connection: MCPServer

  init(_ definition: ToolDefinition, name: String, _ connection: MCPServer, _ owner: MCPServers) {
    (self.name, self.definition, self.connection, self.owner) = (name, definition, connection, owner)
    description = definition.description
    parameters = definition.parameters
    server = connection.name
    originalName = definition.name
    claimsReadOnly = definition.claimsReadOnly
  }

  /// Calls the tool.
  ///
  /// - Returns: what it gave, as text; the middle of a very long text is left out.
  /// - Throws: `MCPToolFailure` if the tool says that it failed, `MCPError` if it could not be called,
  ///   `CancellationError`.
  public func call(arguments: JSONObject) async throws -> String {
    let result = try await connection.call(definition, arguments)
    let text = result.text.cutInTheMiddle(limit: owner.options.resultLimit)
    if result.isError { throw MCPToolFailure(text: text) }
    return text
  }
}

/// What a tool said when it failed.
public struct MCPToolFailure: LocalizedError, Error, Equatable, CustomStringConvertible {
  /// The tool's words.
  public let text: String

  package init(text: String) { self.text = text }

  /// The same as ``text``.
  public var description: String { text }
  /// The same as ``text``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { text }
}

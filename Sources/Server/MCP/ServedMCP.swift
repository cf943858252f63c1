public import GPTOSSMCP

/// The servers of the Model Context Protocol whose tools requests may have the model call.
///
/// Their tools do what the person who started the server may do. So a request needs a key for them, whether
/// other requests need one or not.
public struct ServedMCP: Sendable {
  /// The servers that requests may name.
  public var servers: MCPServers
  /// The key that requests have to send for their tools.
  public var apiKey: String
  /// Whether requests may give addresses of other servers.
  public var allowsRemote: Bool
  /// Whether those may be of this machine and of private networks, and without TLS.
  public var allowsPrivate: Bool

  /// Servers for requests that send a key.
  public init(_ servers: MCPServers, apiKey: String, allowsRemote: Bool = false, allowsPrivate: Bool = false)
  {
    (self.servers, self.apiKey) = (servers, apiKey)
    (self.allowsRemote, self.allowsPrivate) = (allowsRemote, allowsPrivate)
  }
}

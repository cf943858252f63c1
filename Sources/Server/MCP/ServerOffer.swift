import Foundation
package import GPTOSS
package import GPTOSSJSON
import GPTOSSMCP
import GPTOSSPlatform

/// What a request gets of a server that it names: tools, or the reason why there are none.
package struct ServerOffer: Sendable {
  /// A tool.
  package struct Entry: Sendable {
    let tool: any Tool
    let origin: ToolOrigin
    /// Whether the server says that it changes nothing.
    let claimsReadOnly: Bool

    /// The schema of its arguments.
    let schema: JSONValue

    package init(_ tool: any Tool, schema: JSONValue, _ origin: ToolOrigin, claimsReadOnly: Bool = false) {
      (self.tool, self.schema) = (tool, schema)
      (self.origin, self.claimsReadOnly) = (origin, claimsReadOnly)
    }
  }

  /// The server as the request calls it.
  let label: String
  /// Where the request names it.
  let path: String
  let entries: [Entry]
  /// Why there are no tools; nil if they were listed.
  let failure: String?

  package init(label: String, path: String, _ entries: [Entry], failure: String? = nil) {
    (self.label, self.path, self.entries, self.failure) = (label, path, entries, failure)
  }

  /// The tools, as the model sees them and for carrying out calls.
  ///
  /// - Throws: ``ServerError`` for tools that cannot be declared.
  func toolbox() throws(ServerError) -> Toolbox { try Toolbox(of: [self]) }
}

extension Toolbox {
  /// The tools of servers.
  ///
  /// - Throws: ``ServerError`` for tools that cannot be declared.
  init(of offers: [ServerOffer]) throws(ServerError) {
    do throws(GPTOSSError) {
      try self.init(offers.flatMap { $0.entries.map(\.tool) })
    } catch {
      throw .invalid(parameter: offers.first?.path ?? "tools", problem: "\(error)")
    }
  }
}

extension APIService {
  /// The most servers of a request.
  private static let serverLimit = 16

  /// Lists the tools of the servers that a request names. One that fails costs its own tools.
  ///
  /// - Throws: ``ServerError`` or `JSONError`: for a request that names servers and may not, and for what is
  ///   malformed; `CancellationError`.
  func serverOffers(for request: JSONField, _ exchange: Exchange) async throws -> [ServerOffer] {
    let tools = try request.optional("tools")?.elements() ?? []
    let named = tools.filter { $0.value["type"] == "mcp" }
    guard let first = named.first else { return [] }
    guard let mcp else {
      throw ServerError.unsupported(
        parameter: first.path, what: "tools of MCP servers need a server that was started with --mcp FILE")
    }
    guard exchange.holdsToolKey else { throw ServerError.toolsNeedKey }
    guard named.count <= Self.serverLimit else {
      throw ServerError.outOfRange(
        parameter: "tools", expected: "at most \(Self.serverLimit) MCP servers", actual: String(named.count))
    }
    var references: [ServerReference] = []
    for tool in named {
      let reference = try ServerReference(tool, mcp)
      guard !references.contains(where: { $0.label == reference.label }) else {
        throw ServerError.invalid(
          parameter: tool.path(of: "server_label"), problem: "'\(reference.label)' is there twice")
      }
      references.append(reference)
    }
    let listing = Task { [references] in
      try await withThrowingTaskGroup(of: (Int, ServerOffer).self) { group in
        for (index, reference) in references.enumerated() {
          group.addTask { (index, try await reference.offer(from: mcp)) }
        }
        var offers = [ServerOffer?](repeating: nil, count: references.count)
        for try await (index, offer) in group { offers[index] = offer }
        return offers.compactMap(\.self)
      }
    }
    exchange.onCancel { listing.cancel() }
    return try await listing.value
  }
}

extension ServerReference {
  /// How long a server of a request may take to answer.
  private static let startTimeout = Duration.seconds(10)

  /// Lists the tools that the request wants of the server.
  ///
  /// - Throws: ``ServerError`` for an address that requests may not have, `CancellationError`.
  fileprivate func offer(from mcp: ServedMCP) async throws -> ServerOffer {
    let servers: MCPServers
    switch place {
    case .configured: servers = mcp.servers
    case .address(let url, let headers):
      if !mcp.allowsPrivate { try await checkAddress(of: url) }
      let server = MCPServerConfiguration(name: label, transport: .http(url, headers: headers))
      // It ends with its tools, which the answer holds.
      servers = MCPServers(
        configuration: MCPConfiguration(servers: [server]),
        options: MCPOptions(startTimeout: Self.startTimeout))
    }
    do throws(MCPError) {
      let tools = try await servers.tools(of: label)
      let entries = tools.compactMap { tool -> ServerOffer.Entry? in
        let (name, claim) = (tool.originalName, tool.claimsReadOnly)
        guard allowed.contains(name, claimsReadOnly: claim) else { return nil }
        let needsApproval = approval.isNeeded(for: name, claimsReadOnly: claim)
        let origin = ToolOrigin(label: label, name: name, needsApproval: needsApproval)
        return ServerOffer.Entry(tool, schema: tool.parameters, origin, claimsReadOnly: claim)
      }
      return ServerOffer(label: label, path: path, entries)
    } catch {
      try Task.checkCancellation()
      return ServerOffer(label: label, path: path, [], failure: error.description.inert)
    }
  }

  /// - Throws: ``ServerError``.
  private func checkAddress(of url: URL) async throws {
    let path = "\(path).server_url"
    guard let host = url.host(percentEncoded: false) else {
      throw ServerError.invalid(parameter: path, problem: "it names no host")
    }
    guard let addresses = await NetworkAddress.all(of: host), !addresses.isEmpty else {
      throw ServerError.invalid(parameter: path, problem: "the host '\(host)' has no address")
    }
    guard addresses.allSatisfy(\.isPublic) else {
      throw ServerError.unsupported(
        parameter: path,
        what: "'\(host)' is on this machine or a private network; start the server with --allow-private-mcp")
    }
  }
}

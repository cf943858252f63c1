/// What the Responses API calls a tool of an MCP server, and whether calls have to be agreed to.
package struct ToolOrigin: Hashable, Sendable {
  /// The server as the request calls it.
  package var label: String
  /// The tool as the server calls it.
  package var name: String
  /// Whether a call waits until the client agrees.
  package var needsApproval: Bool

  package init(label: String, name: String, needsApproval: Bool) {
    (self.label, self.name, self.needsApproval) = (label, name, needsApproval)
  }
}

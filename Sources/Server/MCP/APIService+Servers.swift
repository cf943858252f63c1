import GPTOSS
import GPTOSSHosting
package import GPTOSSJSON
import GPTOSSMCP
import GPTOSSPlatform

/// What people see of the servers of `--mcp` before they let a conversation use them.
extension APIService {
  /// `GET /api/v1/mcp/servers`: each server that requests may name, what it is doing, and its tools with the
  /// tokens that they take of a prompt. Which model counts does not matter, as all have one vocabulary; while
  /// none is loaded, nothing is counted. This server's own.
  ///
  /// - Throws: ``ServerError/toolsNeedKey``, and others for tools that cannot be declared.
  package func serverList(_ exchange: Exchange) async throws -> JSONValue {
    guard let mcp else { return ["servers": []] }
    guard exchange.holdsToolKey else { throw ServerError.toolsNeedKey }
    let used = await loadedModel()
    defer { withExtendedLifetime(used?.lease) {} }
    let status = mcp.servers.status
    return try await LongWork.run {
      ["servers": .array(try status.map { try $0.json(countedBy: used?.model) })]
    }
  }

  /// A model that is loaded already.
  private func loadedModel() async -> UsedModel? {
    for instance in models.models().flatMap(\.instances) where instance.state == .loaded {
      // One that is being unloaded meanwhile is no model to count with.
      do { return try await models.use(instance) } catch { continue }
    }
    return nil
  }
}

extension MCPServerStatus {
  /// - Throws: ``ServerError``.
  fileprivate func json(countedBy model: (any TokenModel)?) throws(ServerError) -> JSONValue {
    let counts: [Int]?
    do throws(GPTOSSError) { counts = try model?.promptTokenCounts(of: tools) } catch {
      throw ServerError(engine: error)
    }
    let tools = tools.enumerated().map { index, tool -> JSONValue in
      [
        "name": .string(tool.originalName), "description": .string(tool.description),
        "read_only": .bool(tool.claimsReadOnly), "tokens": counts.map { .integer($0[index]) } ?? .null,
      ]
    }
    return [
      "name": .string(name), "state": .string(state.word), "error": .optional(state.error?.description.inert),
      "description": .string(description), "tools": .array(tools),
      "notes": .array(notes.map { .string($0.inert) }),
      "tokens": counts.map { .integer($0.reduce(0, +)) } ?? .null,
    ]
  }
}

import Foundation
import GPTOSS
import GPTOSSTerminal
import Synchronization

#if MCP
  import GPTOSSMCP

  /// The MCP servers of a chat: their tools, asked for before they run, and what is to be said about them.
  final class ChatServers: Sendable {
    private struct State {
      /// What was told of each server last.
      var told: [String: Told] = [:]
      var tokenCounts: [ToolKey: Int] = [:]
      /// How many tools of each server have no room in the context.
      var omitted: [String: Int] = [:]
    }

    /// What was told of a server, and what it was doing then.
    private struct Told {
      let state: MCPServerStatus.State
      let lines: [String]

      /// Whether its tools were not there.
      var wasAway: Bool {
        switch state {
        case .starting, .restarting: true
        case .disabled, .running, .failed, .stopped: false
        }
      }
    }

    private let servers: MCPServers?
    private let approvals: Approvals?
    private let state = Mutex(State())

    /// No servers.
    init() { (servers, approvals) = (nil, nil) }

    /// - Parameter approvals: asks before calls; nil to run them at once.
    init(_ servers: MCPServers, approvals: Approvals?) {
      (self.servers, self.approvals) = (servers, approvals)
    }

    var isEmpty: Bool { servers == nil }

    /// The tools of the servers that run, as far as they leave half of the context free.
    func tools(of model: any TokenModel) async -> [any Tool] {
      guard let servers else { return [] }
      var room = model.profile.contextLength / 2
      var omitted: [String: Int] = [:]
      let tools = await servers.tools().compactMap { $0 as? MCPTool }.filter { tool in
        room -= tokenCount(tool, model)
        if room < 0 { omitted[tool.server, default: 0] += 1 }
        return room >= 0
      }
      state.withLock { $0.omitted = omitted }
      return tools.map { tool in
        guard let approvals else { return tool }
        return ApprovedTool(tool: tool, approvals: approvals)
      }
    }

    /// What has happened since this was asked last, one line each.
    func news() -> [String] {
      (servers?.status ?? []).flatMap { status in
        state.withLock { state in
          let before = state.told[status.name]
          let lines = Self.lines(
            about: status, omitted: state.omitted[status.name], wasAway: before?.wasAway ?? false)
          state.told[status.name] = Told(state: status.state, lines: lines)
          return lines.filter { !(before?.lines.contains($0) ?? false) }
        }
      }
    }

    private static func lines(about status: MCPServerStatus, omitted: Int?, wasAway: Bool) -> [String] {
      let name = "MCP server \(status.name)"
      var lines: [String] = []
      switch status.state {
      case .failed, .restarting: lines.append("\(name) \(status.state)")
      case .starting: lines.append("\(name) is still starting; its tools come when it is ready")
      case .running: if wasAway { lines.append("\(name) is running") }
      case .disabled, .stopped: break
      }
      lines += status.notes.map { "\(name): \($0)" }
      if let omitted {
        lines.append(
          "\(name): \(omitted) of its tools are left out, because they would take more than half of the "
            + "context; name those that you want under allowed_tools")
      }
      return lines.map(\.foreignLine)
    }

    /// What `/mcp` shows.
    ///
    /// - Throws: `GPTOSSError` for a vocabulary without Harmony's tokens.
    func overview(for model: any TokenModel) async throws -> String {
      guard let servers else { return "no MCP servers; --mcp names a file with some" }
      var (lines, total): ([String], Int) = ([], 0)
      for status in servers.status {
        let version = status.protocolVersion.map { "protocol \($0)" }
        let facts = ["\(status.state)", status.description, version ?? ""].filter { !$0.isEmpty }
        lines.append("\(status.name): \(facts.joined(separator: ", "))".foreignLine)
        let width = status.tools.map(\.name.count).max() ?? 0
        for tool in status.tools {
          let count = tokenCount(tool, model)
          total += count
          let name = tool.name.padding(toLength: width, withPad: " ", startingAt: 0)
          lines.append("  \(name)  \(count) tokens\(tool.claimsReadOnly ? ", says that it only reads" : "")")
        }
        lines += try await model.notices(of: status.tools).map { "  not held: \($0)".foreignLine }
        lines += status.notes.map { "  \($0.foreignLine)" }
      }
      lines.append("\(total) tokens in all, of a context of \(model.profile.contextLength)")
      return lines.joined(separator: "\n")
    }

    private func tokenCount(_ tool: MCPTool, _ model: any TokenModel) -> Int {
      let key = ToolKey(tool)
      if let known = state.withLock({ $0.tokenCounts[key] }) { return known }
      // A tool that cannot be declared, or counted, is found out by the session.
      let count: Int
      do { count = try model.promptTokenCounts(of: [tool])[0] } catch { count = 0 }
      state.withLock { $0.tokenCounts[key] = count }
      return count
    }

    /// Calls a tool that a person names, which waits for its server.
    func result(of call: ToolCommand) async -> Result<String, CallFailure> {
      guard let tool = await servers?.tool(named: call.name) else {
        if Task.isCancelled { return .failure(CallFailure("stopped")) }
        return .failure(CallFailure("there is no such tool of an MCP server; /mcp lists them"))
      }
      do {
        return .success(try await tool.call(arguments: call.arguments))
      } catch is CancellationError {
        return .failure(CallFailure("stopped"))
      } catch {
        return .failure(CallFailure("\(error)"))
      }
    }

    func stop() async { await servers?.stop() }
  }

  /// A tool as it was declared: a server that changes what it declares has another one.
  struct ToolKey: Hashable {
    private let name: String
    private let description: String
    private let parameters: String

    init(_ tool: MCPTool) {
      (name, description, parameters) = (tool.name, tool.description, tool.parameters.text)
    }
  }
#else
  /// The MCP servers of a chat that is built without them.
  struct ChatServers {
    let isEmpty = true
    func tools(of model: any TokenModel) async -> [any Tool] { [] }
    func news() -> [String] { [] }
    func overview(for model: any TokenModel) async throws -> String {
      "no MCP servers; they need a program that is built with the trait MCP"
    }
    func result(of call: ToolCommand) async -> Result<String, CallFailure> {
      .failure(CallFailure("there are no MCP servers"))
    }
    func stop() async {}
  }
#endif

/// Why a call that a person asked for gave nothing.
struct CallFailure: Error {
  let text: String
  init(_ text: String) { self.text = text }
}

import Foundation
public import GPTOSS
import GPTOSSPlatform

/// Servers of the Model Context Protocol, whose tools a model may call.
///
///     let servers = MCPServers(configuration: try MCPConfiguration(contentsOf: file))
///     let session = ChatSession(model: model, tools: await servers.tools())
///     print(try await session.respond(to: "What time is it in Tokyo?").answer)
///
/// The servers start at once, side by side and in the background. One that fails costs its own tools and
/// nothing else. They end with this object and its tools, or by ``stop()``; if the program is killed, they
/// are ended all the same.
public final class MCPServers: Sendable {
  /// How the servers are run.
  public let options: MCPOptions
  private let servers: [MCPServer]

  private struct State {
    var names = ToolNames()
    /// The tools by name, in the order in which they were first seen.
    var order: [String] = []
    var hasWaited = false
  }

  private let state = Locked(State())

  /// Starts servers.
  ///
  /// - Parameters:
  ///   - configuration: the servers; names may come once.
  ///   - options: how they are run.
  public init(configuration: MCPConfiguration, options: MCPOptions = MCPOptions()) {
    self.options = options
    let environment = ProcessInfo.processInfo.environment
    servers = configuration.servers.map { MCPServer($0, options, environment: environment) }
    servers.forEach { $0.start() }
  }

  deinit {
    for server in servers { Task { await server.stop() } }
  }

  /// How long the first turn waits for servers that are starting, and every turn for new lists of tools.
  private static let firstWait = Duration.seconds(10)
  private static let refreshWait = Duration.seconds(2)

  /// The tools of all servers that run, for a session or for `act`.
  ///
  /// Ask again before each turn: servers may have joined, failed or changed their tools. The order of the
  /// tools that stay is the same, and new ones come last, so that the model does not read the others again.
  /// The first time, this waits up to 10 seconds for servers that are starting.
  public func tools() async -> [any Tool] {
    let isFirst = state.withLock { state in
      defer { state.hasWaited = true }
      return !state.hasWaited
    }
    if isFirst { await wait(atMost: Self.firstWait) }
    await refresh()
    let offered = servers.flatMap { offer(of: $0).tools }
    let byName = Dictionary(offered.map { ($0.name, $0) }) { first, _ in first }
    return state.withLock { state in
      state.order.removeAll { byName[$0] == nil }
      let known = Set(state.order)
      state.order += offered.map(\.name).filter { !known.contains($0) }
      return state.order.compactMap { byName[$0] }
    }
  }

  /// The names of the servers, in the order of the configuration.
  public var names: [String] { servers.map(\.name) }

  /// The tools of one server, in the server's order. While it is starting, this waits up to 10 seconds.
  ///
  /// - Throws: `MCPError`: why it has none.
  public func tools(of name: String) async throws(MCPError) -> [MCPTool] {
    guard let server = servers.first(where: { $0.name == name }) else {
      throw .notRunning("no server is called \(name)")
    }
    await wait(atMost: Self.firstWait) { server.state == .starting }
    await server.refresh(until: .now + Self.refreshWait)
    switch server.state {
    case .running, .restarting: return offer(of: server).tools
    case .failed(let error): throw error
    case .disabled, .starting, .stopped: throw .notRunning("\(server.state)")
    }
  }

  /// The tool of a name, as the model calls it. While none has it, this waits for servers that are starting.
  ///
  /// - Returns: nil if no server has it.
  public func tool(named name: String) async -> MCPTool? {
    await wait(atMost: options.startTimeout) { [self] in find(name) == nil }
    await refresh()
    if let tool = find(name) { return tool }
    // Who asks for a tool that is not there may know more than the list.
    servers.forEach { $0.expireList() }
    await refresh()
    return find(name)
  }

  private func find(_ name: String) -> MCPTool? {
    servers.lazy.flatMap { self.offer(of: $0).tools }.first { $0.name == name }
  }

  /// Waits for servers that are starting while a condition holds, or until the task is cancelled.
  private func wait(atMost limit: Duration, while holds: @Sendable () -> Bool = { true }) async {
    do {
      _ = try await GPTOSSMCP.wait(until: .now + limit) { [servers] in
        servers.contains { $0.state == .starting } && holds()
      }
    } catch {
      // Whoever is cancelled goes on with what is there.
    }
  }

  /// Takes up what has changed.
  private func refresh() async {
    let deadline = ContinuousClock.now + Self.refreshWait
    await withTaskGroup { group in
      for server in servers { group.addTask { await server.refresh(until: deadline) } }
    }
  }

  /// What every server is doing, in the order of the configuration.
  public var status: [MCPServerStatus] {
    servers.map { server in
      let (tools, notes) = offer(of: server)
      return MCPServerStatus(
        name: server.name, state: server.state, description: server.description,
        protocolVersion: server.version?.rawValue, tools: tools, notes: notes)
    }
  }

  /// Ends all servers, and waits until nothing is left of them.
  public func stop() async {
    await withTaskGroup { group in
      for server in servers { group.addTask { await server.stop() } }
    }
  }

  /// The tools that a server has for the model, and what is wrong with others.
  private func offer(of server: MCPServer) -> (tools: [MCPTool], notes: [String]) {
    switch server.state {
    case .running, .restarting: break
    case .disabled, .starting, .failed, .stopped: return ([], [])
    }
    let list = server.list
    var notes: [String] = []
    if list.unusableCount > 0 {
      notes.append("\(list.unusableCount) entries of its list are no tools that can be called")
    }
    let isHTTP = if case .http = server.configuration.transport { true } else { false }
    let allowed = server.configuration.allowedTools
    let names = Set(list.tools.map(\.name))
    for name in allowed ?? [] where !names.contains(name) {
      notes.append("allowed_tools names \(name), which the server does not have")
    }
    let tools = list.tools.filter { tool in
      guard allowed?.contains(tool.name) ?? true else { return false }
      guard tool.headerParameters == nil, isHTTP else { return true }
      notes.append("\(tool.name) is left out: its schema asks for headers in a way that is not allowed")
      return false
    }
    return state.withLock { state in
      (
        tools.map { MCPTool($0, name: state.names.name(of: $0.name, server: server.name), server, self) },
        notes
      )
    }
  }
}

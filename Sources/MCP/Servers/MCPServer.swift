import Foundation
import GPTOSSJSON
import GPTOSSPlatform

/// The life of one server: started, asked for its tools, started again when it ends.
final class MCPServer: Sendable {
  let configuration: MCPServerConfiguration
  private let options: MCPOptions
  private let environment: [String: String]

  /// What a server is at one moment.
  fileprivate struct Life {
    var state: MCPServerStatus.State
    var connection: Connection?
    var information: ServerInformation?
    var list = ToolList()
    /// When the list of tools has to be asked for again; nil for not before the server says so.
    var listExpires: ContinuousClock.Instant?
    var task: Task<Void, Never>?
    /// Whether the server expects `initialize`; found out once.
    var isOld = false
  }

  private let life: Locked<Life>

  init(_ configuration: MCPServerConfiguration, _ options: MCPOptions, environment: [String: String]) {
    (self.configuration, self.options, self.environment) = (configuration, options, environment)
    life = Locked(Life(state: configuration.isDisabled ? .disabled : .starting))
  }

  var name: String { configuration.name }
  var state: MCPServerStatus.State { life.withLock(\.state) }
  /// The tools as the server listed them last; they stay while it is started again.
  var list: ToolList { life.withLock(\.list) }
  var version: ProtocolVersion? { life.withLock(\.connection)?.version }
  var description: String {
    let information = life.withLock(\.information)
    return [information?.name, information?.version].compactMap { $0 }.joined(separator: " ")
  }

  // MARK: Life

  /// How often a server is started again without having run for a while, and what "a while" is.
  private static let restartLimit = 5
  private static let goodRun = Duration.seconds(60)
  private static let longestBackoff = Duration.seconds(30)

  /// Begins in the background.
  func start() {
    guard !configuration.isDisabled else { return }
    // A turn waits for it, a few seconds at most: it comes before what else computes on the pool.
    life.withLock { $0.task = Task(priority: .userInitiated) { await run() } }
  }

  /// Ends the server, and waits until nothing is left of it.
  func stop() async {
    let task = life.withLock(\.task)
    task?.cancel()
    await task?.value
  }

  private func run() async {
    var restarts = 0
    while true {
      let start = ContinuousClock.now
      let (failure, hasRun) = await serve()
      if ContinuousClock.now - start > Self.goodRun { restarts = 0 }
      guard !Task.isCancelled else { return set(.stopped) }
      // What does not start the first time would hardly do so the second time.
      guard hasRun || restarts > 0, restarts < Self.restartLimit else { return set(.failed(failure)) }
      restarts += 1
      set(.restarting(failure))
      let backoff = failure == .sessionEnded ? .zero : Duration.milliseconds(250) * (1 << restarts)
      do { try await Task.sleep(for: min(backoff, Self.longestBackoff)) } catch { return set(.stopped) }
    }
  }

  /// Runs the server once, from its start to its end.
  private func serve() async -> (failure: MCPError, hasRun: Bool) {
    let connection: Connection
    do {
      connection = try await connect()
    } catch let error as MCPError {
      return (error, false)
    } catch {
      return (.notRunning("it was stopped"), false)
    }
    let subscription = Task { await listen(on: connection) }
    let failure = await withTaskCancellationHandler {
      await connection.waitForEnd()
    } onCancel: {
      Task { await connection.close() }
    }
    subscription.cancel()
    life.withLock { ($0.connection, $0.state) = (nil, .restarting(failure)) }
    await connection.close()
    return (failure, true)
  }

  private func set(_ state: MCPServerStatus.State) { life.withLock { $0.state = state } }

  // MARK: Start

  /// Starts the server, agrees on a version and asks for the tools.
  ///
  /// - Throws: `MCPError`, `CancellationError`; nothing is left of the server then.
  private func connect() async throws -> Connection {
    let isOld = life.withLock(\.isOld)
    do {
      return try await connect(isOld: isOld)
    } catch let error as MCPError where !isOld && error.isEnd {
      // Some old programs end when they are asked something before `initialize`.
      let connection = try await connect(isOld: true)
      life.withLock { $0.isOld = true }
      return connection
    }
  }

  private func connect(isOld: Bool) async throws -> Connection {
    let connection = makeConnection()
    connection.onToolsChanged { [weak self] in self?.expireList() }
    let deadline = ContinuousClock.now + options.startTimeout
    do {
      try connection.open()
      let information = try await connection.agree(isOld: isOld, until: deadline)
      let list = information.hasTools ? try await connection.listTools(until: deadline) : ToolList()
      life.withLock { life in
        (life.connection, life.information, life.state) = (connection, information, .running)
        life.take(list)
      }
      return connection
    } catch {
      await connection.close()
      throw error
    }
  }

  private func makeConnection() -> Connection {
    let transport: any Transport
    switch configuration.transport {
    case .program(let command, let arguments, let variables, let folder):
      transport = ProcessTransport(
        ProcessCommand(
          executable: command, arguments: arguments,
          environment: ServerEnvironment.make(variables, from: environment), folder: folder))
    case .http(let url, let headers):
      transport = HTTPTransport(
        url: url, headers: headers.sorted { $0.key < $1.key }.map { HTTPHeader($0.key, $0.value) })
    }
    return Connection(transport, elicitor: elicitor)
  }

  private var elicitor: Connection.Elicitor? {
    guard let elicit = options.elicit else { return nil }
    return { [name] message, schema in
      guard let form = MCPElicitation(server: name, message: message, schema: schema) else { return .decline }
      return await elicit(form)
    }
  }

  // MARK: Tools

  /// Has the server tell when its tools change, if it does. Servers with sessions may do so without having
  /// said it.
  private func listen(on connection: Connection) async {
    guard let version = connection.version else { return }
    guard version.isStateless else { return connection.transport.listen(version) }
    guard life.withLock({ $0.information?.announcesToolChanges ?? false }) else { return }
    var pause = Duration.seconds(1)
    while !Task.isCancelled {
      do {
        try await connection.listenForToolChanges()
      } catch is Connection.Refusal {
        return
      } catch {
        // It broke, or the server ended it.
      }
      do { try await Task.sleep(for: pause) } catch { return }
      // What changed in between was not told.
      expireList()
      pause = min(pause * 2, .seconds(60))
    }
  }

  /// Has the tools asked for again before the next turn.
  func expireList() { life.withLock { $0.listExpires = .now } }

  /// Asks for the tools again if they may have changed; if that fails, those known stay.
  func refresh(until deadline: ContinuousClock.Instant) async {
    let connection = life.withLock { life in
      guard life.state == .running, let expires = life.listExpires, expires <= .now else {
        return Connection?.none
      }
      life.listExpires = nil
      return life.connection
    }
    guard let connection else { return }
    do {
      let list = try await connection.listTools(until: deadline)
      life.withLock { $0.take(list) }
    } catch {
      life.withLock { $0.listExpires = .now + .seconds(5) }
    }
  }

  /// Calls a tool; a server that has forgotten its session gets a new one first, and one that wants other
  /// arguments in headers than it said is asked for its tools again.
  ///
  /// - Throws: `MCPError`, `CancellationError`.
  func call(_ tool: ToolDefinition, _ arguments: JSONObject) async throws -> CallResult {
    let timeout = configuration.timeout ?? options.callTimeout
    let connection = try await runningConnection()
    do {
      return try await connection.call(tool, arguments, timeout: timeout)
    } catch MCPError.sessionEnded {
      // The server has not carried out what it refused.
      await connection.endSession()
      _ = try await wait(until: .now + options.startTimeout) {
        life.withLock { $0.connection === connection }
      }
      return try await runningConnection().call(tool, arguments, timeout: timeout)
    } catch MCPError.refused(ErrorCode.headerMismatch, let message) {
      let list = try await connection.listTools(until: .now + timeout)
      life.withLock { $0.take(list) }
      guard let current = list.tools.first(where: { $0.name == tool.name }),
        current.headerParameters != tool.headerParameters
      else { throw MCPError.refused(code: ErrorCode.headerMismatch, message: message) }
      return try await connection.call(current, arguments, timeout: timeout)
    }
  }

  private func runningConnection() async throws -> Connection {
    _ = try await wait(until: .now + options.startTimeout) { [self] in
      switch self.state {
      case .starting, .restarting: true
      // Its end may not have been taken note of here yet.
      case .running: self.life.withLock(\.connection)?.isOver ?? false
      case .disabled, .failed, .stopped: false
      }
    }
    let (connection, state) = life.withLock { ($0.connection, $0.state) }
    guard state == .running, let connection else { throw MCPError.notRunning("\(state)") }
    return connection
  }
}

extension MCPServer.Life {
  /// Takes a new list. One that a server announces changes of holds until then; of others it may say how
  /// long.
  fileprivate mutating func take(_ list: ToolList) {
    self.list = list
    let isAnnounced = information?.announcesToolChanges ?? false
    guard let lifetime = list.lifetime, !isAnnounced || lifetime > .zero else {
      listExpires = nil
      return
    }
    listExpires = .now + lifetime
  }
}

extension MCPError {
  /// Whether the program of a server has ended.
  fileprivate var isEnd: Bool { if case .ended = self { true } else { false } }
}

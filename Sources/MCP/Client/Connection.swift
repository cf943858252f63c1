import GPTOSSJSON
import GPTOSSPlatform

/// A connection to a server: requests and their answers, timeouts, cancellation, and what the server asks.
///
/// Messages are taken as they come, on the thread of the transport: a server that floods waits for itself.
final class Connection: Sendable {
  /// What a server may want of the person, and who answers; nil where nobody is there.
  typealias Elicitor = @Sendable (_ message: String, _ schema: JSONValue) async -> MCPElicitationAnswer

  private struct Pending {
    let method: String
    let continuation: CheckedContinuation<Result<JSONObject, any Error>, Never>
    let timeout: Duration?
    var deadline: ContinuousClock.Instant?
    let latest: ContinuousClock.Instant?
    var timer: Task<Void, Never>?
  }

  private struct Question {
    /// The server's number for it.
    let id: JSONValue
    let task: Task<Void, Never>
  }

  private struct State {
    var version: ProtocolVersion?
    var lastID = 0
    var pending: [Int: Pending] = [:]
    var closed: MCPError?
    var waitingForEnd: [CheckedContinuation<MCPError, Never>] = []
    /// What the server asks, by a number of our own: to be given up with the connection.
    var questions: [Int: Question] = [:]
    var lastQuestion = 0
    var onToolsChanged: (@Sendable () -> Void)?
  }

  let transport: any Transport
  private let elicitor: Elicitor?
  private let state = Locked(State())

  init(_ transport: any Transport, elicitor: Elicitor?) {
    (self.transport, self.elicitor) = (transport, elicitor)
  }

  /// Begins.
  ///
  /// - Throws: `MCPError` if the server cannot be started.
  func open() throws(MCPError) {
    try transport.open { [weak self] event in self?.take(event) }
  }

  func close() async {
    await transport.close()
    end(.notRunning("it was stopped"))
  }

  /// How long calls under way may still be answered when the session is over.
  private static let lastAnswers = Duration.seconds(2)

  /// Ends the connection to a server that has forgotten the session: nothing more is asked in it. Each request
  /// under way has an answer of its own, and what the server has not refused it may have carried out.
  func endSession() async {
    let isFirst = state.withLock { state in
      defer { state.closed = state.closed ?? .sessionEnded }
      return state.closed == nil
    }
    guard isFirst else { return }
    do {
      _ = try await wait(until: .now + Self.lastAnswers) { [self] in
        state.withLock { $0.pending.values.contains { $0.timeout != nil } }
      }
    } catch {
      // Who asked is gone; the others are told what is known.
    }
    end(.sessionEnded, underWay: .unreachable("the session ended during the request"))
  }

  /// Whether it has ended: known before those who wait for answers are told.
  var isOver: Bool { state.withLock { $0.closed != nil } }

  /// The version that both sides speak; until that is known, the one that is tried.
  var version: ProtocolVersion? {
    get { state.withLock(\.version) }
    set { state.withLock { $0.version = newValue } }
  }

  /// What the client can do, as it tells servers.
  var capabilities: JSONValue { elicitor == nil ? [:] : ["elicitation": ["form": [:]]] }

  func onToolsChanged(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onToolsChanged = body } }

  /// Waits for the end of the connection.
  func waitForEnd() async -> MCPError {
    await withCheckedContinuation { continuation in
      let closed = state.withLock { state in
        if state.closed == nil { state.waitingForEnd.append(continuation) }
        return state.closed
      }
      if let closed { continuation.resume(returning: closed) }
    }
  }

  // MARK: Requests

  /// Progress extends the time for an answer, but not beyond so many times the timeout.
  private static let extensionLimit = 20

  /// Sends a request and waits for its answer.
  ///
  /// - Parameters:
  ///   - timeout: for how long at most nothing may be heard of it; nil for a request that stays open.
  ///   - prepare: adds what the transport has to know.
  /// - Throws: `MCPError`; `CancellationError` if the task is cancelled, which the server is told.
  func request(
    _ method: String, _ parameters: JSONObject = JSONObject(), timeout: Duration?,
    _ prepare: @Sendable (inout OutgoingMessage) -> Void = { _ in }
  ) async throws -> JSONObject {
    let (id, version) = state.withLock { state in
      state.lastID += 1
      return (state.lastID, state.version)
    }
    var message = OutgoingMessage.request(id, method, complete(parameters, id, version), version)
    prepare(&message)
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let now = ContinuousClock.now
        let pending = Pending(
          method: method, continuation: continuation, timeout: timeout, deadline: timeout.map { now + $0 },
          latest: timeout.map { now + $0 * Self.extensionLimit })
        if let closed = add(pending, id) {
          continuation.resume(returning: .failure(closed))
        } else if Task.isCancelled {
          abandon(id, CancellationError())
        } else {
          transport.send(message)
        }
      }
    } onCancel: {
      abandon(id, CancellationError())
    }
    return try outcome.get()
  }

  /// Sends a notification that comes before everything that is sent later.
  func notify(_ method: String) async {
    await transport.deliver(.notification(method, JSONObject(), version))
  }

  /// The parameters with what goes with every request.
  private func complete(_ parameters: JSONObject, _ id: Int, _ version: ProtocolVersion?) -> JSONObject {
    var parameters = parameters
    var meta = parameters[MetaKey.meta]?.objectValue ?? JSONObject()
    if parameters["name"] != nil { meta[MetaKey.progressToken] = JSONValue(id) }
    if let version, version.isStateless {
      meta[MetaKey.protocolVersion] = .string(version.rawValue)
      meta[MetaKey.clientInfo] = Self.clientInfo
      meta[MetaKey.clientCapabilities] = capabilities
    }
    if !meta.isEmpty { parameters[MetaKey.meta] = .object(meta) }
    return parameters
  }

  static let clientInfo: JSONValue = ["name": "gptoss", "version": "1.0.0"]

  private func add(_ pending: Pending, _ id: Int) -> MCPError? {
    var pending = pending
    return state.withLock { state in
      if let closed = state.closed { return closed }
      if pending.timeout != nil { pending.timer = Task { [weak self] in await self?.watch(id) } }
      state.pending[id] = pending
      return nil
    }
  }

  /// Ends a request whose time is over.
  private func watch(_ id: Int) async {
    while let deadline = state.withLock({ $0.pending[id]?.deadline }) {
      if ContinuousClock.now >= deadline {
        let (pending, isAsking) = state.withLock { ($0.pending[id], !$0.questions.isEmpty) }
        // The server waits for the person, and so does the clock.
        if isAsking {
          do { try await Task.sleep(for: .milliseconds(200)) } catch { return }
          continue
        }
        guard let pending, let timeout = pending.timeout else { return }
        abandon(
          id,
          MCPError.timedOut(
            method: pending.method, seconds: max(1, Int(timeout.components.seconds)), noise: transport.noise))
        return
      }
      do { try await Task.sleep(until: deadline) } catch { return }
    }
  }

  /// Stops waiting for an answer, and tells the server: before whoever waited, so that nothing else that is
  /// asked of it comes first.
  private func abandon(_ id: Int, _ error: any Error) {
    guard let pending = remove(id) else { return }
    transport.cancel(id)
    let version = version
    if !transport.cancelsByClosing(version) {
      let parameters = JSONObject([
        ("requestId", JSONValue(id)), ("reason", .string(error is MCPError ? "timeout" : "cancelled")),
      ])
      transport.send(.notification(Method.cancelled, parameters, version))
    }
    pending.continuation.resume(returning: .failure(error))
  }

  private func finish(_ id: Int, _ result: Result<JSONObject, any Error>) {
    remove(id)?.continuation.resume(returning: result)
  }

  /// A request that somebody waits for is theirs alone who takes it out.
  private func remove(_ id: Int) -> Pending? {
    let pending = state.withLock { $0.pending.removeValue(forKey: id) }
    pending?.timer?.cancel()
    return pending
  }

  // MARK: What comes

  private func take(_ event: TransportEvent) {
    switch event {
    case .message(let message): take(message)
    case .failed(let id, let error): finish(id, .failure(error))
    case .lost(let error):
      for id in state.withLock({ Array($0.pending.keys) }) { finish(id, .failure(error)) }
    case .closed(let error): end(error)
    }
  }

  /// - Parameter underWay: what requests under way fail with, if not with the same.
  private func end(_ error: MCPError, underWay: MCPError? = nil) {
    let (pending, waiting, questions) = state.withLock { state in
      state.closed = state.closed ?? error
      defer { (state.waitingForEnd, state.questions) = ([], [:]) }
      return (Array(state.pending.keys), state.waitingForEnd, Array(state.questions.values))
    }
    questions.forEach { $0.task.cancel() }
    for id in pending { finish(id, .failure(underWay ?? error)) }
    for continuation in waiting { continuation.resume(returning: error) }
  }

  private func take(_ message: IncomingMessage) {
    switch message {
    case .result(let id, let result): finish(id, .success(result))
    case .failure(let id?, let code, let message, let data):
      let failure = Refusal(code: code, message: message, data: data)
      finish(id, .failure(failure))
    // Nobody knows what it is about.
    case .failure(nil, _, _, _): break
    case .notification(Method.progress, let parameters): extend(parameters["progressToken"]?.intValue)
    case .notification(Method.toolsChanged, _): state.withLock(\.onToolsChanged)?()
    case .notification(Method.cancelled, let parameters): cancelled(parameters["requestId"])
    case .notification: break
    case .request(let id, let method, let parameters): answer(id, method, parameters)
    }
  }

  /// A server without sessions ends a subscription of ours by its number; one with sessions takes a question of
  /// its own back.
  private func cancelled(_ id: JSONValue?) {
    if version?.isStateless ?? false {
      if let id = id?.intValue { finish(id, .failure(MCPError.notRunning("the subscription"))) }
    } else {
      let questions = state.withLock { $0.questions.values.filter { $0.id == id } }
      questions.forEach { $0.task.cancel() }
    }
  }

  /// A server without sessions gives its errors a number and data that decide what comes next.
  struct Refusal: Error {
    let code: Int
    let message: String
    let data: JSONValue?
    var error: MCPError { .refused(code: code, message: message.shortened(to: 500)) }
  }

  private func extend(_ id: Int?) {
    guard let id else { return }
    state.withLock { state in
      guard let pending = state.pending[id], let timeout = pending.timeout, let latest = pending.latest
      else { return }
      state.pending[id]?.deadline = min(.now + timeout, latest)
    }
  }

  // MARK: What the server asks

  /// The most questions of a server at a time.
  private static let questionLimit = 4

  /// Answers a request, as servers with sessions make them.
  private func answer(_ id: JSONValue, _ method: String, _ parameters: JSONObject) {
    let version = version
    switch method {
    case Method.ping: transport.send(.answer(id, JSONObject(), version))
    case Method.elicit where elicitor != nil:
      state.withLock { state in
        guard state.questions.count < Self.questionLimit, state.closed == nil else {
          let decline = MCPElicitationAnswer.decline.json
          return transport.send(.answer(id, decline, version))
        }
        state.lastQuestion += 1
        let number = state.lastQuestion
        let task = Task { [weak self] in
          guard let self else { return }
          let answer = await self.elicit(parameters)
          self.endQuestion(number)
          // What was taken back has no answer.
          guard !Task.isCancelled else { return }
          self.transport.send(.answer(id, answer.json, version))
        }
        state.questions[number] = Question(id: id, task: task)
      }
    case Method.elicit: transport.send(.answer(id, MCPElicitationAnswer.decline.json, version))
    default:
      let words = "this client has no \(method.prefix(100))"
      transport.send(.refusal(id, code: ErrorCode.methodNotFound, words, version))
    }
  }

  /// The time for answers begins anew: the server could not go on.
  private func endQuestion(_ number: Int) {
    state.withLock { state in
      state.questions[number] = nil
      let now = ContinuousClock.now
      for (id, pending) in state.pending { state.pending[id]?.deadline = pending.timeout.map { now + $0 } }
    }
  }

  /// Asks the person, if what is asked is a form and somebody is there.
  func elicit(_ parameters: JSONObject) async -> MCPElicitationAnswer {
    guard let elicitor, parameters["mode"].map({ $0 == "form" }) ?? true,
      let schema = parameters["requestedSchema"], schema.objectValue != nil
    else { return .decline }
    return await elicitor(parameters["message"]?.stringValue ?? "", schema)
  }
}

import GPTOSSJSON
import GPTOSSPlatform

/// A socket of LM Studio's protocol: reads frames in their order, does what they ask for side by side, and
/// hands on the answers.
///
/// Whoever has the socket gives it the frames that come and sends those that it makes.
package final class SocketSession: Sendable {
  /// What the socket has to do.
  package enum Output: Sendable {
    case frame(String)
    /// The end, after the frames before it.
    case close(reason: String)
    /// Frames may be read again.
    case ready
    /// Nothing runs any more.
    case idle
  }

  /// Frames and calls that wait or run before no more are read: a client may ask thousands of questions at
  /// once, one for each text of a list.
  private static let workLimit = 1024
  /// Reading a larger frame takes longer than the threads of tasks should be held: some milliseconds.
  private static let longFrame = 64 << 10
  /// Clients give up a minute after the last message.
  private static let quietTime = Duration.seconds(10)

  private typealias Frame = (bytes: [UInt8], hold: BodyHold?)

  let namespace: SocketNamespace
  /// The client's address.
  let client: String
  private let service: SocketService
  private let output: @Sendable (Output) -> Void
  private let frames: AsyncStream<Frame>.Continuation
  private let state: Locked<State>

  private struct State {
    var machine: SocketMachine
    /// What breaks off the work of a number.
    var exchanges: [SocketMachine.Work.Number: Exchange] = [:]
    /// Work that lasts as long as its socket.
    var lasting: Set<SocketMachine.Work.Number> = []
    /// Frames that have not been read.
    var waiting = 0
    var isPaused = false
    var isOver = false

    var load: Int { waiting + exchanges.count - lasting.count }
  }

  /// A session of a socket that has been let in.
  ///
  /// - Parameters:
  ///   - isTrusted: whether the upgrade has shown the key.
  ///   - output: called in the order of what is to be done, and not to wait.
  package init(
    _ namespace: SocketNamespace, of service: SocketService, client: String, isTrusted: Bool,
    output: @escaping @Sendable (Output) -> Void
  ) {
    self.namespace = namespace
    self.service = service
    self.client = client
    self.output = output
    state = Locked(State(machine: SocketMachine { isTrusted ? nil : service.refusal(of: $0) }))
    let (frames, continuation) = AsyncStream.makeStream(of: Frame.self)
    self.frames = continuation
    Task { [weak self] in
      for await frame in frames { await self?.read(frame) }
    }
    Task { [weak self] in
      while true {
        do { try await Task.sleep(for: Self.quietTime / 2) } catch { return }
        guard let self, self.repeatProgress() else { return }
      }
    }
  }

  // MARK: Frames

  /// Takes a frame.
  ///
  /// - Parameter hold: the room of its bytes, which is held until what it asks for is done.
  /// - Returns: whether more may be read; if not, ``Output/ready`` tells when.
  package func receive(_ bytes: [UInt8], hold: BodyHold? = nil) -> Bool {
    let mayGoOn = state.withLock { state in
      state.waiting += 1
      // Until ``settle()`` finds that there is room again.
      if state.load >= Self.workLimit { state.isPaused = true }
      return !state.isPaused
    }
    frames.yield((bytes, hold))
    return mayGoOn
  }

  private func read(_ frame: Frame) async {
    let message = await LongWork.$isExpected.withValue(frame.bytes.count > Self.longFrame) {
      await LongWork.run { ClientMessage.read(frame.bytes) }
    }
    let effects = state.withLock { state in
      state.waiting -= 1
      return perform(state.machine.take(message), &state)
    }
    for exchange in effects.cancelled { exchange.cancel() }
    for (work, exchange) in effects.begun { start(work, exchange, frame) }
    settle()
  }

  /// What follows from a message and has to be done outside the lock, because it may send frames itself.
  private struct Effects {
    var begun: [(SocketMachine.Work, Exchange)] = []
    var cancelled: [Exchange] = []
  }

  /// Does what follows from a message.
  private func perform(_ actions: [SocketMachine.Action], _ state: inout State) -> Effects {
    var effects = Effects()
    for action in actions {
      switch action {
      case .send(let json): output(.frame(json.text))
      case .begin(let work):
        let exchange = Exchange(client: client, id: service.identifiers.make("sock_"))
        exchange.note {
          $0.method = work.isChannel ? "CHANNEL" : "CALL"
          $0.path = "\(namespace.path)/\(work.endpoint.shortened(to: 64))"
        }
        state.exchanges[work.number] = exchange
        if service.lasts(work, in: namespace) { state.lasting.insert(work.number) }
        effects.begun.append((work, exchange))
      case .cancel(let number): effects.cancelled += [state.exchanges[number]].compactMap(\.self)
      case .note(let text): service.note(text)
      case .close(let reason):
        state.isOver = true
        output(.close(reason: reason))
      }
    }
    return effects
  }

  // MARK: Work

  private func start(_ work: SocketMachine.Work, _ exchange: Exchange, _ frame: Frame) {
    Task {
      let start = ContinuousClock.now
      let channel = SocketChannel(self, work.number, exchange)
      var status = 200
      await LongWork.$isExpected.withValue(frame.bytes.count > Self.longFrame) {
        do {
          let result = try await service.answer(work, in: namespace, on: channel)
          finish(work.number, result: result)
        } catch {
          let fault = SocketFault(error)
          status = fault.status
          if !(error is SocketFault) { exchange.note { $0.error = ServerError(error) } }
          send { $0.fail(work.number, fault) }
        }
      }
      withExtendedLifetime(frame.hold) {}
      service.report(exchange, status, start)
      state.withLock { state in
        state.exchanges[work.number] = nil
        state.lasting.remove(work.number)
      }
      settle()
    }
  }

  /// Goes on reading, and tells when there is nothing left to do.
  private func settle() {
    state.withLock { state in
      if state.isPaused, state.load <= Self.workLimit / 2 {
        state.isPaused = false
        output(.ready)
      }
      if state.load == 0 { output(.idle) }
    }
  }

  /// Ends some work well.
  func finish(_ number: SocketMachine.Work.Number, result: JSONValue? = nil) {
    send { $0.finish(number, result: result) }
  }

  /// Sends what the machine makes of something.
  func send(_ frame: (inout SocketMachine) -> JSONValue?) {
    state.withLock { state in
      guard !state.isOver, let json = frame(&state.machine) else { return }
      output(.frame(json.text))
    }
  }

  /// Says once more how far things are on channels that are quiet; false if the socket is over.
  private func repeatProgress() -> Bool {
    state.withLock { state in
      guard !state.isOver else { return false }
      for number in state.exchanges.keys.sorted() {
        if let json = state.machine.repeatedProgress(of: number, quietFor: Self.quietTime) {
          output(.frame(json.text))
        }
      }
      return true
    }
  }

  // MARK: Ends

  /// Takes no new work; what runs is finished.
  package func stop() { state.withLock { $0.machine.stop() } }

  /// The socket is gone: what runs is broken off.
  package func end() {
    frames.finish()
    let effects = state.withLock { state in
      state.isOver = true
      return perform(state.machine.abandon(), &state)
    }
    for exchange in effects.cancelled { exchange.cancel() }
  }

  /// Whether nothing runs or waits.
  package var isIdle: Bool { state.withLock { $0.load == 0 } }
}

/// What the work of a channel or a call says to its client.
struct SocketChannel: Sendable {
  private let session: SocketSession
  private let number: SocketMachine.Work.Number
  let exchange: Exchange

  init(_ session: SocketSession, _ number: SocketMachine.Work.Number, _ exchange: Exchange) {
    self.session = session
    self.number = number
    self.exchange = exchange
  }

  /// Sends messages; nothing once the channel is over.
  func send(_ messages: [JSONValue]) {
    for message in messages { session.send { $0.message(message, from: number) } }
  }

  /// Sends how far something is. It is said again from time to time while the channel is quiet.
  func send(progress: JSONValue) {
    session.send { $0.message(progress, from: number, isProgress: true) }
  }

  /// Closes the channel at once, while its work may still come to an end.
  func close() { session.finish(number) }
}

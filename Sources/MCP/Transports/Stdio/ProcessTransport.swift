import GPTOSSPlatform

/// A server that is a program: messages are lines on its standard streams.
///
/// One thread reads and writes, another waits for the program's end. The program has ended for us when it has
/// ended itself, whatever holds its streams open.
final class ProcessTransport: Transport {
  private struct State {
    var child: ChildProcess?
    var wake: Pipe?
    /// What the program has not read yet.
    var outgoing: [UInt8] = []
    /// Whether nothing more is written, and the input is closed.
    var isClosingInput = false
    /// Whether the program has closed its input.
    var isDeaf = false
    var hasEnded = false
    /// Whether everything is given back, or nothing was ever begun.
    var isGone = true
    var noise: String?
  }

  private let command: ProcessCommand
  private let state = Locked(State())

  init(_ command: ProcessCommand) { self.command = command }

  func cancelsByClosing(_ version: ProtocolVersion?) -> Bool { false }
  var noise: String? { state.withLock(\.noise) }
  /// What is written arrives in order.
  func deliver(_ message: OutgoingMessage) async { send(message) }
  func cancel(_ id: Int) {}
  func listen(_ version: ProtocolVersion) {}

  func open(_ receive: @escaping @Sendable (TransportEvent) -> Void) throws(MCPError) {
    let child = try ChildProcess.start(command)
    var isExchanging = false
    do throws(SystemError) {
      try OrphanGuard.shared.add(child.id)
      let wake = try Pipe()
      for end in [wake.read, wake.write] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
      state.withLock { ($0.child, $0.wake, $0.isGone) = (child, wake, false) }
      isExchanging = startThread { [self] in exchange(child, wake, receive) }
      let isWaiting =
        isExchanging
        && startThread { [self] in
          child.waitForEnd()
          change { $0.hasEnded = true }
        }
      guard isWaiting else { throw SystemError(code: EAGAIN) }
    } catch {
      child.signal(SIGKILL)
      child.waitForEnd()
      // The thread that reads gives everything back, if there is one.
      if isExchanging { change { $0.hasEnded = true } } else { giveBack(child) }
      throw .cannotStart(command: command.executable, problem: "no thread or guard for it: \(error)")
    }
  }

  /// Gives back what a program that has ended and that no thread looks after holds.
  private func giveBack(_ child: ChildProcess) {
    OrphanGuard.shared.remove(child.id)
    state.withLock { state in
      for descriptor in [child.input, child.output, child.error, state.wake?.read, state.wake?.write] {
        if let descriptor { _ = GPTOSSPlatform.close(descriptor) }
      }
      (state.wake, state.isGone, state.hasEnded) = (nil, true, true)
      _ = child.reap()
    }
  }

  func send(_ message: OutgoingMessage) {
    let bytes = message.bytes
    change { state in
      // A program that reads nothing is found out by the timeout of what was asked.
      guard !state.isClosingInput, state.outgoing.count + bytes.count <= MessageLimit.outgoingBytes else {
        return
      }
      state.outgoing += bytes
      state.outgoing.append(0x0A)
    }
  }

  /// How long a program may take to end when its input is closed, and after SIGTERM.
  private static let patience = Duration.seconds(2)
  /// How long when it has closed a stream unasked.
  private static let shortPatience = Duration.milliseconds(500)

  /// Closes the program's input; a program that stays is asked to end, and then killed.
  func close() async {
    // What ends a server is not itself cancelled.
    await Task.detached { [self] in
      change { $0.isClosingInput = true }
      if await isGone(within: Self.patience) { return }
      signal(SIGTERM)
      if await isGone(within: Self.patience) { return }
      signal(SIGKILL)
      _ = await isGone(within: Self.patience)
    }.value
  }

  private func signal(_ number: Int32) {
    state.withLock { state in
      // Until it is gone, its number is not another's.
      if !state.isGone { state.child?.signal(number) }
    }
  }

  private func isGone(within limit: Duration) async -> Bool {
    do {
      return try await GPTOSSMCP.wait(until: .now + limit) { [self] in !state.withLock(\.isGone) }
    } catch { return false }
  }

  private func change(_ body: (inout sending State) -> Void) {
    state.withLock { state in
      body(&state)
      // A full pipe wakes as well as one more byte in it.
      if !state.isGone, let wake = state.wake { _ = GPTOSSPlatform.write(wake.write, [0], 1) }
    }
  }

  // MARK: The thread that reads and writes

  private func exchange(
    _ child: ChildProcess, _ wake: Pipe, _ receive: @Sendable (TransportEvent) -> Void
  ) {
    var input: Int32? = child.input
    var (output, errors) = (Stream(child.output), Stream(child.error))
    var splitter = LineSplitter(limit: MessageLimit.bytes)
    var lastLines = LastLines()
    /// When a program that has closed a stream, or what has ended and whose children still write, is given up.
    var deadline: ContinuousClock.Instant?
    var isGivenUp = false
    while true {
      let outgoing = self.state.withLock(\.outgoing)
      if let open = input, !outgoing.isEmpty { write(outgoing, to: open) }
      let state = self.state.withLock { $0 }
      if state.isClosingInput || state.hasEnded, let open = input {
        _ = GPTOSSPlatform.close(open)
        input = nil
      }
      give(splitter.take(output.read()), receive)
      lastLines.take(errors.read())
      // What it wrote before its end has been read now, as far as the pipes held it.
      if state.hasEnded, output.isDry && errors.isDry || deadline.map({ $0 < .now }) ?? false { break }
      if deadline == nil, state.hasEnded || output.hasEnded || state.isDeaf {
        deadline = .now + (state.isDeaf || !state.isClosingInput ? Self.shortPatience : Self.patience)
      }
      if !state.hasEnded, let deadline, deadline < .now {
        child.signal(SIGKILL)
        isGivenUp = true
      }
      sleep(wake, input, output, errors, until: state.hasEnded ? .now : deadline)
    }
    give(splitter.finish(), receive)
    lastLines.finish()
    // What it has started ends with it.
    child.signal(SIGKILL)
    OrphanGuard.shared.remove(child.id)
    let exit = state.withLock { state in
      state.isGone = true
      for descriptor in [input, child.output, child.error, wake.read, wake.write] {
        if let descriptor { _ = GPTOSSPlatform.close(descriptor) }
      }
      return child.reap()
    }
    receive(.closed(.ended(isGivenUp ? .closedStream : exit, lines: lastLines.lines)))
  }

  /// Sleeps until there is something to do.
  private func sleep(
    _ wake: Pipe, _ input: Int32?, _ output: Stream, _ errors: Stream,
    until deadline: ContinuousClock.Instant?
  ) {
    var polled = [pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0)]
    if let input, !state.withLock(\.outgoing.isEmpty) {
      polled.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
    }
    for stream in [output, errors] where !stream.hasEnded {
      polled.append(pollfd(fd: stream.descriptor, events: Int16(POLLIN), revents: 0))
    }
    let milliseconds = deadline.map { max(0, Int32(($0 - .now) / .milliseconds(1)) + 1) }
    _ = poll(&polled, nfds_t(polled.count), milliseconds ?? -1)
    var drain = [UInt8](repeating: 0, count: 64)
    while read(wake.read, &drain, drain.count) > 0 {}
  }

  /// Writes as much as the pipe takes.
  private func write(_ outgoing: [UInt8], to input: Int32) {
    var byteCount = 0
    let failure = withoutBrokenPipeSignal { () -> Int32? in
      while byteCount < outgoing.count {
        let written = outgoing.withUnsafeBytes { bytes in
          GPTOSSPlatform.write(input, bytes.baseAddress?.advanced(by: byteCount), bytes.count - byteCount)
        }
        if written < 0 { return errno }
        byteCount += written
      }
      return nil
    }
    state.withLock { state in
      state.outgoing.removeFirst(byteCount)
      // A program that has closed its input hears nothing more.
      if let failure, ![EAGAIN, EINTR].contains(failure) {
        (state.outgoing, state.isClosingInput, state.isDeaf) = ([], true, true)
      }
    }
  }

  private func give(_ pieces: [LineSplitter.Piece], _ receive: @Sendable (TransportEvent) -> Void) {
    for piece in pieces {
      switch piece {
      case .tooLong: receive(.lost(.tooLong(limit: MessageLimit.bytes)))
      case .line(let bytes):
        let messages = IncomingMessage.read(bytes)
        if messages.isEmpty { note(bytes) }
        for message in messages { receive(.message(message)) }
      }
    }
  }

  /// Remembers the first line that was no message, for when something is missing.
  private func note(_ line: [UInt8]) {
    state.withLock { state in
      if state.noise == nil { state.noise = String(decoding: line.prefix(120), as: UTF8.self) }
    }
  }
}

/// An output of the program, read without waiting.
private struct Stream {
  let descriptor: Int32
  private(set) var hasEnded = false
  /// Whether nothing was there when it was read last.
  private(set) var isDry = false
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// What is there now, as far as the buffer holds it.
  mutating func read() -> ArraySlice<UInt8> {
    guard !hasEnded else { return [] }
    let byteCount = GPTOSSPlatform.read(descriptor, &buffer, buffer.count)
    isDry = byteCount <= 0
    if byteCount == 0 || byteCount < 0 && ![EAGAIN, EINTR].contains(errno) { hasEnded = true }
    return buffer.prefix(max(byteCount, 0))
  }
}

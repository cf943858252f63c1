#if Server
  import NIOCore
  import Synchronization

  // The clock is the event loop's: it forgets a time that nobody waits for any more. A task that sleeps is kept
  // until it would have woken, with a timer of the system, even if it is cancelled at once.

  /// Notices a client that does not read what it is sent.
  final class StallWatch: Sendable {
    private let writingSince = Mutex<ContinuousClock.Instant?>(nil)
    private let alarm = Mutex<RepeatedTask?>(nil)

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - limit: how long a write may take.
    ///   - loop: what keeps the time.
    ///   - stall: called once if a write takes longer.
    init(limit: Duration, on loop: any EventLoop, stall: @escaping @Sendable () -> Void) {
      let pause = TimeAmount(limit / 4)
      let task = loop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { [weak self] task in
        guard let self else { return task.cancel() }
        guard let since = writingSince.withLock({ $0 }), ContinuousClock.now - since > limit else { return }
        task.cancel()
        stall()
      }
      alarm.withLock { $0 = task }
    }

    deinit { alarm.withLock { $0?.cancel() } }

    /// Runs a write under watch.
    func write(_ body: () async throws -> Void) async throws {
      writingSince.withLock { $0 = .now }
      defer { writingSince.withLock { $0 = nil } }
      try await body()
    }
  }

  /// Something took longer than it may.
  struct TimeLimitExceeded: Error {}

  /// Runs `body` and cancels it if it takes too long.
  ///
  /// - Parameter loop: what keeps the time.
  /// - Throws: ``TimeLimitExceeded``, and what `body` throws.
  func withTimeLimit<Value: Sendable>(
    _ limit: Duration, on loop: any EventLoop, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let work = Task { try await body() }
    let isLate = Flag()
    let alarm = loop.scheduleTask(in: TimeAmount(limit)) {
      isLate.value.store(true, ordering: .relaxed)
      work.cancel()
    }
    defer { alarm.cancel() }
    do {
      return try await withTaskCancellationHandler {
        try await work.value
      } onCancel: {
        work.cancel()
      }
    } catch {
      throw isLate.value.load(ordering: .relaxed) ? TimeLimitExceeded() : error
    }
  }

  private final class Flag: Sendable {
    let value = Atomic(false)
  }

  extension Channel {
    /// Closes a connection whose output has been closed, after two seconds in which its client may go on sending:
    /// if it were closed at once, the system would drop what the client has not read yet (RFC 9112, section 9.6).
    func closeAfterLingering() {
      let closing = eventLoop.scheduleTask(in: .seconds(2)) { self.close(promise: nil) }
      closeFuture.whenComplete { _ in closing.cancel() }
    }
  }
#endif

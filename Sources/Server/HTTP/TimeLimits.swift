#if Server
  import Synchronization

  /// Notices a client that does not read what it is sent.
  final class StallWatch: Sendable {
    private let writingSince = Mutex<ContinuousClock.Instant?>(nil)
    private let watching = Mutex<Task<Void, Never>?>(nil)

    /// Starts to watch.
    ///
    /// - Parameters:
    ///   - limit: how long a write may take.
    ///   - stall: called once if a write takes longer.
    init(limit: Duration, stall: @escaping @Sendable () -> Void) {
      let task = Task { [weak self] in
        while true {
          do { try await Task.sleep(for: limit / 4) } catch { return }
          guard let self else { return }
          if let since = self.writingSince.withLock({ $0 }), ContinuousClock.now - since > limit {
            return stall()
          }
        }
      }
      watching.withLock { $0 = task }
    }

    deinit { watching.withLock { $0?.cancel() } }

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
  /// - Throws: ``TimeLimitExceeded``, and what `body` throws.
  func withTimeLimit<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
      group.addTask { try await body() }
      group.addTask {
        try await Task.sleep(for: limit)
        throw TimeLimitExceeded()
      }
      defer { group.cancelAll() }
      guard let value = try await group.next() else { throw CancellationError() }
      return value
    }
  }
#endif

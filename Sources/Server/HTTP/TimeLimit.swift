#if Server
  /// Something took longer than it may.
  struct TimeLimitExceeded: Error {}

  /// Runs `body`, and cancels it when it takes too long.
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

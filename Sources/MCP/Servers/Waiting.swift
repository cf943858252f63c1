/// Waits while a condition holds.
///
/// - Returns: whether it no longer holds; false when the time is over.
/// - Throws: `CancellationError`.
func wait(until deadline: ContinuousClock.Instant, while holds: @Sendable () -> Bool) async throws -> Bool {
  while holds() {
    guard ContinuousClock.now < deadline else { return false }
    try await Task.sleep(for: .milliseconds(5))
  }
  return true
}

extension Task where Failure == any Error {
  /// The task's value. Who is cancelled while waiting for it cancels the task.
  ///
  /// - Throws: what the task throws.
  var wantedValue: Success {
    get async throws {
      try await withTaskCancellationHandler {
        try await value
      } onCancel: {
        cancel()
      }
    }
  }
}

extension AsyncThrowingStream.Continuation where Failure == any Error {
  /// Runs what feeds the stream; ending the iteration cancels it.
  func run(_ body: @escaping @Sendable () async throws -> Void) {
    let task = Task {
      do {
        try await body()
        finish()
      } catch {
        finish(throwing: error)
      }
    }
    onTermination = { _ in task.cancel() }
  }
}

extension StopSequenceFinder {
  /// Takes an event of a generation.
  ///
  /// - Returns: the event with the text that is surely before any stop sequence, and the reason to stop if one was found.
  mutating func pass(_ event: GenerationEvent) -> (GenerationEvent, StopReason?) {
    switch event {
    case .prompt: return (event, nil)
    case .token(var token):
      let (text, isFound) = push(token.text)
      token.text = text
      return (.token(token), isFound ? .stopSequence : nil)
    case .finished(let text, let statistics):
      if statistics.stopReason == .stopSequence { return (.finished(text: "", statistics), nil) }
      return (.finished(text: push(text).text + finish(), statistics), nil)
    }
  }
}

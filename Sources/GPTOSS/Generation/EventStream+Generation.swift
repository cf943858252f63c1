import GPTOSSPlatform

extension EventStream where Event == GenerationEvent {
  /// A generation whose text ends before the first of some texts.
  ///
  /// - Parameter run: generates, and calls its argument with every event, the last one `.finished`. A reason
  ///   that this returns ends the generation after the token.
  package static func generating(
    stopSequences: [String],
    _ run:
      @escaping @Sendable (_ yield: @escaping @Sendable (GenerationEvent) -> StopReason?) async throws -> Void
  ) -> EventStream {
    EventStream { yield in
      let state = Locked((stop: StopSequenceFinder(stopSequences), end: GenerationEvent?.none))
      try await run { event in
        state.withLock { state in
          let (event, reason) = state.stop.pass(event)
          if case .finished = event { state.end = event } else { yield(event) }
          return reason
        }
      }
      guard let end = state.withLock(\.end) else { preconditionFailure("a generation ends with its figures") }
      return end
    }
  }
}

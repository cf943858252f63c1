import GPTOSSHarmony
import Synchronization

extension ChatSession {
  /// Answers a message.
  ///
  ///     let response = try await session.respond(
  ///       to: "What is MXFP4?", options: ActOptions(temperature: 0, maximumTokens: 300))
  ///
  /// - Parameters:
  ///   - prompt: what the user says.
  ///   - options: how the answer is generated, what it must look like, and how tools are run.
  /// - Returns: the answer.
  /// - Throws: `GPTOSSError` (``GPTOSSError/sessionIsResponding`` if another answer is under way),
  ///   `CancellationError` if it was stopped, and what ``ActOptions/onToolFailure`` throws. If a
  ///   `GPTOSSError` comes before anything was written, the message is not part of the transcript.
  public func respond(to prompt: String, options: ActOptions = ActOptions()) async throws -> Response {
    guard case .finished(let response) = try await streamResponse(to: prompt, options: options).last() else {
      preconditionFailure("an answer ends with .finished")
    }
    return response
  }

  /// Answers a message and reports what happens as it happens.
  ///
  /// The answer begins at once, whether the events are awaited or not.
  ///
  /// - Parameters:
  ///   - prompt: what the user says.
  ///   - options: how the answer is generated, what it must look like, and how tools are run.
  /// - Returns: events, the last one `.finished`. The stream throws what ``respond(to:options:)`` throws.
  public func streamResponse(
    to prompt: String, options: ActOptions = ActOptions()
  ) -> EventStream<ResponseEvent> {
    stream(prompt, tools: nil, options)
  }

  /// Stops the answer under way, if there is one, within a token; also reading ahead (``prewarm()``).
  ///
  /// Whoever waits for the answer gets `CancellationError`, and the session takes the next message at once.
  /// Call it after `break` in a program's top-level code, where Swift keeps the iterator, and with it the
  /// answer.
  public func cancel() {
    state.withLock { state in
      state.running?.givesWay = true
      state.running?.task.cancel()
    }
  }

  /// Waits until an answer that was stopped has come to its end and the transcript has what is kept of it.
  public func settle() async { await state.withLock(\.running)?.task.value }

  /// - Parameters:
  ///   - prompt: what the user says; nil to answer the transcript as it is.
  ///   - tools: nil for the session's own.
  func stream(
    _ prompt: String?, tools: [any Tool]?, _ options: ActOptions
  ) -> EventStream<ResponseEvent> {
    let stream = begin(givesWay: false) { [self] epoch, yield in
      let toolbox = try Toolbox(tools ?? self.tools)
      let history = SessionHistory(session: self, epoch: epoch, toolbox: toolbox)
      let turn = Turn(history, toolbox, options, yield)
      return ResponseEvent.finished(try await answer(prompt, turn, epoch))
    }
    return stream ?? EventStream { _ in throw GPTOSSError.sessionIsResponding }
  }

  private func answer(_ prompt: String?, _ turn: Turn, _ epoch: Int) async throws -> Response {
    var turn = turn
    guard let prompt else { return try await turn.run() }
    let index = update(in: epoch) { state in
      state.transcript.append(Message(.user, prompt))
      return state.transcript.entries.count - 1
    }
    guard let index else { throw CancellationError() }
    do {
      return try await turn.run()
    } catch let error as GPTOSSError {
      // A message that was never answered does not become part of the conversation: it can be sent again.
      update(in: epoch) { state in
        if state.transcript.entries.count == index + 1 { state.transcript.removeEntries(from: index) }
      }
      throw error
    }
  }

  /// Changes the session for an answer.
  ///
  /// - Parameter epoch: that of the session when the answer was asked for.
  /// - Returns: what `change` returns; nil, and nothing is changed, if the transcript has been set since.
  @discardableResult
  func update<Result: Sendable, Failure>(
    in epoch: Int, _ change: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    try state.withLock { (state) throws(Failure) in
      guard state.epoch == epoch else { return nil }
      return try change(&state)
    }
  }

  /// Begins work, unless some is under way that does not give way. If some does, the new work begins when
  /// that has ended.
  ///
  /// - Parameters:
  ///   - givesWay: whether other work may be asked for meanwhile.
  ///   - body: does the work; receives the session's epoch as it is now.
  /// - Returns: nil if other work is under way.
  func begin<Event>(
    givesWay: Bool,
    _ body:
      @escaping @Sendable (_ epoch: Int, _ yield: @escaping @Sendable (Event) -> Void) async throws -> Event
  ) -> EventStream<Event>? {
    state.withLock { state in
      let previous = state.running
      if let previous, !previous.givesWay { return nil }
      state.workCount += 1
      let (number, epoch) = (state.workCount, state.epoch)
      let stream = EventStream<Event>(onCancel: { [weak self] in self?.abandon(number) }) { [self] yield in
        // Whoever stops this stops what it waits for.
        if let previous {
          await withTaskCancellationHandler {
            await previous.task.value
          } onCancel: {
            previous.task.cancel()
          }
        }
        // Before the last event: an app that sees the end may send the next message at once.
        defer { end(number) }
        return try await body(epoch, yield)
      }
      state.running = Running(number: number, task: stream.task, givesWay: givesWay)
      return stream
    }
  }

  private func end(_ number: Int) {
    state.withLock { if $0.running?.number == number { $0.running = nil } }
  }

  private func abandon(_ number: Int) {
    state.withLock { if $0.running?.number == number { $0.running?.givesWay = true } }
  }
}

public import GPTOSSHarmony
import Synchronization

/// A conversation with a model.
///
///     let session = ChatSession(model: model, instructions: "Be brief.", tools: [CreateFile()])
///     for try await event in session.streamResponse(to: "Save a haiku to haiku.txt") {
///       if case .text(let fragment) = event { print(fragment, terminator: "") }
///     }
///
/// The session keeps the transcript, and the model remembers what it has read of it: a turn reads only what
/// is new. If the session has tools, an answer may take several rounds: the model calls a tool, reads the
/// result and writes on.
///
/// A session answers one request at a time; any number of sessions share a model. Cancelling the task that
/// waits for an answer, or ending the iteration, stops the computation within a token. The transcript then
/// keeps the user's message, every message that was complete, calls with their results, and the text for the
/// user as far as it came. The session can go on.
public final class ChatSession: Sendable {
  /// The model that answers.
  public let model: LanguageModel

  let state: Mutex<State>
  private let owner = SequenceOwner()

  /// What a session is at one moment.
  struct State {
    var instructions: String?
    var tools: [any Tool]
    var reasoningEffort: ReasoningEffort
    var overflow: ContextOverflow
    var transcript: Transcript
    /// How often the transcript was set: an answer adds to the one that it began with, and to no other.
    var epoch = 0
    /// Turns that no longer fit the context.
    var omittedTurns = 0
    /// The answer under way.
    var running: Running?
    /// How many answers there were, the one under way included.
    var answerCount = 0
  }

  /// An answer under way.
  struct Running {
    let number: Int
    let task: Task<Void, Never>
    /// Whether nobody waits for it any more.
    var isAbandoned = false
  }

  /// A new conversation, or one that goes on.
  ///
  /// - Parameters:
  ///   - model: the model that answers.
  ///   - instructions: what other models call the system prompt.
  ///   - tools: the functions that the model may call.
  ///   - reasoningEffort: how much it thinks before it answers.
  ///   - overflow: what happens when the conversation no longer fits the context.
  ///   - transcript: what was said before. If it has `system` or `developer` messages, none is made from the
  ///     other parameters.
  public init(
    model: LanguageModel, instructions: String? = nil, tools: [any Tool] = [],
    reasoningEffort: ReasoningEffort = .medium, overflow: ContextOverflow = .stop,
    transcript: Transcript = Transcript()
  ) {
    self.model = model
    state = Mutex(
      State(
        instructions: instructions, tools: tools, reasoningEffort: reasoningEffort, overflow: overflow,
        transcript: transcript))
  }

  deinit {
    Task { [inference = model.inference, owner] in await inference.release(owner) }
  }

  /// What was said so far.
  ///
  /// Set it to go back, or to another conversation: what the new transcript shares with the old one is not
  /// read again. An answer under way adds nothing to the new one. Where it would read on, after a call, it
  /// ends with `CancellationError`.
  public var transcript: Transcript {
    get { state.withLock(\.transcript) }
    set {
      state.withLock { state in
        (state.transcript, state.omittedTurns) = (newValue, 0)
        state.epoch += 1
      }
    }
  }

  /// What other models call the system prompt.
  public var instructions: String? {
    get { state.withLock(\.instructions) }
    set { state.withLock { $0.instructions = newValue } }
  }

  /// The functions that the model may call.
  public var tools: [any Tool] {
    get { state.withLock(\.tools) }
    set { state.withLock { $0.tools = newValue } }
  }

  /// How much the model thinks before it answers.
  public var reasoningEffort: ReasoningEffort {
    get { state.withLock(\.reasoningEffort) }
    set { state.withLock { $0.reasoningEffort = newValue } }
  }

  /// What happens when the conversation no longer fits the context.
  public var overflow: ContextOverflow {
    get { state.withLock(\.overflow) }
    set { state.withLock { $0.overflow = newValue } }
  }

  /// Whether an answer is under way.
  public var isResponding: Bool { state.withLock { $0.running.map { !$0.isAbandoned } ?? false } }

  /// Adds a message of the user without asking for an answer; ``LanguageModel/act(on:tools:options:)``
  /// answers it.
  public func append(_ prompt: String) { state.withLock { $0.transcript.append(Message(.user, prompt)) } }

  /// Forgets what was said, and keeps instructions, tools and effort. The same as setting ``transcript`` to
  /// an empty one.
  public func reset() { transcript = Transcript() }

  /// Answers a message.
  ///
  /// - Parameters:
  ///   - prompt: what the user says.
  ///   - options: how the answer is generated, what it must look like, and how tools are run.
  /// - Returns: the answer.
  /// - Throws: `GPTOSSError` (``GPTOSSError/sessionIsResponding`` if another answer is under way),
  ///   `CancellationError`, and what ``ActOptions/onToolFailure`` throws. If a `GPTOSSError` comes before
  ///   anything was written, the message is not part of the transcript.
  public func respond(to prompt: String, options: ActOptions = ActOptions()) async throws -> Response {
    var response: Response?
    for try await event in streamResponse(to: prompt, options: options) {
      if case .finished(let finished) = event { response = finished }
    }
    guard let response else {
      await settle()
      throw CancellationError()
    }
    return response
  }

  /// Waits until an answer that was cancelled has come to its end and the transcript has what is kept of it.
  public func settle() async { await state.withLock(\.running)?.task.value }

  /// Answers a message and reports what happens as it happens.
  ///
  /// The answer begins at once, whether the events are awaited or not, and ends when nobody can await them
  /// any more.
  ///
  /// - Parameters:
  ///   - prompt: what the user says.
  ///   - options: how the answer is generated, what it must look like, and how tools are run.
  /// - Returns: events, the last one `.finished`. The stream throws what ``respond(to:options:)`` throws.
  public func streamResponse(
    to prompt: String, options: ActOptions = ActOptions()
  ) -> AsyncThrowingStream<ResponseEvent, any Error> {
    stream(prompt, tools: nil, options)
  }

  /// - Parameters:
  ///   - prompt: what the user says; nil to answer the transcript as it is.
  ///   - tools: nil for the session's own.
  func stream(
    _ prompt: String?, tools: [any Tool]?, _ options: ActOptions
  ) -> AsyncThrowingStream<ResponseEvent, any Error> {
    AsyncThrowingStream { continuation in
      let number = begin { [self] number, epoch in
        do {
          let response = try await answer(prompt, tools: tools, options, epoch) { continuation.yield($0) }
          // Only then: an app that sees the end may send the next message at once.
          end(number)
          continuation.yield(.finished(response))
          continuation.finish()
        } catch {
          end(number)
          continuation.finish(throwing: error)
        }
      }
      guard let number else { return continuation.finish(throwing: GPTOSSError.sessionIsResponding) }
      continuation.onTermination = { [weak self] reason in
        if case .cancelled = reason { self?.abandon(number) }
      }
    }
  }

  private func answer(
    _ prompt: String?, tools: [any Tool]?, _ options: ActOptions, _ epoch: Int,
    _ yield: @escaping @Sendable (ResponseEvent) -> Void
  ) async throws -> Response {
    var turn = try Turn(self, epoch, owner, tools: tools, options, yield)
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

  /// Begins an answer unless one is under way. If nobody waits for that one any more, the new one begins when
  /// it has ended.
  ///
  /// - Parameter body: gives the answer; receives its number, and the session's epoch as it is now.
  /// - Returns: the answer's number; nil if another is under way.
  private func begin(_ body: @escaping @Sendable (Int, Int) async -> Void) -> Int? {
    state.withLock { state in
      let previous = state.running
      if let previous, !previous.isAbandoned { return nil }
      state.answerCount += 1
      let (number, epoch) = (state.answerCount, state.epoch)
      let task = Task {
        await previous?.task.value
        await body(number, epoch)
      }
      state.running = Running(number: number, task: task)
      return number
    }
  }

  private func end(_ number: Int) {
    state.withLock { if $0.running?.number == number { $0.running = nil } }
  }

  private func abandon(_ number: Int) {
    state.withLock { state in
      guard state.running?.number == number else { return }
      state.running?.isAbandoned = true
      state.running?.task.cancel()
    }
  }
}

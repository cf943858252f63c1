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
/// A session answers one request at a time; any number of sessions share a model. An answer is stopped by
/// ``cancel()``, or as any ``EventStream``: the computation ends within a token, and whoever waits for the
/// answer gets `CancellationError`. The transcript then keeps the user's message, every message that was
/// complete, calls with their results, and the text for the user as far as it came. The session can go on at
/// once, and what the model has read is not read again.
public final class ChatSession: Sendable {
  /// The model that answers.
  public let model: any ConversationModel

  let state: Mutex<State>
  let identity = ConversationIdentity()

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
    /// The work under way.
    var running: Running?
    /// How often work was begun.
    var workCount = 0
  }

  /// Work under way: an answer, or reading ahead.
  struct Running {
    let number: Int
    let task: Task<Void, Never>
    /// Whether new work may be asked for: nobody waits for this any more, or it is no answer. The new work
    /// begins when this has ended.
    var givesWay: Bool
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
    model: any ConversationModel, instructions: String? = nil, tools: [any Tool] = [],
    reasoningEffort: ReasoningEffort = .medium, overflow: ContextOverflow = .stop,
    transcript: Transcript = Transcript()
  ) {
    self.model = model
    state = Mutex(
      State(
        instructions: instructions, tools: tools, reasoningEffort: reasoningEffort, overflow: overflow,
        transcript: transcript))
  }

  deinit { model.forget(identity) }

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
  public var isResponding: Bool { state.withLock { $0.running.map { !$0.givesWay } ?? false } }

  /// Adds a message of the user without asking for an answer; ``ConversationModel/act(on:tools:options:)``
  /// answers it.
  public func append(_ prompt: String) { state.withLock { $0.transcript.append(Message(.user, prompt)) } }

  /// Forgets what was said, and keeps instructions, tools and effort. The same as setting ``transcript`` to
  /// an empty one.
  public func reset() { transcript = Transcript() }
}

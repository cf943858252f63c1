import GPTOSSHarmony
import Synchronization

/// Where the messages of an answer go, and what the model reads before each round.
protocol TurnHistory: Sendable {
  /// The model that answers.
  var model: any ConversationModel { get }

  /// Whether the user sees the texts of all rounds as one, so that a line break has to stand between them.
  var isOneText: Bool { get }

  /// What the model is asked in a round.
  ///
  /// - Throws: `GPTOSSError`; `CancellationError` if the conversation has gone another way meanwhile.
  func request(_ options: ResponseOptions) throws -> ModelRequest

  /// Adds what the model wrote.
  func append(_ written: [WrittenMessage])

  /// Adds the results of calls.
  func append(_ results: [Message])
}

/// The history of a session, which keeps it.
struct SessionHistory: TurnHistory {
  let session: ChatSession
  /// The session's epoch when the answer was asked for: to a later one nothing is added.
  let epoch: Int
  let toolbox: Toolbox

  var model: any ConversationModel { session.model }
  var isOneText: Bool { true }

  func request(_ options: ResponseOptions) throws -> ModelRequest {
    guard let request = try session.request(toolbox, options, in: epoch) else { throw CancellationError() }
    return request
  }

  func append(_ written: [WrittenMessage]) { session.append(written, in: epoch) }

  func append(_ results: [Message]) {
    session.update(in: epoch) { state in results.forEach { state.transcript.append($0) } }
  }
}

/// The history of a conversation that is answered once. Its own messages declare the tools.
final class ConversationHistory: TurnHistory {
  let model: any ConversationModel
  let isOneText = false
  private let tools: [DeclaredTool]
  private let transcript: Mutex<Transcript>

  init(_ conversation: Conversation, _ model: any ConversationModel) {
    self.model = model
    tools = conversation.declaredTools
    transcript = Mutex(Transcript(conversation.messages))
  }

  func request(_ options: ResponseOptions) -> ModelRequest {
    let transcript = transcript.withLock(\.self)
    let retained = options.history.retainedIndices(of: transcript.messages)
    return ModelRequest(entries: retained.map { transcript.entries[$0] }, tools: tools, options: options)
  }

  func append(_ written: [WrittenMessage]) { transcript.withLock { $0.append(written) } }

  func append(_ results: [Message]) {
    transcript.withLock { transcript in results.forEach { transcript.append($0) } }
  }
}

public import GPTOSSHarmony
public import GPTOSSTokenizer

/// What happens while a model answers.
///
/// A session that has tools answers in rounds: the model writes, its calls are carried out, the model reads
/// the results and writes on. ``ConversationModel/respond(to:options:)`` is a single round without results.
public enum ResponseEvent: Sendable {
  /// A round begins, counted from 0. Only of sessions.
  case roundStarted(Int)
  /// `read` of the prompt's `total` tokens have been read; those that were remembered count as read. Each
  /// round has a prompt of its own, whose first event comes before any is read.
  case prompt(read: Int, total: Int)
  /// The model thinks: text that users see on request only.
  case reasoning(String)
  /// Text for the user: the answer, or what the model says before it calls tools.
  case text(String)
  /// A token of text for the user, if log-probabilities were asked for. It comes before the text that it
  /// completes.
  case token(GeneratedToken)
  /// The model begins to call a tool, by its full name, such as `functions.get_weather`. Within an answer,
  /// calls are numbered from 0.
  case toolCallStarted(index: Int, name: String)
  /// A piece of a call's arguments, as the model writes them.
  case toolCallArguments(index: Int, String)
  /// A call is complete.
  case toolCall(index: Int, ToolCall)
  /// A tool has answered. Results of calls that run side by side come in the order in which the tools finish.
  /// Only of sessions.
  case toolResult(ToolResult)
  /// A round has ended. Only of sessions.
  case roundFinished(Int, GenerationStatistics)
  /// The end, which comes once and last.
  case finished(Response)
}

/// The result of a call.
public struct ToolResult: Sendable, Equatable {
  /// The call's number within the answer.
  public var index: Int
  /// The call.
  public var call: ToolCall
  /// What the model reads.
  public var text: String
  /// Whether the tool could not do what it was asked.
  public var isError: Bool

  /// The result of a call.
  public init(index: Int, call: ToolCall, text: String, isError: Bool) {
    self.index = index
    self.call = call
    self.text = text
    self.isError = isError
  }
}

/// One answer of a model.
public struct Response: Sendable {
  /// The messages that the model wrote, and in a session the results that it read, in order.
  public var messages: [Message]
  /// The tokens that the model generated, including those that ended a round.
  public var tokens: [TokenID]
  /// What was malformed in the model's output and how it was read.
  public var repairs: [Repair]
  /// The number of rounds; 1 outside of sessions.
  public var rounds: Int
  /// Figures of all rounds together.
  public var statistics: GenerationStatistics

  package init(
    messages: [Message], tokens: [TokenID], repairs: [Repair] = [], rounds: Int = 1,
    statistics: GenerationStatistics
  ) {
    self.messages = messages
    self.tokens = tokens
    self.repairs = repairs
    self.rounds = rounds
    self.statistics = statistics
  }

  /// The text of the last answer alone, without preambles.
  public var answer: String { messages.last { $0.purpose == .answer }?.text ?? "" }
  /// The text for the user: preambles and answers, a line break between them.
  public var text: String { text(of: [.answer, .preamble]) }
  /// The reasoning, a line break between its messages.
  public var reasoning: String { text(of: [.reasoning]) }
  /// The calls of tools, in order.
  public var toolCalls: [ToolCall] { messages.compactMap(\.toolCall) }

  private func text(of purposes: Set<Message.Purpose>) -> String {
    messages.filter { $0.purpose.map(purposes.contains) ?? false }.map(\.text).joined(separator: "\n")
  }
}

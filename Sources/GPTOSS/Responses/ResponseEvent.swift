public import GPTOSSHarmony
public import GPTOSSTokenizer

/// What happens while a model answers.
public enum ResponseEvent: Sendable {
  /// So many of the prompt's tokens have been read.
  case prompt(read: Int, total: Int)
  /// The model thinks: text that users see on request only.
  case reasoning(String)
  /// Text for the user: the answer, or what the model says before it calls tools.
  case text(String)
  /// The model calls a tool; the call is complete.
  case toolCall(ToolCall)
  /// The end.
  case finished(Response)
}

/// One answer of a model.
public struct Response: Sendable {
  /// The messages that the model wrote: reasoning, preambles, calls, the answer.
  public var messages: [Message]
  /// The tokens that the model generated, the one that ended the answer included.
  public var tokens: [TokenID]
  /// What was malformed in the model's output and how it was read.
  public var repairs: [Repair]
  /// Figures.
  public var statistics: GenerationStatistics

  /// The text for the user.
  public var text: String { text(of: [.answer, .preamble]) }
  /// The reasoning.
  public var reasoning: String { text(of: [.reasoning]) }
  /// The calls of tools.
  public var toolCalls: [ToolCall] { messages.compactMap(\.toolCall) }

  private func text(of purposes: Set<Message.Purpose>) -> String {
    messages.filter { $0.purpose.map(purposes.contains) ?? false }.map(\.text).joined(separator: "\n")
  }
}

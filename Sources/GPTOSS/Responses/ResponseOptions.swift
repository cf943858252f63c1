public import GPTOSSHarmony
public import GPTOSSJSON

/// How an answer is generated, and what it must look like.
public struct ResponseOptions: Sendable {
  /// How tokens are chosen and when to stop. With stop tokens of its own the answer is held to nothing and read tolerantly.
  public var generation: GenerationOptions
  /// Which tools the model may call; in a session, in the first round: once it has called one, it may answer.
  public var toolChoice: ToolChoice
  /// Whether one answer may hold several calls. gpt-oss ends its turn after one unless it is allowed to go on. In a session
  /// ``ActOptions/maximumParallelTools`` decides.
  public var allowsParallelToolCalls: Bool
  /// What the answer must look like.
  public var format: ResponseFormat
  /// Which reasoning of earlier turns the model sees again.
  public var history: History

  /// Options with gpt-oss's defaults.
  public init(
    _ generation: GenerationOptions = GenerationOptions(), toolChoice: ToolChoice = .auto,
    allowsParallelToolCalls: Bool = false, format: ResponseFormat = .text, history: History = .currentTurn
  ) {
    self.generation = generation
    self.toolChoice = toolChoice
    self.allowsParallelToolCalls = allowsParallelToolCalls
    self.format = format
    self.history = history
  }
}

/// Which of the declared tools the model may call; enforced while it writes.
public enum ToolChoice: Sendable, Hashable {
  /// Any, or none.
  case auto
  /// None.
  case none
  /// Any, but one must be called; `GPTOSSError.undeclaredTool` if none is declared.
  case required
  /// The one with this full name, such as `functions.get_weather`, which must be called; `GPTOSSError.undeclaredTool` if there is
  /// none.
  case tool(String)
}

/// What an answer must look like; enforced while it is written. Reasoning is free.
public enum ResponseFormat: Sendable, Equatable {
  /// Any text.
  case text
  /// A JSON object.
  case jsonObject
  /// JSON that fits a schema; Docs/StructuredOutput.md lists what is enforced. Anything else is `GPTOSSError.structuredOutput` before
  /// the first token, and `.answerDoesNotFit` if the limit of tokens leaves no room.
  case schema(JSONValue)
}

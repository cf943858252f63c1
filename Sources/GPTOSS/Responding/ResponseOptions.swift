public import GPTOSSHarmony
public import GPTOSSJSON

/// How an answer is generated, and what it must look like.
public struct ResponseOptions: Sendable {
  /// How tokens are chosen and when to stop. If it has stop tokens, they replace Harmony's; the answer is
  /// then not held to the format but read tolerantly.
  public var generation: GenerationOptions
  /// Which tools the model may call. In a session this is about the first round; once it has called one, it
  /// may answer.
  public var toolChoice: ToolChoice
  /// The full names of those declared tools that may be called; nil for all. The prompt shows the others,
  /// too, so that it stays the same, and cached, while the choice changes.
  public var callableTools: Set<String>?
  /// Whether the model may make several calls before it ends its turn; without this, gpt-oss ends it after
  /// one. In a session ``ActOptions/maximumParallelTools`` decides.
  public var allowsParallelToolCalls: Bool
  /// What the answer must look like.
  public var format: ResponseFormat
  /// Which reasoning of earlier turns the model sees again.
  public var history: History

  /// Options with gpt-oss's defaults.
  public init(
    _ generation: GenerationOptions = GenerationOptions(), toolChoice: ToolChoice = .auto,
    callableTools: Set<String>? = nil,
    allowsParallelToolCalls: Bool = false, format: ResponseFormat = .text, history: History = .currentTurn
  ) {
    self.generation = generation
    self.toolChoice = toolChoice
    self.callableTools = callableTools
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
  /// Any, and one must be called; `GPTOSSError.undeclaredTool` if none is declared.
  case required
  /// The one with this full name, such as `functions.get_weather`, which must be called;
  /// `GPTOSSError.undeclaredTool` if there is none.
  case tool(String)
}

/// What an answer must look like; enforced while it is written. Reasoning is free.
public enum ResponseFormat: Sendable, Equatable {
  /// Any text.
  case text
  /// A JSON object.
  case jsonObject
  /// JSON that fits a schema. Docs/StructuredOutput.md lists what is enforced.
  ///
  /// A schema that cannot be enforced is `GPTOSSError.structuredOutput` before the first token, and one for
  /// which the limit of tokens leaves no room is `.answerDoesNotFit`.
  case schema(JSONValue)
}

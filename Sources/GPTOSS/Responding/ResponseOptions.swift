public import GPTOSSHarmony
public import GPTOSSJSON
public import GPTOSSTokenizer

/// How an answer is generated, and what it must look like.
///
///     var options = ResponseOptions(temperature: 0, maximumTokens: 300, format: .jsonObject)
///     options.repetitionPenalty = 1.1
///
/// Every option of ``GenerationOptions`` can be read and set as if it were one of these.
@dynamicMemberLookup
public struct ResponseOptions: Sendable {
  /// How tokens are chosen and when to stop.
  package var generation: GenerationOptions
  /// Which tools the model may call. In a session this is about the first round; once it has called one, it
  /// may answer.
  public var toolChoice: ToolChoice
  /// The full names of those declared tools that may be called; nil for all. The prompt shows the others,
  /// too, so that it stays the same, and cached, while the choice changes.
  package var callableTools: Set<String>?
  /// The full names of those tools whose schemas have to be held whole: `GPTOSSError.toolSchema` if one
  /// cannot be. Of the schemas of others what cannot be held is left out;
  /// ``ConversationModel/notices(of:options:)`` tells.
  public var strictTools: Set<String> = []
  /// Whether the model may make several calls before it ends its turn; without this, gpt-oss ends it after
  /// one. In a session ``ActOptions/maximumParallelTools`` decides.
  public var allowsParallelToolCalls: Bool
  /// What the answer must look like.
  public var format: ResponseFormat
  /// What a session adds to its instructions for this answer.
  package var addedInstructions: String?
  /// How much the model may reason before it answers; nil for as much as it likes.
  public var reasoningBudget: ReasoningBudget?
  /// Which reasoning of earlier turns the model sees again.
  public var history: History

  /// Options with gpt-oss's defaults.
  ///
  /// The parameters are the properties of the same names, here and in ``GenerationOptions``.
  public init(
    temperature: Float? = nil, topK: Int? = nil, topP: Float? = nil, minP: Float? = nil, seed: UInt64? = nil,
    maximumTokens: Int? = nil, stopTokens: Set<TokenID>? = nil, stopSequences: [String] = [],
    loopGuard: LoopGuard? = LoopGuard(), logProbabilities: Int? = nil, toolChoice: ToolChoice = .auto,
    allowsParallelToolCalls: Bool = false, format: ResponseFormat = .text,
    reasoningBudget: ReasoningBudget? = nil, history: History = .currentTurn
  ) {
    generation = GenerationOptions(
      temperature: temperature, topK: topK, topP: topP, minP: minP, seed: seed, maximumTokens: maximumTokens,
      stopTokens: stopTokens, stopSequences: stopSequences, loopGuard: loopGuard,
      logProbabilities: logProbabilities)
    self.toolChoice = toolChoice
    self.allowsParallelToolCalls = allowsParallelToolCalls
    self.format = format
    self.reasoningBudget = reasoningBudget
    self.history = history
  }

  /// An option of ``GenerationOptions``.
  public subscript<Option>(dynamicMember option: WritableKeyPath<GenerationOptions, Option>) -> Option {
    get { option.value(in: generation) }
    set { option.set(newValue, in: &generation) }
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
  /// The function with this name, such as `get_weather`, which must be called; `GPTOSSError.undeclaredTool`
  /// if there is none. A built-in tool goes by its full name: `browser.search`, `python`.
  case tool(String)
}

/// What an answer must look like; enforced while it is written. Reasoning is free.
///
/// What is enforced is not seen: a model that does not know the schema fits its words into it as it can. A
/// session shows it (``ActOptions/showsSchema``); a conversation of your own shows it with
/// ``section(name:description:)`` in the instructions of its developer message.
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

  /// The section of a developer message that shows the schema to the model; nil without one.
  ///
  /// Source: "Structured output" of OpenAI's description of Harmony.
  ///
  /// - Parameters:
  ///   - name: what the form is called, such as `shopping_list`.
  ///   - description: what it is for.
  public func section(name: String = "answer", description: String? = nil) -> String? {
    guard case .schema(let schema) = self else { return nil }
    let comment = description.map { "// \($0)\n" } ?? ""
    return "# Response Formats\n\n## \(name)\n\n\(comment)\(schema.text)"
  }
}

public import GPTOSSHarmony
public import GPTOSSTokenizer

/// How a session answers: how the model writes, and how its calls are carried out.
///
///     let options = ActOptions(temperature: 0, maximumTokens: 300, maximumRounds: 4)
///
/// Every option of ``ResponseOptions`` and ``GenerationOptions`` can be read and set as if it were one of
/// these.
@dynamicMemberLookup
public struct ActOptions: Sendable {
  /// How tokens are chosen, when to stop, and what the answer must look like.
  package var response: ResponseOptions
  /// Whether the model reads the schema of ``ResponseOptions/format``, at the end of the session's
  /// instructions, and not only is held to it. A session that is often asked for values of one type reads
  /// less where the schema is part of its instructions, and not shown beside them. A transcript with a
  /// developer message of its own stays as it is.
  public var showsSchema = true
  /// What the schema is called there.
  var schemaName = "answer"
  /// The most rounds, at least 1; nil for no limit.
  ///
  /// In the last round the model may call no tools, so that it answers. If the last round is also the first
  /// and a tool has to be called, the answer ends with the call, which is not carried out.
  public var maximumRounds: Int?
  /// How many calls of one round are carried out at a time, at least 1. With more than one, the model may
  /// make several calls before it waits. It reads the results in the order of its calls.
  public var maximumParallelTools: Int
  /// The most calls that are carried out in all; nil for no limit. After them the model answers.
  package var maximumCalls: Int?
  /// The full names of tools that somebody else carries out: an answer ends with a call of one.
  package var foreignTools: Set<String> = []
  /// Gives what the model reads when a call failed: an unknown tool, wrong arguments, a tool that threw. By
  /// default it is `Error: ` and the failure's description. If this throws, the answer ends with that error. It may be
  /// called for several calls at the same time.
  public var onToolFailure: @Sendable (ToolFailure, ToolCall) async throws -> String

  /// Options with gpt-oss's defaults, and at most 16 rounds: a model that calls one tool after the other
  /// comes to an end.
  ///
  /// The parameters are the properties of the same names, here and in ``GenerationOptions`` and
  /// ``ResponseOptions``.
  ///
  /// - Precondition: `maximumRounds` and `maximumParallelTools` are at least 1.
  public init(
    temperature: Float? = nil, topK: Int? = nil, topP: Float? = nil, minP: Float? = nil, seed: UInt64? = nil,
    maximumTokens: Int? = nil, stopTokens: Set<TokenID>? = nil, stopSequences: [String] = [],
    loopGuard: LoopGuard? = LoopGuard(), logProbabilities: Int? = nil, toolChoice: ToolChoice = .auto,
    format: ResponseFormat = .text, reasoningBudget: ReasoningBudget? = nil,
    history: History = .currentTurn, maximumRounds: Int? = 16, maximumParallelTools: Int = 1,
    onToolFailure: @escaping @Sendable (ToolFailure, ToolCall) async throws -> String = { failure, _ in
      "Error: \(failure)"
    }
  ) {
    precondition(maximumRounds ?? 1 >= 1 && maximumParallelTools >= 1)
    response = ResponseOptions(
      temperature: temperature, topK: topK, topP: topP, minP: minP, seed: seed, maximumTokens: maximumTokens,
      stopTokens: stopTokens, stopSequences: stopSequences, loopGuard: loopGuard,
      logProbabilities: logProbabilities, toolChoice: toolChoice, format: format,
      reasoningBudget: reasoningBudget, history: history)
    self.maximumRounds = maximumRounds
    self.maximumParallelTools = maximumParallelTools
    self.onToolFailure = onToolFailure
  }

  /// An option of ``ResponseOptions`` or ``GenerationOptions``.
  public subscript<Option>(dynamicMember option: WritableKeyPath<ResponseOptions, Option>) -> Option {
    get { option.value(in: response) }
    set { option.set(newValue, in: &response) }
  }
}

public import GPTOSSHarmony

/// How a session answers: how the model writes, and how its calls are carried out.
public struct ActOptions: Sendable {
  /// How tokens are chosen, when to stop, and what the answer must look like.
  public var response: ResponseOptions
  /// The most rounds, at least 1; nil for no limit. In the last one the model may call no tools, so that it answers; where that is
  /// the first round and a tool has to be called, the answer ends with the call, which is not carried out.
  public var maximumRounds: Int?
  /// How many calls of one round are carried out at a time, at least 1. The model reads the results in the order of its calls. More than
  /// one lets the model make several calls before it waits.
  public var maximumParallelTools: Int
  /// What the model reads of a call that failed: an unknown tool, wrong arguments, a tool that threw. By default the failure's
  /// description. Throwing ends the answer with that error. Calls that run side by side may ask at the same time.
  public var onToolFailure: @Sendable (ToolFailure, ToolCall) async throws -> String

  /// Options with gpt-oss's defaults.
  ///
  /// - Precondition: `maximumRounds` and `maximumParallelTools` are at least 1.
  public init(
    _ response: ResponseOptions = ResponseOptions(), maximumRounds: Int? = nil, maximumParallelTools: Int = 1,
    onToolFailure: @escaping @Sendable (ToolFailure, ToolCall) async throws -> String = { failure, _ in
      "Error: \(failure)"
    }
  ) {
    precondition(maximumRounds ?? 1 >= 1 && maximumParallelTools >= 1)
    self.response = response
    self.maximumRounds = maximumRounds
    self.maximumParallelTools = maximumParallelTools
    self.onToolFailure = onToolFailure
  }

  /// Options that say only how tokens are chosen and when to stop.
  public init(_ generation: GenerationOptions) { self.init(ResponseOptions(generation)) }
}

public import GPTOSSHarmony

extension LanguageModel {
  /// Lets the model answer the last message of a conversation, calling tools until it has an answer.
  ///
  ///     chat.append("Save a haiku to haiku.txt")
  ///     for try await event in model.act(on: chat, tools: [CreateFile()]) { … }
  ///
  /// A round is what the model writes up to an answer or a call. Calls are carried out, the model reads their
  /// results, and the next round begins. Everything becomes part of the conversation.
  /// ``ChatSession/streamResponse(to:options:)`` does the same, with a message to begin with and with the
  /// session's own tools.
  ///
  /// - Parameters:
  ///   - chat: the conversation; a session of this model.
  ///   - tools: the tools of this answer, in place of the conversation's own.
  ///   - options: how the model writes and how tools are run.
  /// - Returns: events, the last one `.finished`. The stream throws `GPTOSSError`, `CancellationError`, and
  ///   what ``ActOptions/onToolFailure`` throws.
  /// - Precondition: `chat` is a session of this model.
  public func act(
    on chat: ChatSession, tools: [any Tool], options: ActOptions = ActOptions()
  ) -> AsyncThrowingStream<ResponseEvent, any Error> {
    precondition(chat.model === self, "a session of another model")
    return chat.stream(nil, tools: tools, options)
  }
}

/// How a session answers: how the model writes, and how its calls are carried out.
public struct ActOptions: Sendable {
  /// How tokens are chosen, when to stop, and what the answer must look like.
  public var response: ResponseOptions
  /// The most rounds, at least 1; nil for no limit.
  ///
  /// In the last round the model may call no tools, so that it answers. If the last round is also the first
  /// and a tool has to be called, the answer ends with the call, which is not carried out.
  public var maximumRounds: Int?
  /// How many calls of one round are carried out at a time, at least 1. With more than one, the model may
  /// make several calls before it waits. It reads the results in the order of its calls.
  public var maximumParallelTools: Int
  /// Gives what the model reads when a call failed: an unknown tool, wrong arguments, a tool that threw. By
  /// default it is the failure's description. If this throws, the answer ends with that error. It may be
  /// called for several calls at the same time.
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

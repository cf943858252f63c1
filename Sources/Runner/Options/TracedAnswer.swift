import GPTOSS

/// An answer that is given in order to be looked at.
struct TracedAnswer {
  let prompt: String
  let reasoning: ReasoningEffort
  let maximumTokens: Int
  let sampling: SamplingOptions

  /// Lets a model answer, as `generate` does, and reads the answer again.
  func trace(_ model: LanguageModel, options: TraceOptions) async throws -> Trace {
    let conversation = Conversation([
      .system(SystemContent(reasoningEffort: reasoning)), Message(.user, prompt),
    ])
    var responseOptions = ResponseOptions(maximumTokens: maximumTokens)
    responseOptions.sampling = sampling
    var answer: Response?
    for try await event in model.respond(to: conversation, options: responseOptions) {
      if case .finished(let response) = event { answer = response }
    }
    try Task.checkCancellation()
    guard let answer else { throw CancellationError() }
    return try await model.trace(
      of: conversation, response: answer, responseOptions: responseOptions, options: options)
  }
}

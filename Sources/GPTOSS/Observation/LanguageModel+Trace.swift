public import GPTOSSHarmony
import GPTOSSModel
import GPTOSSPlatform
public import GPTOSSTokenizer

extension LanguageModel {
  /// Reads a text and records what happens.
  ///
  /// - Parameters:
  ///   - tokens: token ids below the vocabulary's count, at least one and at most as many as the context
  ///     holds.
  ///   - options: what is recorded besides.
  /// - Returns: the trace. The tokens have the channel `text`.
  /// - Throws: `GPTOSSError` for no token, ids outside the vocabulary, too many tokens, or more than a trace
  ///   holds, which is 65,536, and at 20b 18,000; `CancellationError`.
  public func trace(of tokens: [TokenID], options: TraceOptions = TraceOptions()) async throws -> Trace {
    try await inference.trace(
      TraceRequest(
        text: TokenizedPrompt(tokens), channels: tokens.map { _ in .text }, answerStart: tokens.count,
        options: options))
  }

  /// Reads a conversation and the answer that the model gave to it, and records what happens.
  ///
  /// The answer's tokens are sampled again, to tell how: with the seed of its statistics and the options that
  /// it was asked for with. Where that gives another token, because the options were others, the rest has no
  /// ``Trace/Token/sampling``.
  ///
  /// - Parameters:
  ///   - conversation: system, developer, user and earlier messages.
  ///   - response: what ``ConversationModel/respond(to:options:)`` gave for it, with the same options.
  ///   - responseOptions: those options.
  ///   - options: what is recorded besides.
  /// - Returns: the trace of both.
  /// - Throws: `GPTOSSError`; `CancellationError`.
  public func trace(
    of conversation: Conversation, response: Response, responseOptions: ResponseOptions,
    options: TraceOptions = TraceOptions()
  ) async throws -> Trace {
    try await trace(
      of: conversation, answer: response.tokens, seed: response.statistics.seed,
      responseOptions: responseOptions, options: options)
  }

  /// The same for an answer of which tokens and seed alone are left.
  ///
  /// - Parameters:
  ///   - answer: all tokens that the model generated, the one that ended the answer included.
  ///   - seed: what the answer was sampled with.
  /// - Throws: `GPTOSSError`; `CancellationError`.
  package func trace(
    of conversation: Conversation, answer: [TokenID], seed: UInt64, responseOptions: ResponseOptions,
    options: TraceOptions
  ) async throws -> Trace {
    let request = ModelRequest(conversation, responseOptions)
    var text = try await LongWork.run { try prompt(for: request, opensAnswer: true) }
    let answerStart = text.tokens.count
    text.append(answer, isGenerated: true)
    // The last token of a full context has no position.
    text = text.prefix(configuration.contextLength)
    var generation = responseOptions.generation
    generation.sampling = generation.sampling.filled(by: information.recommendedSampling)
    generation.sampling.seed = seed
    let encoding = try harmony()
    return try await inference.trace(
      TraceRequest(
        text: text, channels: encoding.channels(of: text.tokens),
        openingCount: encoding.assistantOpening.count, answerStart: answerStart, generation: generation,
        constraint: try await constraint(encoding, request), options: options))
  }

  /// Reads a conversation whose last turn is answered, and records what happens.
  ///
  /// Of the answer the messages are known and nothing else: they are rendered again, and read as what the
  /// model generated. Reasoning of earlier turns is left out, as it was when the model answered.
  ///
  /// - Parameters:
  ///   - conversation: all messages; those of the assistant that follow the user's last are the answer.
  ///   - options: what is recorded besides.
  /// - Returns: the trace. How tokens were sampled is not known.
  /// - Throws: `GPTOSSError`; `CancellationError`.
  package func trace(of conversation: Conversation, options: TraceOptions) async throws -> Trace {
    var request = ModelRequest(conversation, ResponseOptions(history: .currentTurn))
    request.markAnswer()
    return try await trace(reading: request, options: options)
  }

  /// Reads all that was said in a session and records what happens.
  ///
  /// The reasoning of all turns is in it, which the model itself saw in the turn alone that it belongs to.
  ///
  /// - Parameters:
  ///   - session: a session of this model.
  ///   - options: what is recorded besides.
  /// - Returns: the trace. How tokens were sampled is not known.
  /// - Throws: `GPTOSSError`, `.emptyPrompt` for a session in which nothing was said; `CancellationError`.
  public func trace(of session: ChatSession, options: TraceOptions = TraceOptions()) async throws -> Trace {
    let responseOptions = ResponseOptions(history: .everything)
    guard
      let request = try session.request(Toolbox(session.tools), responseOptions, in: session.epoch)
    else { throw CancellationError() }
    return try await trace(reading: request, options: options)
  }

  /// Reads messages that are all there, those of the model included.
  private func trace(reading request: ModelRequest, options: TraceOptions) async throws -> Trace {
    let text = try await LongWork.run { try prompt(for: request, opensAnswer: false) }
    let encoding = try harmony()
    let openingCount = encoding.assistantOpening.count
    let firstGenerated = text.generated.first.map { $0.lowerBound + openingCount } ?? text.tokens.count
    return try await inference.trace(
      TraceRequest(
        text: text, channels: encoding.channels(of: text.tokens), openingCount: openingCount,
        answerStart: firstGenerated, options: options))
  }
}

extension ModelRequest {
  /// Takes the assistant's messages after the user's last one for what the model generated.
  fileprivate mutating func markAnswer() {
    let asked = entries.lastIndex { $0.message.author.role == .user }
    for index in entries.indices.dropFirst(asked.map { $0 + 1 } ?? 0) {
      entries[index].isGenerated = entries[index].message.author.role == .assistant
    }
  }
}

public import GPTOSSHarmony
package import GPTOSSTokenizer
import Synchronization

extension LanguageModel {
  /// Lets the model write the next message or messages of a conversation.
  ///
  /// The conversation is rendered in the Harmony format (Docs/Harmony.md). While the model writes, it is held
  /// to that format: its calls name declared tools, the arguments fit their schemas, and the answer fits the
  /// options' format. What of a tool's schema cannot be enforced is left out, unless the tool is strict;
  /// ``notices(of:options:)`` tells. The answer ends at `<|return|>`, or at `<|call|>` when the model wants a tool's result.
  ///
  /// - Parameters:
  ///   - conversation: system, developer, user and earlier messages.
  ///   - options: how the answer is generated and what it must look like. Stop tokens, if any, replace
  ///     Harmony's; the answer is then not held to the format but read tolerantly.
  /// - Returns: events, the last one `.finished`. The stream throws `GPTOSSError`, and `CancellationError`
  ///   if it was stopped (``EventStream`` says how).
  public func respond(
    to conversation: Conversation, options: ResponseOptions = ResponseOptions()
  ) -> EventStream<ResponseEvent> {
    EventStream { yield in
      let prompt = try self.prompt(for: conversation, history: options.history)
      let (written, failure) = try await self.write(
        after: prompt, tools: conversation.declaredTools, options: options, yield: yield)
      if let failure { throw failure }
      return .finished(Response(written))
    }
  }

  /// How many tokens the prompt of ``respond(to:options:)`` has for a conversation.
  ///
  /// Nothing is computed, and a conversation that the context does not hold is counted, too.
  ///
  /// - Parameters:
  ///   - conversation: system, developer, user and earlier messages.
  ///   - history: which reasoning of earlier turns the model sees again.
  /// - Throws: `GPTOSSError.harmony` for a vocabulary without Harmony's tokens or a message that cannot be
  ///   rendered.
  public func promptTokenCount(
    of conversation: Conversation, history: History = .currentTurn
  ) throws(GPTOSSError) -> Int {
    try prompt(for: conversation, history: history).tokens.count
  }

  private func prompt(
    for conversation: Conversation, history: History
  ) throws(GPTOSSError) -> TokenizedPrompt {
    let encoding = try harmony()
    do throws(HarmonyError) {
      return try TokenizedPrompt(conversation, encoding, history: history)
    } catch { throw .harmony(error) }
  }

  /// The Harmony format over this model's vocabulary.
  package func harmony() throws(GPTOSSError) -> HarmonyEncoding {
    do { return try encoding.get() } catch { throw .harmony(error) }
  }

  /// One round: what the model writes after a prompt.
  ///
  /// - Parameters:
  ///   - tools: the tools that it may call.
  ///   - owner: the conversation that the prompt belongs to.
  ///   - firstCall: the number of the first call.
  ///   - followsText: whether the user has seen text before.
  ///   - reportsPreambles: whether what the model says before a call is an event, too.
  ///   - yield: receives what is written as it is written, on the model's thread; not the end.
  /// - Returns: what was written, and what ended it too early: `CancellationError` or `GPTOSSError`.
  func write(
    after prompt: TokenizedPrompt, tools: [DeclaredTool], options: ResponseOptions,
    owner: SequenceOwner? = nil,
    firstCall: Int = 0, followsText: Bool = false, reportsPreambles: Bool = true,
    yield: @escaping @Sendable (ResponseEvent) -> Void
  ) async throws(GPTOSSError) -> (WrittenRound, failure: (any Error)?) {
    let encoding = try harmony()
    let constraint = try await constraint(encoding, tools, options)
    let reader = Mutex(
      ResponseReader(
        encoding, tools: tools.map(\.recipient), stopSequences: options.generation.stopSequences,
        reportsTokens: options.generation.logProbabilities != nil, reportsPreambles: reportsPreambles,
        firstCall: firstCall, followsText: followsText))
    let request = GenerationRequest(
      prompt: prompt, options: options.generation, constraint: constraint, owner: owner
    ) { event in
      let (events, reason) = reader.withLock { $0.read(event) }
      events.forEach(yield)
      return reason
    }
    var failure: (any Error)?
    do { try await inference.generate(request) } catch { failure = error }
    return (reader.withLock { $0.written() }, failure)
  }

  private func constraint(
    _ encoding: HarmonyEncoding, _ tools: [DeclaredTool], _ options: ResponseOptions
  ) async throws(GPTOSSError) -> ResponseConstraint? {
    guard options.generation.stopTokens == nil else { return nil }
    let trie = try await inference.tokenTrie()
    // Without schemas there is nothing to wait for.
    guard options.format != .text || tools.contains(where: \.isOwn) else {
      return try ResponseConstraint(encoding, trie, tools: tools, options: options)
    }
    return try await CompilationQueue.shared.run { (budget) throws(GPTOSSError) in
      try ResponseConstraint(encoding, trie, tools: tools, options: options, budget: budget)
    }
  }

  /// Finds out what the answer to a conversation can be held to, before any of it is generated.
  ///
  /// What was compiled is kept, so that ``respond(to:options:)`` need not do it again.
  ///
  /// - Parameters:
  ///   - conversation: declares the tools.
  ///   - options: those of the answer.
  /// - Returns: what of the schemas of tools that are not strict cannot be held.
  /// - Throws: `GPTOSSError.structuredOutput` for a format that cannot be held, `.toolSchema` for a strict
  ///   tool's schema, `.tooManySchemas`, `.undeclaredTool`, `.harmony` for a vocabulary without Harmony's
  ///   tokens.
  public func notices(
    of conversation: Conversation, options: ResponseOptions = ResponseOptions()
  ) async throws(GPTOSSError) -> [ConstraintNotice] {
    try await constraint(try harmony(), conversation.declaredTools, options)?.notices ?? []
  }
}

extension TokenizedPrompt {
  /// A conversation and the beginning of the assistant's next message; the end of every message is a
  /// checkpoint.
  init(_ conversation: Conversation, _ encoding: HarmonyEncoding, history: History) throws(HarmonyError) {
    let announces = conversation.describesFunctions
    for message in history.retained(of: conversation.messages) {
      append(try encoding.render(message, announcesFunctions: announces))
      markCheckpoint()
    }
    append(encoding.assistantOpening, isGenerated: true)
  }
}

extension HarmonyEncoding {
  /// `<|start|>assistant`
  package var assistantOpening: [TokenID] { [token(of: .start)] + tokenizer.encode(Role.assistant.rawValue) }
}

extension Response {
  init(_ round: WrittenRound) {
    self.init(
      messages: round.messages.map(\.message), tokens: round.tokens, repairs: round.repairs, rounds: 1,
      statistics: round.statistics)
  }
}

import GPTOSSHarmony
import GPTOSSPlatform
public import GPTOSSTokenizer

extension LanguageModel: TokenModel {
  /// What was loaded, in the words that sessions need.
  public var profile: ModelProfile {
    var profile = ModelProfile(
      name: information.name, fingerprint: information.fingerprint,
      contextLength: configuration.contextLength,
      vocabularyCount: tokenizer.vocabulary.count)
    // A vocabulary without Harmony's tokens is refused by `measure`, which says why.
    if case .success(let encoding) = encoding { profile.openingTokenCount = encoding.assistantOpening.count }
    return profile
  }

  /// Renders the messages that have no tokens in the Harmony format (Docs/Harmony.md).
  ///
  /// - Throws: `GPTOSSError.harmony` for a vocabulary without Harmony's tokens or a message that cannot be
  ///   rendered.
  public func measure(_ entries: inout [Transcript.Entry]) throws(GPTOSSError) {
    try harmony().measure(&entries)
  }

  /// Writes the next messages in the Harmony format, and is held to it.
  ///
  /// Calls name declared tools, the arguments fit their schemas, and the answer fits the options' format. What
  /// of a tool's schema cannot be enforced is left out, unless the tool is strict; ``notices(of:)`` tells. The
  /// answer ends at `<|return|>`, or at `<|call|>` when the model wants a tool's result. Stop tokens among the
  /// options replace Harmony's; the answer is then not held to the format but read tolerantly.
  public func write(_ request: ModelRequest, to channel: ModelChannel) async throws {
    let encoding = try harmony()
    let prompt = try await LongWork.run { try self.prompt(for: request, opensAnswer: true) }
    let constraint = try await constraint(encoding, request)
    let options = request.options.generation
    let reader = Locked(
      ResponseReader(
        encoding, tools: request.tools.map(\.recipient), stopSequences: options.stopSequences,
        reportsTokens: options.logProbabilities != nil, reportsPreambles: request.reportsPreambles,
        firstCall: request.callCount, followsText: request.followsText))
    let generation = GenerationRequest(
      prompt: prompt, options: options, constraint: constraint, owner: request.conversation
    ) { event in
      let (events, reason) = reader.withLock { $0.read(event) }
      events.forEach(channel.send)
      return reason
    }
    defer { channel.set(reader.withLock { $0.written() }) }
    try await inference.generate(generation)
  }

  /// Continues the opening of an answer, held to the format as ``write(_:to:)`` does.
  public func generate(
    from prompt: [TokenID], answering request: ModelRequest
  ) -> EventStream<GenerationEvent> {
    let options = request.options.generation
    return .generating(stopSequences: options.stopSequences) { yield in
      let encoding = try self.harmony()
      let constraint = try await self.constraint(encoding, request)
      try await self.inference.generate(
        GenerationRequest(
          prompt: encoding.prompt(rendered: prompt), options: options, constraint: constraint, yield: yield))
    }
  }

  /// What was compiled is kept, so that ``write(_:to:)`` need not do it again.
  ///
  /// - Throws: `GPTOSSError.structuredOutput` for a format that cannot be held, `.toolSchema` for a strict
  ///   tool's schema, `.tooManySchemas`, `.undeclaredTool`, `.harmony` for a vocabulary without Harmony's
  ///   tokens.
  public func notices(of request: ModelRequest) async throws(GPTOSSError) -> [ConstraintNotice] {
    try await constraint(try harmony(), request)?.notices ?? []
  }

  /// Reads the messages; the next answer then begins with those that are new.
  ///
  /// - Throws: `GPTOSSError`, and `CancellationError` if the task was cancelled.
  public func prewarm(_ request: ModelRequest) async throws {
    _ = tokenTrie()
    let prompt = try prompt(for: request, opensAnswer: false)
    try await inference.generate(
      GenerationRequest(
        prompt: prompt, options: GenerationOptions(maximumTokens: 0), owner: request.conversation
      ) { _ in nil })
  }

  /// Lets others have the memory that is kept for a conversation.
  public func forget(_ conversation: ConversationIdentity) {
    Task { [inference] in await inference.release(conversation) }
  }

  /// The tokens of a conversation; the end of every message is a checkpoint.
  ///
  /// - Parameter opensAnswer: whether the beginning of the assistant's next message follows.
  package func prompt(for request: ModelRequest, opensAnswer: Bool) throws(GPTOSSError) -> TokenizedPrompt {
    try harmony().prompt(for: request, opensAnswer: opensAnswer)
  }

  /// The Harmony format over this model's vocabulary.
  package func harmony() throws(GPTOSSError) -> HarmonyEncoding {
    do { return try encoding.get() } catch { throw .harmony(error) }
  }

  /// What an answer is held to; nil for nothing.
  func constraint(
    _ encoding: HarmonyEncoding, _ request: ModelRequest
  ) async throws(GPTOSSError) -> ResponseConstraint? {
    let (tools, options) = (request.tools, request.options)
    guard options.generation.stopTokens == nil else { return nil }
    let trie = tokenTrie()
    // Without schemas there is nothing to wait for.
    guard options.format != .text || tools.contains(where: \.isOwn) else {
      return try ResponseConstraint(encoding, trie, tools: tools, options: options)
    }
    return try await CompilationQueue.shared.run { (budget) throws(GPTOSSError) in
      try ResponseConstraint(encoding, trie, tools: tools, options: options, budget: budget)
    }
  }
}

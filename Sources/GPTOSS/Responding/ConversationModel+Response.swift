public import GPTOSSHarmony

extension ConversationModel {
  /// Lets the model write the next message or messages of a conversation.
  ///
  /// An answer that has to have a format is all that is reported as text: what the model says before a call is
  /// none of it.
  ///
  /// - Parameters:
  ///   - conversation: system, developer, user and earlier messages.
  ///   - options: how the answer is generated and what it must look like.
  /// - Returns: events, the last one `.finished`. The stream throws `GPTOSSError`, and `CancellationError`
  ///   if it was stopped (``EventStream`` says how).
  public func respond(
    to conversation: Conversation, options: ResponseOptions = ResponseOptions()
  ) -> EventStream<ResponseEvent> {
    EventStream { yield in
      let channel = ModelChannel(onEvent: yield)
      try await self.write(ModelRequest(conversation, options), to: channel)
      return .finished(Response(channel.written))
    }
  }

  /// How many tokens the prompt of ``respond(to:options:)`` has for a conversation.
  ///
  /// Nothing is computed, and a conversation that the context does not hold is counted, too.
  ///
  /// - Parameters:
  ///   - conversation: system, developer, user and earlier messages.
  ///   - history: which reasoning of earlier turns the model sees again.
  /// - Throws: `GPTOSSError` for a message that the model cannot read.
  public func promptTokenCount(
    of conversation: Conversation, history: History = .currentTurn
  ) throws(GPTOSSError) -> Int {
    var entries = history.retained(of: conversation.messages).map(Transcript.Entry.init)
    try measure(&entries)
    return entries.reduce(profile.openingTokenCount) { $0 + ($1.tokenCount ?? 0) }
  }

  /// Finds out what the answer to a conversation can be held to, before any of it is written.
  ///
  /// - Parameters:
  ///   - conversation: declares the tools.
  ///   - options: those of the answer.
  /// - Returns: what of the schemas of tools that are not strict cannot be held.
  /// - Throws: what ``notices(of:)`` throws.
  public func notices(
    of conversation: Conversation, options: ResponseOptions = ResponseOptions()
  ) async throws(GPTOSSError) -> [ConstraintNotice] {
    try await notices(of: ModelRequest(conversation, options))
  }
}

extension Response {
  init(_ round: WrittenRound) {
    self.init(
      messages: round.messages.map(\.message), tokens: round.tokens, repairs: round.repairs, rounds: 1,
      statistics: round.statistics)
  }
}

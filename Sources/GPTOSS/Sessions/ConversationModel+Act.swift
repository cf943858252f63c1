package import GPTOSSHarmony

extension ConversationModel {
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
  /// - Returns: events, the last one `.finished`. The stream throws `GPTOSSError`, `CancellationError` if
  ///   it was stopped (``EventStream`` says how), and what ``ActOptions/onToolFailure`` throws.
  /// - Precondition: `chat` is a session of this model.
  public func act(
    on chat: ChatSession, tools: [any Tool], options: ActOptions = ActOptions()
  ) -> EventStream<ResponseEvent> {
    precondition(chat.model === self, "a session of another model")
    return chat.stream(nil, tools: tools, options)
  }

  /// Lets the model answer a conversation whose messages declare the tools, and carries out some calls.
  ///
  /// - Parameters:
  ///   - conversation: system, developer, user and earlier messages.
  ///   - toolbox: the tools that are carried out here. All others are among
  ///     ``ActOptions/foreignTools``; an answer ends with a call of one.
  ///   - calls: calls that the conversation has without their results, to be carried out first.
  /// - Returns: events, the last one `.finished`. The stream throws what ``act(on:tools:options:)`` throws.
  package func act(
    on conversation: Conversation, toolbox: Toolbox, carryingOut calls: [ToolCall] = [], options: ActOptions
  ) -> EventStream<ResponseEvent> {
    EventStream { yield in
      var turn = Turn(ConversationHistory(conversation, self), toolbox, options, yield)
      return .finished(try await turn.run(carryingOut: calls))
    }
  }
}

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
}

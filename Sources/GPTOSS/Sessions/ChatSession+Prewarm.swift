extension ChatSession {
  /// Reads ahead what the next message will follow: instructions, tools, and what was said.
  ///
  ///     let session = ChatSession(model: model, instructions: long, tools: tools)
  ///     Task { try await session.prewarm() }  // while the user types
  ///
  /// The next answer then begins with reading the message alone. A message that comes meanwhile is not
  /// refused: its answer begins when this has ended, and ``cancel()`` ends it early, with what has been read
  /// kept. While an answer is under way there is nothing to do.
  ///
  /// - Throws: `GPTOSSError` for tools that cannot be declared, a conversation that no longer fits the
  ///   context, or a model that was unloaded; `CancellationError`.
  public func prewarm() async throws {
    let reading = begin(givesWay: true) { [self] epoch, _ in
      guard let request = try prefix(try Toolbox(tools), in: epoch) else { throw CancellationError() }
      try await model.prewarm(request)
    }
    try await reading?.last()
  }
}

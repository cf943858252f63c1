/// Where the chat's messages and answers come from: a terminal or a pipe.
protocol LineSource: Sendable {
  /// The next message, not blank.
  ///
  /// - Throws: `RunnerError.unreadable`, `CancellationError`.
  func message() async throws -> Line

  /// The answer to a question that the chat asks.
  ///
  /// - Throws: `RunnerError.unreadable`, `CancellationError`.
  func answer(to question: String) async throws -> Line
}

/// What came instead of a line, or the line.
enum Line: Equatable {
  case text(String)
  /// The end of the input: Ctrl-D on an empty line, or the end of a file.
  case end
  /// Ctrl-C.
  case interrupted
}

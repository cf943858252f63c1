/// Where the lines of a conversation come from: a terminal or a pipe.
package protocol LineSource: Sendable {
  /// The next line that is not blank.
  ///
  /// - Throws: `TerminalError` if the input cannot be read or the line cannot be shown; `CancellationError`.
  func line() async throws -> Line

  /// The answer to a question that the program asks; it may be blank.
  ///
  /// - Throws: `TerminalError` if the input cannot be read or the line cannot be shown; `CancellationError`.
  func answer(to question: String) async throws -> Line
}

/// A line, or what came in place of one.
package enum Line: Equatable, Sendable {
  case text(String)
  /// The end of the input: Ctrl-D on an empty line, or the end of a file.
  case end
  /// Ctrl-C.
  case interrupted
}

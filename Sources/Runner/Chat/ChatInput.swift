/// What a line of the chat is: a message, or a command that begins with `/`.
package enum ChatInput: Equatable {
  case message(String)
  case command(SlashCommand)

  /// Reads a line.
  ///
  /// - Throws: `RunnerError.unknownCommand`, `.malformedCommand`.
  package init(_ line: String) throws(RunnerError) {
    guard line.hasPrefix("/") else {
      self = .message(line)
      return
    }
    // Text that begins with a slash has it twice.
    if line.hasPrefix("//") {
      self = .message(String(line.dropFirst()))
    } else {
      self = .command(try SlashCommand(line))
    }
  }
}

import Foundation
import GPTOSSTerminal

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

extension ChatInput {
  private static let prompt = "User: "
  private static let hint = "Ctrl-D or /exit ends the chat; /help lists the commands"

  /// Shows how to leave, and asks again: the answer to Ctrl-C where lines cannot be edited.
  static func showHint() { StandardError.write("\n\(hint)\n\(prompt)") }

  /// Where lines come from: typed and edited on a terminal, or as they are.
  ///
  /// - Throws: `TerminalError.unreadable`.
  static func lines() throws -> any LineSource {
    guard Terminal.isUsable else { return try PlainLines(prompt: StandardInput.isTerminal ? prompt : nil) }
    var history = LineHistory()
    let environment = ProcessInfo.processInfo.environment
    if let path = LineHistory.defaultPath(program: "gptoss", environment: environment) {
      do { history = try LineHistory(path: path) } catch { StandardError.report(error) }
    }
    return try EditedLines(
      prompt: prompt, hint: hint, history: history, completions: SlashCommand.completions,
      historyFailed: { StandardError.write(Style.dim("gptoss: \($0)\n")) })
  }
}

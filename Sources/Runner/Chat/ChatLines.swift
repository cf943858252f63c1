import Foundation
import GPTOSSTerminal

/// Where the chat's messages come from: typed and edited on a terminal, or as they are.
enum ChatLines {
  static let prompt = "User: "
  private static let hint = "Ctrl-D or /exit ends the chat; /help lists the commands"

  /// Shows how to leave, and asks again: the answer to Ctrl-C where lines cannot be edited.
  static func showHint() { StandardError.write("\n\(hint)\n\(prompt)") }

  /// Opens standard input.
  ///
  /// - Throws: `TerminalError.unreadable`.
  static func open() throws(TerminalError) -> any LineSource {
    guard Terminal.canEditLines else {
      return try PlainLines(prompt: StandardInput.isTerminal ? prompt : nil)
    }
    var history = LineHistory()
    let environment = ProcessInfo.processInfo.environment
    if let path = LineHistory.defaultPath(program: "gptoss", environment: environment) {
      do { history = try LineHistory(path: path) } catch { StandardError.report(error) }
    }
    return try EditedLines(
      prompt: prompt, hint: hint, history: history, completions: SlashCommand.completions,
      historyFailed: { StandardError.write(Style.dim("gptoss: \($0)") + "\n") })
  }
}

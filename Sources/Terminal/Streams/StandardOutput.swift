import Foundation
import GPTOSSPlatform

/// Standard output: results, which people read and scripts process.
///
/// Every write goes straight to the system. Text streams, and an error appears where it happens.
package enum StandardOutput {
  /// Whether a person reads the results as they come.
  package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes all of a text.
  ///
  /// - Throws: `TerminalError.closedOutput`, `.unwritableOutput`.
  package static func write(_ text: String) throws(TerminalError) {
    do throws(SystemError) { try writeAll(text, to: STDOUT_FILENO) } catch {
      throw error.code == EPIPE ? .closedOutput : .unwritableOutput(reason: systemMessage(error.code))
    }
  }

  /// Writes JSON and a line end. On a terminal, signs that would change how it is shown are written as `\u`
  /// and digits: the same JSON.
  ///
  /// - Throws: `TerminalError.closedOutput`, `.unwritableOutput`.
  package static func writeJSON(_ text: String) throws(TerminalError) {
    try writeLine(isTerminal ? text.inertJSON : text)
  }

  /// Writes a text and a line end.
  ///
  /// - Throws: `TerminalError.closedOutput`, `.unwritableOutput`.
  package static func writeLine(_ text: String) throws(TerminalError) {
    try write(text + "\n")
  }
}

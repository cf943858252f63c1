import GPTOSSPlatform

/// Why standard streams, files of text or the history of lines cannot be read or written.
package enum TerminalError: Error, Equatable {
  /// The reader of standard output has gone: `program … | head`. Most programs take that for a normal end.
  case closedOutput
  /// Standard output takes no more.
  case unwritableOutput(reason: String)
  /// A file, or standard input, cannot be read.
  case unreadable(path: String, reason: String)
  /// A file, or standard input, holds bytes that are not UTF-8.
  case notText(path: String)
  /// A line of standard input, counted from 1, holds bytes that are not UTF-8.
  case lineIsNotText(Int)
  /// The file that keeps what was typed cannot be written.
  case unwritableHistory(path: String, reason: String)
}

extension TerminalError: CustomStringConvertible {
  /// One line that names the cause and, where there is one, the remedy.
  package var description: String { text.inert }

  private var text: String {
    switch self {
    case .closedOutput: "standard output was closed"
    case .unwritableOutput(let reason): "cannot write to standard output: \(reason)"
    case .unreadable(let path, let reason):
      "cannot read \(path): \(reason); check the path and its permissions"
    case .notText(let path): "\(path) is not text in UTF-8; convert it first"
    case .lineIsNotText(let line):
      "line \(line) of standard input is not text in UTF-8; convert it first"
    case .unwritableHistory(let path, let reason):
      "what is typed is not remembered: cannot write \(path): \(reason)"
    }
  }
}

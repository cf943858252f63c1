import Foundation

/// How text looks on a terminal.
package enum Style {
  /// Text for standard error that stands back; unchanged where styles are not wanted.
  package static func dim(_ text: String) -> String { forError ? faint(text) : text }

  /// Text for standard output that stands out; unchanged where styles are not wanted.
  package static func bold(_ text: String) -> String { forOutput ? "\u{1B}[1m\(text)\u{1B}[22m" : text }

  /// Text for standard output that stands back; unchanged where styles are not wanted.
  static func dimOutput(_ text: String) -> String { forOutput ? faint(text) : text }

  private static func faint(_ text: String) -> String { "\u{1B}[2m\(text)\u{1B}[22m" }

  private static let forError = isWanted(onTerminal: StandardError.hasCursor)
  private static let forOutput = isWanted(onTerminal: StandardOutput.isTerminal && Terminal.hasCursor)

  /// Whether text is styled, by what users have agreed on: `NO_COLOR` (no-color.org) turns styles off,
  /// `CLICOLOR_FORCE` turns them on everywhere, and `CLICOLOR=0` turns them off on terminals
  /// (bixense.com/clicolors). Variables that are empty say nothing.
  package static func isWanted(
    onTerminal: Bool, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Bool {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if value("NO_COLOR") != nil { return false }
    if let force = value("CLICOLOR_FORCE"), force != "0" { return true }
    return onTerminal && value("CLICOLOR") != "0"
  }
}

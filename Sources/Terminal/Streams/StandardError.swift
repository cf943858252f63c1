import Foundation
import GPTOSSPlatform

/// Standard error: progress and diagnostics.
package enum StandardError {
  /// Whether a person is looking.
  package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether lines may be redrawn and text dimmed.
  package static var hasCursor: Bool { isTerminal && Terminal.hasCursor }

  /// Writes all of a text. A failure is ignored: there is nowhere left to report it.
  package static func write(_ text: String) {
    do { try writeAll(text, to: STDERR_FILENO) } catch {}
  }
}

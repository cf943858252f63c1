import Foundation

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
    switch writeAll(text, to: STDOUT_FILENO) {
    case nil: return
    case EPIPE: throw .closedOutput
    case let code?: throw .unwritableOutput(reason: String(cString: strerror(code)))
    }
  }

  /// Writes a text and a line end.
  ///
  /// - Throws: `TerminalError.closedOutput`, `.unwritableOutput`.
  package static func writeLine(_ text: String) throws(TerminalError) {
    try write(text + "\n")
  }
}

/// Writes a text to a descriptor. Returns the `errno` that stopped it, or nil.
func writeAll(_ text: String, to descriptor: Int32) -> Int32? {
  var text = text
  return text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = write(descriptor, piece.baseAddress, piece.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return errno }
      rest = rest.dropFirst(count)
    }
    return nil
  }
}

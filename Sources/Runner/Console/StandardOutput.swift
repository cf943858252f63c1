import Foundation

/// Where commands read from if they are told to.
enum StandardInput {
  /// Whether a person would have to type.
  static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }
}

/// Results: what people read and scripts take up.
///
/// Every write goes straight to the system, so that text streams and errors are seen where they happen.
enum StandardOutput {
  /// Whether a person reads results as they come.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes all of a text.
  static func write(_ text: String) throws(RunnerError) {
    switch writeAll(text, to: STDOUT_FILENO) {
    case nil: return
    case EPIPE: throw .closedOutput
    case let code?: throw .unwritableOutput(reason: String(cString: strerror(code)))
    }
  }

  /// Writes a text and a line end.
  static func writeLine(_ text: String) throws(RunnerError) {
    try write(text + "\n")
  }
}

/// Progress and diagnostics.
enum Console {
  /// Whether a person is looking.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether lines may be redrawn and text dimmed.
  static var hasCursor: Bool { isTerminal && Terminal.hasCursor }

  /// Writes all of a text; where diagnostics cannot be written there is nobody to tell.
  static func write(_ text: String) {
    _ = writeAll(text, to: STDERR_FILENO)
  }
}

/// How text looks on a terminal.
enum Style {
  /// Text for standard error that stands back; unchanged where that is no terminal.
  static func dim(_ text: String) -> String {
    Console.hasCursor ? "\u{1B}[2m\(text)\u{1B}[22m" : text
  }

  /// Text in which control characters but line ends and tabulators are pictures, so that what a model
  /// writes cannot drive a terminal.
  static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.picture != nil }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.picture ?? $0 }))
  }
}

/// Writes a text to a descriptor and returns what stopped it, an `errno`, or nil.
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

extension Unicode.Scalar {
  /// What stands for a control character on a terminal; nil for other characters.
  fileprivate var picture: Unicode.Scalar? {
    switch value {
    case 0x09, 0x0A: nil
    // The pictures ␀ to ␟ are in the order of what they show.
    case 0x00...0x1F: Unicode.Scalar(0x2400 + value)
    case 0x7F: "␡"
    case 0x80...0x9F: "\u{FFFD}"
    default: nil
    }
  }
}

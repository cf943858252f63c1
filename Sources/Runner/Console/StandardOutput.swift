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
  /// Writes all of a text.
  static func write(_ text: String) throws(RunnerError) {
    var text = text
    let error: Int32? = text.withUTF8 { writeAll($0, to: STDOUT_FILENO) }
    switch error {
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
  /// Whether a person is looking, so that lines may be redrawn.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes all of a text; where diagnostics cannot be written there is nobody to tell.
  static func write(_ text: String) {
    var text = text
    _ = text.withUTF8 { writeAll($0, to: STDERR_FILENO) }
  }
}

/// How text looks on a terminal.
enum Style {
  /// Text for standard error that stands back; unchanged where that is no terminal.
  static func dim(_ text: String) -> String {
    Console.isTerminal ? "\u{1B}[2m\(text)\u{1B}[22m" : text
  }
}

/// Writes bytes to a descriptor and returns what stopped it, an `errno`, or nil.
private func writeAll(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Int32? {
  var rest = UnsafeRawBufferPointer(bytes)[...]
  while !rest.isEmpty {
    let count = UnsafeRawBufferPointer(rebasing: rest).withMemoryRebound(to: UInt8.self) {
      Foundation.write(descriptor, $0.baseAddress, $0.count)
    }
    if count < 0, errno == EINTR { continue }
    if count < 0 { return errno }
    rest = rest.dropFirst(count)
  }
  return nil
}

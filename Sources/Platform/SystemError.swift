/// An `errno` of the system.
package struct SystemError: Error, CustomStringConvertible {
  package let code: Int32

  package init(code: Int32) { self.code = code }

  /// The system's words.
  package var description: String { systemMessage(code) }
}

/// The system's words for an `errno`.
package func systemMessage(_ code: Int32) -> String {
  strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

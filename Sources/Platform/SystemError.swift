/// An `errno` of the system.
package struct SystemError: Error {
  package let code: Int32
}

/// The system's words for an `errno`.
package func systemMessage(_ code: Int32) -> String {
  strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

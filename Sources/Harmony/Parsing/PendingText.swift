internal import GPTOSSTokenizer

/// Bytes on their way to becoming text: the end may be half a character.
struct PendingText: Sendable {
  private var bytes: [UInt8] = []

  var isEmpty: Bool { bytes.isEmpty }

  /// Adds bytes and takes out all that is whole.
  ///
  /// What cannot become a character is replaced by U+FFFD; the start of a character stays until its
  /// rest comes.
  mutating func take(adding added: [UInt8]) -> String {
    if bytes.isEmpty, let text = String(validating: added, as: UTF8.self) { return text }
    bytes += added
    let complete = bytes.count - UTF8Sequence.cutSuffix(of: bytes.span)
    let text = String(decoding: bytes[..<complete], as: UTF8.self)
    bytes.removeFirst(complete)
    return text
  }

  /// Adds bytes and takes out what is whole, up to and with the first replacement.
  ///
  /// What follows waits for the next call. The reference library does so.
  mutating func takeToFirstError(adding added: [UInt8]) -> String {
    if bytes.isEmpty, let text = String(validating: added, as: UTF8.self) { return text }
    bytes += added
    var taken = UTF8Sequence.validPrefix(of: bytes.span)
    if taken < bytes.count, case .invalid(let length) = UTF8Sequence.prefix(of: bytes.span, at: taken) {
      taken += length
    }
    let text = String(decoding: bytes[..<taken], as: UTF8.self)
    bytes.removeFirst(taken)
    return text
  }

  /// Ends the text: what still waits becomes U+FFFD.
  mutating func finish() -> String {
    defer { bytes = [] }
    return String(decoding: bytes, as: UTF8.self)
  }
}

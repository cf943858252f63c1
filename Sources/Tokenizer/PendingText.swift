/// Bytes on their way to becoming text: the end may be half a character.
package struct PendingText: Sendable {
  private var bytes: [UInt8] = []

  package init() {}

  /// Whether all that came has been taken out.
  package var isEmpty: Bool { bytes.isEmpty }

  /// Adds bytes and takes out all that is whole.
  ///
  /// What cannot become a character is replaced by U+FFFD. The start of a character, 3 bytes at most, stays
  /// until its rest comes.
  package mutating func take(adding added: Span<UInt8>) -> String {
    if let text = addUnlessText(added) { return text }
    return takeOut(bytes.count - UTF8Sequence.cutSuffix(of: bytes.span))
  }

  /// Adds bytes and takes out what is whole, up to and with the first replacement.
  ///
  /// What follows waits for the next call. The reference library of Harmony does so.
  package mutating func takeToFirstError(adding added: Span<UInt8>) -> String {
    if let text = addUnlessText(added) { return text }
    var count = UTF8Sequence.validPrefix(of: bytes.span)
    if count < bytes.count, case .invalid(let length) = UTF8Sequence.prefix(of: bytes.span, at: count) {
      count += length
    }
    return takeOut(count)
  }

  /// Ends the text: what still waits becomes U+FFFD. Another text may start.
  package mutating func finish() -> String { takeOut(bytes.count) }

  /// The text of `added`, if it is one and nothing waits, as is the rule; else nil, and the bytes wait.
  private mutating func addUnlessText(_ added: Span<UInt8>) -> String? {
    added.withUnsafeBufferPointer { added in
      if bytes.isEmpty, let text = String(validating: added, as: UTF8.self) { return text }
      bytes += added
      return nil
    }
  }

  private mutating func takeOut(_ count: Int) -> String {
    defer { bytes.removeFirst(count) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

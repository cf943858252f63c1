/// Bytes on their way to becoming text: the end may be half a character.
package struct PendingText: Sendable {
  private var bytes: [UInt8] = []
  /// How many of the bytes have been taken out. They are removed many at a time: each time, what waits moves.
  private var takenCount = 0

  package init() {}

  /// Whether all that came has been taken out.
  package var isEmpty: Bool { takenCount == bytes.count }

  /// Adds bytes and takes out all that is whole.
  ///
  /// What cannot become a character is replaced by U+FFFD. The start of a character, 3 bytes at most, stays
  /// until its rest comes.
  package mutating func take(adding added: Span<UInt8>) -> String {
    if let text = addUnlessText(added) { return text }
    let cutCount = UTF8Sequence.cutSuffix(of: bytes.span.extracting(droppingFirst: takenCount))
    return takeOut(bytes.count - takenCount - cutCount)
  }

  /// Adds bytes and takes out what is whole, up to and with the first replacement.
  ///
  /// What follows waits for the next call. The reference library of Harmony does so.
  package mutating func takeToFirstError(adding added: Span<UInt8>) -> String {
    if let text = addUnlessText(added) { return text }
    return takeOut(countToFirstError)
  }

  private var countToFirstError: Int {
    let waiting = bytes.span.extracting(droppingFirst: takenCount)
    let count = UTF8Sequence.validPrefix(of: waiting)
    guard count < waiting.count, case .invalid(let length) = UTF8Sequence.prefix(of: waiting, at: count)
    else { return count }
    return count + length
  }

  /// Ends the text: what still waits becomes U+FFFD. Another text may start.
  package mutating func finish() -> String { takeOut(bytes.count - takenCount) }

  /// The text of `added`, if it is one and nothing waits, as is the rule; else nil, and the bytes wait.
  private mutating func addUnlessText(_ added: Span<UInt8>) -> String? {
    added.withUnsafeBufferPointer { added in
      if isEmpty, let text = String(validating: added, as: UTF8.self) { return text }
      bytes += added
      return nil
    }
  }

  private mutating func takeOut(_ count: Int) -> String {
    let end = takenCount + count
    let text = String(decoding: bytes[takenCount..<end], as: UTF8.self)
    takenCount = end
    if takenCount >= bytes.count / 2 {
      bytes.removeFirst(takenCount)
      takenCount = 0
    }
    return text
  }
}

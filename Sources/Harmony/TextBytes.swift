// The format is defined on bytes. Swift's `String` compares and searches by characters, for which
// `"` and a combining accent behind it are one and `\r\n` is another, so these work on UTF-8.

extension StringProtocol {
  /// Where these bytes come first.
  func firstRange(ofBytes pattern: String) -> Range<Index>? {
    var start = utf8.startIndex
    guard let first = pattern.utf8.first else { return start..<start }
    while let candidate = utf8[start...].firstIndex(of: first) {
      if utf8[candidate...].starts(with: pattern.utf8) {
        return candidate..<utf8.index(candidate, offsetBy: pattern.utf8.count)
      }
      start = utf8.index(after: candidate)
    }
    return nil
  }

  /// Whether these bytes come anywhere.
  func containsBytes(of pattern: String) -> Bool { firstRange(ofBytes: pattern) != nil }

  /// The text with every occurrence of these bytes replaced.
  func replacingBytes(of pattern: String, with replacement: String) -> String {
    var result = ""
    var rest = self[...]
    while let range = rest.firstRange(ofBytes: pattern) {
      result += rest[..<range.lowerBound]
      result += replacement
      rest = rest[range.upperBound...]
    }
    return result + rest
  }

  /// The text without white space (Unicode's `White_Space`) at its ends.
  func trimmingWhitespace() -> String {
    var scalars = unicodeScalars[...]
    while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
    while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
    return String(Substring.UnicodeScalarView(scalars))
  }

}

extension String {
  /// The words between ASCII's spaces, tabs, line ends and form feeds.
  func splitAtASCIIWhitespace() -> [Substring] {
    utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0C || $0 == 0x0D }.map(Substring.init)
  }
}

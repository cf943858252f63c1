/// How text looks on a terminal.
package enum Style {
  /// Text for standard error that stands back; unchanged where that is no terminal.
  package static func dim(_ text: String) -> String {
    StandardError.hasCursor ? dimmed(text) : text
  }

  /// Text in which pictures stand for control characters, line ends and tabs excepted.
  ///
  /// What a model writes cannot drive a terminal that way.
  package static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.picture != nil }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.picture ?? $0 }))
  }

  /// Faint text, for a terminal with a cursor.
  static func dimmed(_ text: some StringProtocol) -> String { "\u{1B}[2m\(text)\u{1B}[22m" }

  /// Bold text, for a terminal with a cursor.
  static func bold(_ text: some StringProtocol) -> String { "\u{1B}[1m\(text)\u{1B}[22m" }
}

extension Unicode.Scalar {
  /// The picture of a control character; nil for other characters.
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

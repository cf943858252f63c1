// Text from files, models, servers and requests may hold characters that drive a terminal, turn the order of
// what stands around them, or are not seen at all. What is shown to people goes through here.

extension StringProtocol {
  /// The text to be shown in one line, with characters that would not be seen as themselves written out, such
  /// as `\u{1B}` or `\n`: control characters (C0, DEL, C1), format characters (Unicode's general category Cf,
  /// which bidirectional controls are), tags, and the separators of lines and paragraphs.
  ///
  /// U+200C and U+200D stay: Persian and Hindi are spelled with them, and emoji joined. So the text of what is
  /// written out is inert itself, and a part of a text is shown as it is in the whole.
  package var inert: String { escaped { !$0.isInert } }

  /// The text to be shown in several lines: as ``inert``, but for line ends and tabs, which stay.
  package var inertLines: String { escaped { !$0.isInert && $0 != "\n" && $0 != "\t" } }

  /// The text of JSON, with those characters as JSON's own escapes: it has the same value.
  package var inertJSON: String {
    escaped({ !$0.isInert && $0 != "\n" && $0 != "\t" }) { scalar in
      String(scalar).utf16.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    }
  }

  /// The beginning of the text, inert and in quotation marks: a name from a file, of any length, in a message.
  package var quoted: String {
    let beginning = shortened(to: 80, mark: "")
    return "\"\(beginning.inert)\"\(beginning.utf8.count < utf8.count ? "…" : "")"
  }

  /// The text, or its beginning and a mark for the rest.
  ///
  /// - Parameter count: of Unicode scalars. A character may have any number of them.
  package func shortened(to count: Int, mark: String = "…") -> String {
    guard unicodeScalars.dropFirst(count).first != nil else { return String(self) }
    return String(String.UnicodeScalarView(unicodeScalars.prefix(count))) + mark
  }

  /// The text with signs of a format replaced, each by itself.
  ///
  /// `replacing` looks for characters: it does not find a quotation mark with a combining accent behind it.
  package func replacingScalars(_ replacements: [Unicode.Scalar: String]) -> String {
    escaped({ replacements[$0] != nil }, as: { replacements[$0] ?? "" })
  }

  private func escaped(
    _ isEscaped: (Unicode.Scalar) -> Bool,
    as escape: (Unicode.Scalar) -> String = { $0.escaped(asASCII: true) }
  ) -> String {
    guard unicodeScalars.contains(where: isEscaped) else { return String(self) }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if isEscaped(scalar) {
        text.append(contentsOf: escape(scalar).unicodeScalars)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }
}

extension Unicode.Scalar {
  /// Whether the character is seen as itself.
  fileprivate var isInert: Bool {
    switch value {
    case 0x20...0x7E, 0x200C, 0x200D: return true
    // Tags, and what is kept for more of them: they are drawn as nothing, and models read them as letters.
    case 0xE0000...0xE007F: return false
    default: break
    }
    return switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}

/// Splits a header into markers and words.
struct HeaderWords {
  struct Word {
    let text: String
    /// Where its bytes are.
    let range: Range<Int>
  }

  enum Item {
    case marker(Marker)
    case word(Word)
  }

  private let bytes: [UInt8]
  /// Where the next item is looked for.
  ///
  /// Set it back into a word to read the rest of that word as a word of its own.
  var offset = 0

  /// - Parameter bytes: what does not spell UTF-8 is replaced.
  init(_ bytes: [UInt8]) {
    self.bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  var count: Int { bytes.count }

  mutating func next() -> Item? {
    while offset < count, bytes[offset].isASCIIWhitespace { offset += 1 }
    guard offset < count else { return nil }
    if let marker = marker(at: offset) {
      offset += marker.rawValue.utf8.count
      return .marker(marker)
    }
    let start = offset
    while offset < count, !isBoundary(at: offset) { offset += 1 }
    return .word(Word(text: text(start..<offset), range: start..<offset))
  }

  /// Whether the word that comes next begins with `to=`.
  var nextWordIsRecipient: Bool {
    var copy = self
    guard case .word(let word)? = copy.next() else { return false }
    return word.text.hasPrefix("to=")
  }

  /// Whether a word ends here.
  func isBoundary(at offset: Int) -> Bool {
    bytes[offset].isASCIIWhitespace || marker(at: offset) != nil
  }

  /// Where a name of letters, digits and `_ - . : / +` that begins here ends.
  func endOfName(from start: Int) -> Int {
    var end = start
    while end < count, bytes[end].isASCIILetterOrDigit || Self.nameSymbols.contains(bytes[end]) { end += 1 }
    return end
  }

  /// Whether a word is a name from end to end.
  func isName(_ word: Word) -> Bool {
    endOfName(from: word.range.lowerBound) == word.range.upperBound
      && word.text.utf8.contains(where: \.isASCIILetter)
  }

  private static let nameSymbols = Array("_-.:/+".utf8)

  /// Where the last word ends.
  var endOfLastWord: Int {
    count - bytes.reversed().prefix(while: \.isASCIIWhitespace).count
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func marker(at offset: Int) -> Marker? {
    guard bytes[offset] == UInt8(ascii: "<") else { return nil }
    return Marker.allCases.first { bytes[offset...].starts(with: $0.rawValue.utf8) }
  }
}

extension UInt8 {
  var isASCIIWhitespace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
  var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }
  var isASCIILetterOrDigit: Bool { isASCIILetter || (0x30...0x39).contains(self) }
}

extension String {
  /// The text before and behind the first occurrence of a character.
  func splitOnce(at separator: Character) -> (String, String?) {
    guard let index = firstIndex(of: separator) else { return (self, nil) }
    return (String(self[..<index]), String(self[self.index(after: index)...]))
  }
}

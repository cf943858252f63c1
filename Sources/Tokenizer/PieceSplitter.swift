/// Cuts text into the pieces of o200k, within which bytes merge.
///
/// The pattern, of which the first alternative that matches at a place wins:
///
///     [^\r\n\p{L}\p{N}]? [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]* [\p{Ll}\p{Lm}\p{Lo}\p{M}]+ CONTRACTION?
///     [^\r\n\p{L}\p{N}]? [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+ [\p{Ll}\p{Lm}\p{Lo}\p{M}]* CONTRACTION?
///     \p{N}{1,3}
///     ' '? [^\s\p{L}\p{N}]+ [\r\n/]*
///     \s* [\r\n]+
///     \s+ (?!\S)
///     \s+
///
/// where CONTRACTION is `(?i:'s|'t|'re|'ve|'m|'ll|'d)`.
///
/// This is that pattern as a program: a look at one or two characters says which alternative it is, and
/// each takes its run. Only the first needs more: where capitals are not followed by a small letter, the
/// pattern's backtracking ends the word after the last of them that may be a small letter too.
///
/// Every character is read a bounded number of times, whatever the text.
///
/// - SeeAlso: `o200k_base` in openai/tiktoken, `tiktoken_ext/openai_public.py`.
package struct PieceSplitter {
  /// UTF-8, whole and valid.
  let text: UnsafePointer<UInt8>
  let end: Int
  private let pages: UnsafePointer<UInt32>
  private let classes: UnsafePointer<CharacterClass>

  /// A splitter of text that outlives it.
  init(_ text: UnsafePointer<UInt8>, count: Int) {
    self.text = text
    end = count
    let map = CharacterClassMap.shared
    pages = UnsafePointer(map.pages.base)
    classes = UnsafePointer(map.classes.base)
  }

  /// The pieces of a text, which together are the text.
  package static func pieces(of text: String) -> [String] {
    var text = text
    return text.withUTF8 { text in
      guard let base = text.baseAddress else { return [] }
      let splitter = PieceSplitter(base, count: text.count)
      var pieces: [String] = []
      var start = 0
      while start < text.count {
        let end = splitter.endOfPiece(from: start)
        pieces.append(String(decoding: text[start..<end], as: UTF8.self))
        start = end
      }
      return pieces
    }
  }

  /// Where the piece ends that starts at `start`, which is before the end of the text.
  @inline(__always)
  func endOfPiece(from start: Int) -> Int {
    let end = endOfPlainWord(from: start)
    return end > 0 ? end : endOfAnyPiece(from: start)
  }

  private func endOfAnyPiece(from start: Int) -> Int {
    let first = character(at: start)
    let kind = first.characterClass
    if kind.has(.letter) { return endOfWord(from: start) }
    if kind.has(.number) { return endOfNumber(after: first.end) }
    if !kind.has(.newline) {
      // Anything but a letter, a number and a line break may lead a word.
      let second = character(at: first.end)
      if second.characterClass.has(.word) {
        // An accent may lead a word or be its first letter.
        return kind.has(.word)
          ? endOfAccented(from: start, after: first.end) : endOfWord(from: first.end)
      }
      if kind.has(.word) { return endOfWord(from: start) }
      if !kind.has(.space) { return endOfSymbols(from: first.end) }
      if text[start] == UInt8(ascii: " "), first.end < end, !second.characterClass.has(.notSymbol) {
        return endOfSymbols(from: second.end)
      }
    }
    return endOfSpace(from: start)
  }

  /// One character of the text.
  struct Character {
    /// Empty past the end of the text.
    let characterClass: CharacterClass
    /// The offset after it.
    let end: Int
  }

  @inline(__always)
  func character(at offset: Int) -> Character {
    guard offset < end else { return Character(characterClass: [], end: offset) }
    let first = text[offset]
    if first < 0x80 { return Character(characterClass: classes[Int(first)], end: offset &+ 1) }
    return wideCharacter(at: offset)
  }

  private func wideCharacter(at offset: Int) -> Character {
    func tail(_ index: Int) -> Int { Int(text[offset &+ index] & 0x3F) }
    let first = Int(text[offset])
    let scalar: Int
    let length: Int
    if first < 0xE0 {
      scalar = (first & 0x1F) << 6 | tail(1)
      length = 2
    } else if first < 0xF0 {
      scalar = (first & 0x0F) << 12 | tail(1) << 6 | tail(2)
      length = 3
    } else {
      scalar = (first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3)
      length = 4
    }
    let page = Int(pages[scalar >> CharacterClassMap.pageBits])
    return Character(
      characterClass: classes[page &+ scalar & (CharacterClassMap.pageSize &- 1)], end: offset &+ length)
  }
}

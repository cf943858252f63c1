/// Cuts text into the pieces of o200k, within which bytes merge.
///
/// The pattern, of which the first alternative that matches at a place wins:
///
///     [^\r\n\p{L}\p{N}]? [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]* [\p{Ll}\p{Lm}\p{Lo}\p{M}]+ (?i:'s|'t|'re|'ve|'m|'ll|'d)?
///     [^\r\n\p{L}\p{N}]? [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+ [\p{Ll}\p{Lm}\p{Lo}\p{M}]* (?i:'s|'t|'re|'ve|'m|'ll|'d)?
///     \p{N}{1,3}
///     ' '? [^\s\p{L}\p{N}]+ [\r\n/]*
///     \s* [\r\n]+
///     \s+ (?!\S)
///     \s+
///
/// This is that pattern as a program: a look at one or two characters says which alternative it is, and
/// each takes its run. Only the first needs more: where capitals are not followed by a small letter, the
/// pattern's backtracking ends the word after the last of them that may be a small letter too.
///
/// - SeeAlso: `o200k_base` in openai/tiktoken, `tiktoken_ext/openai_public.py`.
struct PieceSplitter {
  /// UTF-8, whole and valid.
  let text: UnsafePointer<UInt8>
  let end: Int
  let pages: UnsafePointer<UInt32>
  let classes: UnsafePointer<CharacterClass>

  /// One character: its class, and the offset behind it. Behind the text every class is empty.
  struct Character {
    var characterClass: CharacterClass
    var end: Int
  }

  @inline(__always)
  func character(at offset: Int) -> Character {
    guard offset < end else { return Character(characterClass: [], end: offset) }
    let first = text[offset]
    if first < 0x80 { return Character(characterClass: classes[Int(first)], end: offset + 1) }
    return wideCharacter(at: offset)
  }

  private func wideCharacter(at offset: Int) -> Character {
    let first = UInt32(text[offset])
    var scalar: UInt32
    var next = offset + 2
    func tail(_ index: Int) -> UInt32 { UInt32(text[offset + index] & 0x3F) }
    if first < 0xE0 {
      scalar = (first & 0x1F) << 6 | tail(1)
    } else if first < 0xF0 {
      scalar = (first & 0x0F) << 12 | tail(1) << 6 | tail(2)
      next = offset + 3
    } else {
      scalar = (first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3)
      next = offset + 4
    }
    let page = pages[Int(scalar) >> CharacterClassMap.pageBits]
    let index = Int(page) + Int(scalar) & (CharacterClassMap.pageSize - 1)
    return Character(characterClass: classes[index], end: next)
  }

  /// Where the piece that starts at `start` ends, which is before the end of the text.
  @inline(__always)
  func endOfPiece(from start: Int) -> Int {
    let end = endOfPlainWord(from: start)
    return end > 0 ? end : endOfAnyPiece(from: start)
  }

  /// The first alternative where a word is plain: a space or none, a letter, small letters, and behind them
  /// ASCII that is no apostrophe. Eight characters are looked at at a time.
  ///
  /// - Returns: 0 if the word is not plain or the text nearly at its end.
  @inline(__always)
  private func endOfPlainWord(from start: Int) -> Int {
    guard end &- start >= 18 else { return 0 }
    var offset = text[start] == UInt8(ascii: " ") ? start &+ 1 : start
    let first = text[offset]
    // With bit 5 set a capital is a small letter, and nothing else becomes one.
    var others = Self.notSmallLetters(text.load(offset, as: UInt64.self) | 0x20)
    if others & 0x8080 != 0 {
      // No letter at all, or a capital with no small letter behind it.
      if others & 0x80 != 0 || first & 0x20 == 0 { return 0 }
    }
    while others == 0 {
      offset &+= 8
      guard end &- offset >= 9 else { return 0 }
      others = Self.notSmallLetters(text.load(offset, as: UInt64.self))
    }
    offset &+= others.trailingZeroBitCount >> 3
    let behind = text[offset]
    return behind < 0x80 && behind != UInt8(ascii: "'") ? offset : 0
  }

  /// The highest bit of each byte that is not `a` to `z`.
  @inline(__always)
  private static func notSmallLetters(_ bytes: UInt64) -> UInt64 {
    let highest: UInt64 = 0x8080_8080_8080_8080
    let low = bytes & ~highest
    let fromA = low &+ 0x1F1F_1F1F_1F1F_1F1F
    let pastZ = low &+ 0x0505_0505_0505_0505
    return (fromA & ~pastZ & ~bytes & highest) ^ highest
  }

  private func endOfAnyPiece(from start: Int) -> Int {
    let first = character(at: start)
    let kind = first.characterClass
    if !kind.isDisjoint(with: .letter) { return endOfWord(from: start) }
    if !kind.isDisjoint(with: .number) { return endOfNumber(after: first.end) }
    if kind.isDisjoint(with: .newline) {
      // Anything but a letter, a number and a line break may lead a word.
      let second = character(at: first.end)
      if !second.characterClass.isDisjoint(with: .word) {
        // An accent may lead a word or be its first letter.
        return kind.isDisjoint(with: .word)
          ? endOfWord(from: first.end) : endOfAccented(from: start, after: first.end)
      }
      if !kind.isDisjoint(with: .word) { return endOfWord(from: start) }
      if kind.isDisjoint(with: .space) { return endOfSymbols(from: first.end) }
      if text[start] == UInt8(ascii: " "), first.end < end,
        second.characterClass.isDisjoint(with: .notSymbol)
      {
        return endOfSymbols(from: second.end)
      }
    }
    return endOfSpace(from: start)
  }

  /// A word that starts with a letter or an accent, whatever led it.
  private func endOfWord(from start: Int) -> Int {
    endOfContraction(from: endOfWordWithSmallLetters(from: start) ?? endOfCapitals(from: start))
  }

  /// An accent before a word is its prefix if what follows is a word of the first alternative; else the
  /// first alternative matches without a prefix, and takes the accent for a letter.
  private func endOfAccented(from start: Int, after first: Int) -> Int {
    guard let end = endOfWordWithSmallLetters(from: first) else { return endOfWord(from: start) }
    return endOfContraction(from: end)
  }

  /// Capitals as many as may be, then small letters, at least one.
  private func endOfWordWithSmallLetters(from start: Int) -> Int? {
    var offset = start
    var lastSmall: Int?
    var next = character(at: offset)
    while !next.characterClass.isDisjoint(with: .upper) {
      offset = next.end
      if !next.characterClass.isDisjoint(with: .lower) { lastSmall = offset }
      next = character(at: offset)
    }
    guard !next.characterClass.isDisjoint(with: .lower) else { return lastSmall }
    repeat {
      offset = next.end
      next = character(at: offset)
    } while !next.characterClass.isDisjoint(with: .lower)
    return offset
  }

  private func endOfCapitals(from start: Int) -> Int {
    var offset = start
    var next = character(at: offset)
    while !next.characterClass.isDisjoint(with: .upper) {
      offset = next.end
      next = character(at: offset)
    }
    return offset
  }

  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`, where ſ is an s in small.
  private func endOfContraction(from start: Int) -> Int {
    guard start + 1 < end, text[start] == UInt8(ascii: "'") else { return start }
    let first = text[start + 1] | 0x20
    let second = start + 2 < end ? text[start + 2] : 0
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
    case UInt8(ascii: "r") where second | 0x20 == UInt8(ascii: "e"): return start + 3
    case UInt8(ascii: "v") where second | 0x20 == UInt8(ascii: "e"): return start + 3
    case UInt8(ascii: "l") where second | 0x20 == UInt8(ascii: "l"): return start + 3
    default: return text[start + 1] == 0xC5 && second == 0xBF ? start + 3 : start
    }
  }

  private func endOfNumber(after first: Int) -> Int {
    var offset = first
    for _ in 0..<2 {
      let next = character(at: offset)
      if next.characterClass.isDisjoint(with: .number) { break }
      offset = next.end
    }
    return offset
  }

  private func endOfSymbols(from start: Int) -> Int {
    var offset = start
    while offset < end {
      let next = character(at: offset)
      if !next.characterClass.isDisjoint(with: .notSymbol) { break }
      offset = next.end
    }
    while offset < end, [UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: "/")].contains(text[offset]) {
      offset += 1
    }
    return offset
  }

  /// A run of white space: up to its last line break; else all of it at the end of the text; else all
  /// but the last, which may lead what follows; else the one there is.
  private func endOfSpace(from start: Int) -> Int {
    var offset = start
    var last = start
    var lineBreakEnd: Int?
    while true {
      let next = character(at: offset)
      if next.characterClass.isDisjoint(with: .space) { break }
      last = offset
      offset = next.end
      if !next.characterClass.isDisjoint(with: .newline) { lineBreakEnd = offset }
    }
    if let lineBreakEnd { return lineBreakEnd }
    return offset == end || last == start ? offset : last
  }
}

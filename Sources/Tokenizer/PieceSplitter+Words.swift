extension PieceSplitter {
  /// The end of a plain word: at most one space, a letter, small letters, and after them an ASCII character
  /// that is no apostrophe.
  ///
  /// Most pieces are such words. Eight characters are looked at at a time.
  ///
  /// - Returns: 0 if the word is not plain or the text nearly at its end.
  @inline(__always)
  func endOfPlainWord(from start: Int) -> Int {
    guard end &- start >= 9 else { return 0 }
    var offset = text[start] == UInt8(ascii: " ") ? start &+ 1 : start
    // With bit 5 set a capital is a small letter, and nothing else becomes one.
    var others = Self.notSmallLetters(text.load(offset, as: UInt64.self) | 0x20)
    if others & 0x8080 != 0 {
      let isCapitalAlone = text[offset] & 0x20 == 0
      if others & 0x80 != 0 || isCapitalAlone { return 0 }
    }
    while others == 0 {
      offset &+= 8
      guard end &- offset >= 8 else { return 0 }
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
    let fromA = low &+ 0x1F1F_1F1F_1F1F_1F1F  // 0x80 - "a"
    let pastZ = low &+ 0x0505_0505_0505_0505  // 0x80 - "z" - 1
    return (fromA & ~pastZ & ~bytes & highest) ^ highest
  }

  /// The end of a word whose first letter or accent is at `start`.
  func endOfWord(from start: Int) -> Int {
    endOfContraction(from: endOfSmallLetters(from: start) ?? endOfCapitals(from: start))
  }

  /// The end of a piece that starts with an accent which another letter or accent follows.
  ///
  /// The accent is the word's prefix if what follows is a word of the first alternative; else that
  /// alternative matches without a prefix, and takes the accent for a letter.
  func endOfAccented(from start: Int, after first: Int) -> Int {
    guard let end = endOfSmallLetters(from: first) else { return endOfWord(from: start) }
    return endOfContraction(from: end)
  }

  /// The end of capitals, as many as there are, and small letters, at least one; `nil` without one.
  private func endOfSmallLetters(from start: Int) -> Int? {
    var offset = start
    var lastSmall: Int?
    var next = character(at: offset)
    while next.characterClass.has(.upper) {
      offset = next.end
      if next.characterClass.has(.lower) { lastSmall = offset }
      next = character(at: offset)
    }
    guard next.characterClass.has(.lower) else { return lastSmall }
    repeat {
      offset = next.end
      next = character(at: offset)
    } while next.characterClass.has(.lower)
    return offset
  }

  private func endOfCapitals(from start: Int) -> Int {
    var offset = start
    while case let next = character(at: offset), next.characterClass.has(.upper) { offset = next.end }
    return offset
  }

  /// The end of `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`, where `ſ` (U+017F) is an s that is not a capital.
  private func endOfContraction(from start: Int) -> Int {
    guard start + 1 < end, text[start] == UInt8(ascii: "'") else { return start }
    let second = start + 2 < end ? text[start + 2] : 0
    switch text[start + 1] | 0x20 {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
    case UInt8(ascii: "r") where second | 0x20 == UInt8(ascii: "e"): return start + 3
    case UInt8(ascii: "v") where second | 0x20 == UInt8(ascii: "e"): return start + 3
    case UInt8(ascii: "l") where second | 0x20 == UInt8(ascii: "l"): return start + 3
    default: return text[start + 1] == 0xC5 && second == 0xBF ? start + 3 : start
    }
  }
}

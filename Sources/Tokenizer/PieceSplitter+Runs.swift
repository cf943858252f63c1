extension PieceSplitter {
  /// The end of a number of up to three digits, the first of which ends at `first`.
  func endOfNumber(after first: Int) -> Int {
    var offset = first
    for _ in 0..<2 {
      let next = character(at: offset)
      if !next.characterClass.has(.number) { break }
      offset = next.end
    }
    return offset
  }

  /// The end of the symbols that follow `start`, if there are any, and of the line breaks and slashes after
  /// them.
  func endOfSymbols(from start: Int) -> Int {
    var offset = start
    while offset < end, case let next = character(at: offset), !next.characterClass.has(.notSymbol) {
      offset = next.end
    }
    while offset < end, case let byte = text[offset],
      byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "/")
    {
      offset += 1
    }
    return offset
  }

  /// The end of white space:
  /// - after its last line break, if it has one;
  /// - else after all of it, if the text ends there;
  /// - else before its last character, which may lead what follows;
  /// - else, if it is a single character, after that.
  func endOfSpace(from start: Int) -> Int {
    var offset = start
    var last = start
    var lineBreakEnd: Int?
    while case let next = character(at: offset), next.characterClass.has(.space) {
      last = offset
      offset = next.end
      if next.characterClass.has(.newline) { lineBreakEnd = offset }
    }
    if let lineBreakEnd { return lineBreakEnd }
    return offset == end || last == start ? offset : last
  }
}

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

  /// The end of symbols, any of which are behind `start`, and of line breaks and slashes behind them.
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

  /// The end of white space: behind its last line break; else behind all of it at the end of the text; else
  /// before the last of it, which may lead what follows; else behind the one there is.
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

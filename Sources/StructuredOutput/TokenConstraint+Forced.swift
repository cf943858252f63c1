public import GPTOSSTokenizer

extension TokenConstraint {
  /// The bytes that are looked ahead: longer than any piece of a key.
  private static let longestLook = 64
  /// The most bytes that are kept of the text's end: a piece is seldom longer.
  private static let longestTail = 256

  /// The token that comes next where the text has to go on in one way: the one that the tokenizer makes of it.
  /// nil where there is a choice, and where what comes behind it could change the tokenizer's cut.
  ///
  /// ``allowedTokens()`` has this token, and beside it every other that begins the same text. Who allows this
  /// one alone keeps the model to the cut that it was trained on, and needs no logits.
  ///
  /// A piece of the tokenizer's pattern (Docs/Harmony.md) is cut for itself, so its tokens are certain when
  /// its end is: when a character that has to come, or each that may, begins another piece.
  public func forcedToken() -> TokenID? {
    let (forced, behind) = machine.forcedBytes(parses, atMost: Self.longestLook)
    guard !forced.isEmpty else { return nil }
    var (bytes, ways) = (tail + forced, behind)
    // A choice within a character leaves the beginning of one.
    for _ in 0..<4 where bytes.count > tail.count {
      if let text = String(validating: bytes, as: UTF8.self) { return forcedToken(in: text, ways) }
      bytes.removeLast()
      ways.isMany = true
    }
    return nil
  }

  /// The token behind the tail in a text that is the tail and what has to follow.
  private func forcedToken(in text: String, _ behind: Machine.Ways) -> TokenID? {
    var rest = text.unicodeScalars[...]
    var start = 0
    let pieces = PieceSplitter.pieces(of: text)
    for (place, piece) in pieces.enumerated() {
      rest = rest.dropFirst(piece.unicodeScalars.count)
      guard start + piece.utf8.count > tail.count else {
        start += piece.utf8.count
        continue
      }
      let isCertain = rest.isEmpty ? ends(pieces, behind) : Self.hasEnded(pieces[place], before: rest)
      return isCertain || behind.isEnd ? token(of: piece, at: tail.count - start) : nil
    }
    return nil
  }

  /// Whether the last of some pieces ends here whatever follows.
  private func ends(_ pieces: [String], _ behind: Machine.Ways) -> Bool {
    guard !behind.isMany else { return false }
    return behind.bytes.allSatisfy { byte in
      guard byte < 0x80 else { return false }
      let next = String(Unicode.Scalar(byte))
      return PieceSplitter.pieces(of: pieces.joined() + next).starts(with: pieces)
        && Self.hasEnded(pieces[pieces.count - 1], before: next.unicodeScalars[...])
    }
  }

  /// The token that begins at an offset of a piece. If none does, because the model cut what is before it in
  /// its own way, the one that begins what is left.
  private func token(of piece: String, at offset: Int) -> TokenID? {
    let tokenizer = Tokenizer(vocabulary: machine.trie.vocabulary)
    var start = 0
    for token in tokenizer.encode(piece) where start <= offset {
      if start == offset { return token }
      start += tokenizer.vocabulary.bytes(of: token)?.count ?? 0
    }
    return String(validating: piece.utf8.dropFirst(offset), as: UTF8.self).flatMap {
      tokenizer.encode($0).first
    }
  }

  /// Drops the pieces at the beginning of a text that have ended, whatever follows.
  static func dropEndedPieces(of text: inout [UInt8]) {
    var length = 0
    if let string = String(validating: text, as: UTF8.self) {
      var rest = string.unicodeScalars[...]
      for piece in PieceSplitter.pieces(of: string) {
        rest = rest.dropFirst(piece.unicodeScalars.count)
        guard hasEnded(piece, before: rest) else { break }
        length += piece.utf8.count
      }
    }
    text.removeFirst(text.count - length > longestTail ? text.count : length)
  }

  /// Whether a piece that was cut before some characters is cut there whatever follows them.
  ///
  /// The pattern looks further than one character in three places: an apostrophe begins a contraction or does
  /// not; white space is cut before its last character, and after a line end; and capitals join the letters
  /// before them, such as Chinese ones, if a small letter comes.
  private static func hasEnded(_ piece: String, before rest: Substring.UnicodeScalarView) -> Bool {
    guard let last = piece.unicodeScalars.last, let next = rest.first else { return false }
    if last.properties.isWhitespace { return rest.contains { !$0.properties.isWhitespace } }
    if next == "'" { return rest.dropFirst(2).first != nil }
    guard last.isLetterWithoutCase, next.isLetter else { return true }
    return rest.contains { !$0.isLetter }
  }
}

extension Unicode.Scalar {
  /// Whether the pattern takes it for a letter.
  fileprivate var isLetter: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter: true
    default: isLetterWithoutCase
    }
  }

  /// Whether the pattern takes it for a capital and for a small letter.
  fileprivate var isLetterWithoutCase: Bool {
    switch properties.generalCategory {
    case .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }
}

/// The inner loop of encoding: cut off a piece, look it up, or else merge its bytes.
struct TextEncoder {
  private let vocabulary: Vocabulary
  private let pieces: TokenTable.Pointers
  private let merger: BytePairMerger
  private let pages: UnsafePointer<UInt32>
  private let classes: UnsafePointer<CharacterClass>
  private var merged: [UInt32] = []

  init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    pieces = TokenTable.Pointers(vocabulary.pieceTable)
    merger = BytePairMerger(
      merges: MergeTable.Pointers(vocabulary.mergeTable),
      byteTokens: UnsafePointer(vocabulary.byteTokens.base))
    pages = UnsafePointer(CharacterClassMap.shared.pages.base)
    classes = UnsafePointer(CharacterClassMap.shared.classes.base)
  }

  /// Appends the tokens of `text`, which is valid UTF-8.
  mutating func encode(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [TokenID]) {
    guard let base = text.baseAddress, !text.isEmpty else { return }
    tokens.reserveCapacity(tokens.count + text.count / 4 + 8)
    let splitter = PieceSplitter(text: base, end: text.count, pages: pages, classes: classes)
    var start = 0
    while start < text.count {
      let end = splitter.endOfPiece(from: start)
      let token = pieces.find(base + start, end - start)
      if token != noToken {
        tokens.append(TokenID(token))
      } else {
        merged.removeAll(keepingCapacity: true)
        merger.encode(base + start, end - start, into: &merged)
        for token in merged { tokens.append(TokenID(token)) }
      }
      start = end
    }
  }
}

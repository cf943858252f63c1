/// The inner loop of encoding: cut off a piece, look it up, or else merge its bytes.
///
/// It reads the vocabulary and the text through pointers: both outlive it.
struct TextEncoder {
  /// Tokens gathered before they are appended to the result.
  private static let bufferSize = 512
  /// A text shorter than this many bytes has too few pieces for a cache to pay.
  private static let cachedTextSize = 2048

  private let pieces: TokenTable.Pointers
  private let merger: BytePairMerger
  private let buffer = Table<TokenID>(repeating: 0, count: bufferSize + BytePairMerger.shortPiece)
  private var cache: PieceCache?

  init(_ vocabulary: Vocabulary) {
    pieces = TokenTable.Pointers(vocabulary.tables.pieces)
    merger = BytePairMerger(vocabulary.tables.merges, byteTokens: vocabulary.tables.byteTokens)
  }

  /// Appends the tokens of `text`, which is valid UTF-8.
  mutating func encode(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [TokenID]) {
    guard let base = text.baseAddress, !text.isEmpty else { return }
    if cache == nil, text.count >= Self.cachedTextSize { cache = PieceCache() }
    let cache = cache
    let end = text.count
    let splitter = PieceSplitter(base, count: end)
    let output = buffer.base
    var count = 0
    var start = 0
    while start < end {
      let pieceEnd = splitter.endOfPiece(from: start)
      let piece = Piece(base + start, length: pieceEnd &- start, available: end &- start)
      start = pieceEnd
      if case let token = pieces.find(piece), token != noToken {
        output[count] = TokenID(token)
        count &+= 1
      } else if let cache, case let found = cache.find(piece, output + count), found > 0 {
        count &+= found
      } else if piece.length <= BytePairMerger.shortPiece {
        let made = merger.encodeShort(piece.bytes, piece.length, output + count)
        cache?.insert(piece, output + count, count: made)
        count &+= made
      } else {
        tokens.append(contentsOf: UnsafeBufferPointer(start: output, count: count))
        count = 0
        merger.encodeLong(piece.bytes, piece.length, into: &tokens)
      }
      if count >= Self.bufferSize {
        tokens.append(contentsOf: UnsafeBufferPointer(start: output, count: count))
        count = 0
      }
    }
    tokens.append(contentsOf: UnsafeBufferPointer(start: output, count: count))
  }
}

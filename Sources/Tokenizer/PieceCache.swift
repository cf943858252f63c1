/// The pieces of a text that were merged last, and what they became.
///
/// Of the pieces that are no token, two thirds came before in the same text. One place for each hash finds
/// nearly all of them. The cache points to where a piece was in the text: the text outlives it.
struct PieceCache {
  private static let placeCount = 1 << 11
  private static let tokenLimit = 8

  private struct Entry: BitwiseCopyable {
    var key: UInt64 = 0
    var bytes: UnsafePointer<UInt8>?
    /// Zero marks a free place.
    var length: UInt32 = 0
    var tokenCount: UInt32 = 0
  }

  private let entries = Table(repeating: Entry(), count: placeCount)
  /// `[placeCount, tokenLimit]`
  private let tokens = Table<UInt32>(repeating: 0, count: placeCount * tokenLimit)

  @inline(__always)
  private static func place(of piece: Piece) -> Int {
    Int(truncatingIfNeeded: piece.hash >> 40) & (placeCount &- 1)
  }

  /// Writes the tokens of a piece that is in the cache.
  ///
  /// - Returns: how many they are; 0 if the piece is not in the cache.
  @inline(__always)
  func find(_ piece: Piece, _ output: UnsafeMutablePointer<TokenID>) -> Int {
    let place = Self.place(of: piece)
    let entry = entries.base[place]
    guard entry.key == piece.key, Int(entry.length) == piece.length, let bytes = entry.bytes,
      piece.length <= 8 || piece.equals(bytes)
    else { return 0 }
    let kept = tokens.base + place &* Self.tokenLimit
    for index in 0..<Int(entry.tokenCount) { output[index] = TokenID(kept[index]) }
    return Int(entry.tokenCount)
  }

  /// Keeps the tokens of a piece of up to 64 bytes, unless they are many.
  func insert(_ piece: Piece, _ output: UnsafeMutablePointer<TokenID>, count: Int) {
    guard count <= Self.tokenLimit else { return }
    let place = Self.place(of: piece)
    entries.base[place] = Entry(
      key: piece.key, bytes: piece.bytes, length: UInt32(piece.length), tokenCount: UInt32(count))
    let kept = tokens.base + place &* Self.tokenLimit
    for index in 0..<count { kept[index] = UInt32(truncatingIfNeeded: output[index]) }
  }
}

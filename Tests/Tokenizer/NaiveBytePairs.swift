/// Byte-pair encoding word for word as it is defined, to compare the fast one with.
enum NaiveBytePairs {
  /// tiktoken's: a piece that is a token is that token; else the pair whose bytes together are the token of
  /// lowest id merges, the leftmost first.
  static func encode(_ piece: [UInt8], ids: [[UInt8]: Int]) -> [Int] {
    if let id = ids[piece] { return [id] }
    let parts = merge(piece.map { [$0] }) { ids[$0 + $1] }
    return parts.compactMap { ids[$0] }
  }

  /// Hugging Face's and llama.cpp's: the pair of lowest place in the list merges, the leftmost first.
  static func encode(_ piece: [UInt8], ids: [[UInt8]: Int], merges: [([UInt8], [UInt8])]) -> [Int] {
    var ranks: [[[UInt8]]: Int] = [:]
    for (rank, merge) in merges.enumerated() { ranks[[merge.0, merge.1]] = rank }
    let parts = merge(piece.map { [$0] }) { ranks[[$0, $1]] }
    return parts.compactMap { ids[$0] }
  }

  private static func merge(
    _ parts: [[UInt8]], rank: (_ left: [UInt8], _ right: [UInt8]) -> Int?
  ) -> [[UInt8]] {
    var parts = parts
    while true {
      var best: (rank: Int, at: Int)?
      for at in 0..<max(parts.count - 1, 0) {
        if let rank = rank(parts[at], parts[at + 1]), rank < best?.rank ?? Int.max { best = (rank, at) }
      }
      guard let best else { return parts }
      parts.replaceSubrange(best.at...(best.at + 1), with: [parts[best.at] + parts[best.at + 1]])
    }
  }
}

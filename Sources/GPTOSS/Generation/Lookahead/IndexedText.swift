import GPTOSSTokenizer

/// The tokens so far, and where each run of three occurred before.
package struct IndexedText {
  /// Fewer tokens that agree say nothing.
  package static let shortest = 3
  /// More make no difference.
  package static let longest = 32
  /// The places that are compared, the latest first: a run may have occurred anywhere.
  private static let mostCandidates = 8

  package private(set) var tokens: [TokenID] = []
  /// The position behind the last occurrence of a run of three tokens.
  private var latest: [UInt64: Int32] = [:]
  /// `[position]`: the position behind the occurrence before; -1 if there is none.
  private var earlier: [Int32] = []

  package init(_ tokens: [TokenID]) {
    self.tokens.reserveCapacity(tokens.count)
    earlier.reserveCapacity(tokens.count)
    for token in tokens { append(token) }
  }

  package mutating func append(_ token: TokenID) {
    tokens.append(token)
    guard let key else {
      earlier.append(-1)
      return
    }
    earlier.append(latest.updateValue(Int32(tokens.count), forKey: key) ?? -1)
  }

  /// Of the latest places behind the last three tokens the one with the most tokens before it that are also the
  /// last ones, the latest of equals; nil if there is none. At most ``longest`` are counted.
  package func longestMatch() -> (next: Int, length: Int)? {
    var best: (next: Int, length: Int)?
    var place = earlier.last.map(Int.init) ?? -1
    for _ in 0..<Self.mostCandidates where place >= 0 {
      let length = commonLength(before: place)
      if length >= Self.shortest, length > best?.length ?? 0 { best = (place, length) }
      place = Int(earlier[place - 1])
    }
    return best
  }

  /// The last three tokens as a number. That others may have the same does no harm: places are compared.
  private var key: UInt64? {
    guard tokens.count >= Self.shortest else { return nil }
    return tokens.suffix(Self.shortest).reduce(0 as UInt64) { $0 << 21 ^ UInt64(truncatingIfNeeded: $1) }
  }

  /// How many tokens before a place are the same as the last ones.
  private func commonLength(before place: Int) -> Int {
    var length = 0
    while length < min(Self.longest, place), tokens[place - 1 - length] == tokens[tokens.count - 1 - length] {
      length += 1
    }
    return length
  }
}

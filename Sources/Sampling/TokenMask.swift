/// The set of tokens that may come next, one bit per token.
///
/// Bit `token % 64` of word `token / 64` says whether a token is allowed; a mask over the 201,088 tokens of
/// gpt-oss is 25 KB.
public struct TokenMask: Sendable, Equatable {
  /// The number of tokens that the mask speaks about.
  public let count: Int
  /// The bits, `(count + 63) / 64` words; bits past `count` are 0.
  public private(set) var words: [UInt64]

  /// A mask that allows every token, or none.
  ///
  /// - Precondition: `count >= 0`.
  public init(count: Int, allowingAll: Bool = false) {
    self.init(words: [UInt64](repeating: allowingAll ? .max : 0, count: (count + 63) / 64), count: count)
  }

  /// A mask from its words.
  ///
  /// - Precondition: `words.count == (count + 63) / 64`.
  public init(words: [UInt64], count: Int) {
    precondition(count >= 0 && words.count == (count + 63) / 64, "a mask has one bit per token")
    self.words = words
    self.count = count
    // So that masks that allow the same are the same.
    if count % 64 > 0 { self.words[words.count - 1] &= (1 << UInt64(count % 64)) - 1 }
  }

  /// Whether a token may come next.
  ///
  /// - Precondition: `0 <= token < count`.
  public subscript(token: Int) -> Bool {
    get {
      precondition(token >= 0 && token < count)
      return words[token / 64] >> (token % 64) & 1 == 1
    }
    set {
      precondition(token >= 0 && token < count)
      let bit: UInt64 = 1 << (token % 64)
      if newValue { words[token / 64] |= bit } else { words[token / 64] &= ~bit }
    }
  }
}

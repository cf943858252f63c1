package import GPTOSSTokenizer

/// What counts as a generation that repeats itself without end.
///
/// Models fall into loops, most often at low temperatures. The last tokens are a loop when they repeat one
/// stretch of at most ``longestPeriod`` tokens at least ``repeats`` times, and have at least
/// ``minimumTokens`` tokens in all.
public struct LoopGuard: Sendable, Hashable {
  /// The longest stretch that is looked for, in tokens, at least 1.
  public var longestPeriod: Int
  /// How often a stretch stands in a row before it is a loop, at least 2.
  public var repeats: Int
  /// How many tokens the repeated stretches have together, at least 1. A short row of dashes is no loop yet.
  public var minimumTokens: Int

  /// A guard that lets tables, rulers and refrains pass.
  ///
  /// - Precondition: `longestPeriod >= 1`, `repeats >= 2`, `minimumTokens >= 1`.
  public init(longestPeriod: Int = 128, repeats: Int = 6, minimumTokens: Int = 192) {
    precondition(longestPeriod >= 1 && repeats >= 2 && minimumTokens >= 1)
    self.longestPeriod = longestPeriod
    self.repeats = repeats
    self.minimumTokens = minimumTokens
  }
}

/// Watches a generation for a loop: pure, one token at a time.
package struct LoopDetector: Sendable {
  private let limits: LoopGuard
  private var tokens: [TokenID] = []
  /// `matches[period - 1]` is how many of the last tokens each equal the token that stands `period` before
  /// it.
  private var matches: [Int]

  package init(_ limits: LoopGuard) {
    self.limits = limits
    matches = [Int](repeating: 0, count: limits.longestPeriod)
  }

  /// Takes a token.
  ///
  /// - Returns: whether the tokens up to here end in a loop.
  /// - Complexity: O(`longestPeriod`).
  package mutating func isLoop(after token: TokenID) -> Bool {
    var found = false
    for period in 1...limits.longestPeriod {
      guard period <= tokens.count else { break }
      let isMatch = tokens[tokens.count - period] == token
      matches[period - 1] = isMatch ? matches[period - 1] + 1 : 0
      let length = matches[period - 1] + period
      if isMatch, length >= period * limits.repeats, length >= limits.minimumTokens { found = true }
    }
    tokens.append(token)
    if tokens.count > 2 * limits.longestPeriod { tokens.removeFirst(tokens.count - limits.longestPeriod) }
    return found
  }
}

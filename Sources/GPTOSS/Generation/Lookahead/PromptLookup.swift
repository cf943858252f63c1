import GPTOSSTokenizer

/// Guesses what follows by what followed before: it looks for the longest end of the text that occurred
/// earlier.
///
/// Among places that are equally good the latest counts. Finding them costs a table of all runs of three
/// tokens.
///
/// Source: Saxena, "Prompt Lookup Decoding", 2023; Yang et al., "Inference with Reference", 2023.
package struct PromptLookup {
  /// An earlier place where the text went on.
  package struct Match: Equatable {
    /// The position of what followed there.
    package fileprivate(set) var next: Int
    /// How many tokens before it are the same as the last ones, at most ``longest``.
    package fileprivate(set) var length: Int
  }

  /// Fewer tokens that agree say nothing.
  package static let shortest = 3
  /// More make no difference.
  package static let longest = 32
  /// The places that are compared, the latest first: a run may have occurred anywhere.
  private static let mostCandidates = 8

  private var tokens: [TokenID] = []
  /// The position behind the last occurrence of a run of three tokens.
  private var latest: [UInt64: Int32] = [:]
  /// `[position]`: the position behind the occurrence before; -1 if there is none.
  private var earlier: [Int32] = []
  /// Where the text went on before; nil if its end is new.
  package private(set) var match: Match?

  /// A lookup in a text that begins with these tokens.
  package init(_ tokens: [TokenID]) {
    self.tokens.reserveCapacity(tokens.count)
    earlier.reserveCapacity(tokens.count)
    for token in tokens { add(token) }
    match = longestMatch()
  }

  /// Takes the next token of the text.
  package mutating func append(_ token: TokenID) {
    let isAsBefore = match.map { tokens[$0.next] == token } ?? false
    add(token)
    if isAsBefore, var match {
      match.next += 1
      match.length = min(match.length + 1, Self.longest)
      self.match = match
    } else {
      match = longestMatch()
    }
  }

  /// The token that the match says is next; nil without one.
  package var guess: TokenID? { match.map { tokens[$0.next] } }

  /// What followed the match, at most `limit` tokens. Where the text repeats itself, what was guessed is
  /// repeated, too.
  package func guesses(atMost limit: Int) -> [TokenID] {
    guard let match else { return [] }
    var guesses: [TokenID] = []
    while guesses.count < limit {
      let place = match.next + guesses.count
      guesses.append(place < tokens.count ? tokens[place] : guesses[place - tokens.count])
    }
    return guesses
  }

  private mutating func add(_ token: TokenID) {
    tokens.append(token)
    guard let key else {
      earlier.append(-1)
      return
    }
    earlier.append(latest.updateValue(Int32(tokens.count), forKey: key) ?? -1)
  }

  /// The last three tokens as a number. That others may have the same does no harm: places are compared.
  private var key: UInt64? {
    guard tokens.count >= Self.shortest else { return nil }
    return tokens.suffix(Self.shortest).reduce(0 as UInt64) { $0 << 21 ^ UInt64(truncatingIfNeeded: $1) }
  }

  private func longestMatch() -> Match? {
    var best: Match?
    var place = earlier.last.map(Int.init) ?? -1
    for _ in 0..<Self.mostCandidates where place >= 0 {
      let length = commonLength(before: place)
      if length >= Self.shortest, length > best?.length ?? 0 { best = Match(next: place, length: length) }
      place = Int(earlier[place - 1])
    }
    return best
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

import GPTOSSSampling
package import GPTOSSStructuredOutput
package import GPTOSSTokenizer

/// Numbers that depend on the seed alone (SplitMix64).
package struct RandomSource: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  package mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// A model without sense: each token is any of those that the constraint allows.
package struct RandomWalk {
  private var random: RandomSource
  private let vocabulary: Vocabulary

  package init(random: RandomSource, vocabulary: Vocabulary) {
    self.random = random
    self.vocabulary = vocabulary
  }

  /// The text of a walk of at most `limit` tokens, completed in the shortest way when it nears the limit.
  package mutating func text(_ start: TokenConstraint, limit: Int) throws -> (text: String, tokenCount: Int) {
    var constraint = start
    var tokens: [TokenID] = []
    while !constraint.isComplete {
      // A text that may end does so now and then.
      if constraint.canEnd, random.chance(30) { break }
      let allowed = allowedTokens(constraint)
      guard let token = allowed.randomElement(using: &random) else { break }
      var next = constraint
      try next.advance(token)
      guard next.completion().count <= limit - tokens.count - 1 else {
        for token in constraint.completion() {
          tokens.append(token)
          try constraint.advance(token)
        }
        break
      }
      tokens.append(token)
      constraint = next
    }
    guard constraint.canEnd else { throw WalkFault.incomplete(text(of: tokens)) }
    return (text(of: tokens), tokens.count)
  }

  package func text(of tokens: [TokenID]) -> String {
    String(decoding: tokens.flatMap { vocabulary.bytes(of: $0) ?? [] }, as: UTF8.self)
  }

  package func allowedTokens(_ constraint: TokenConstraint) -> [TokenID] {
    let mask = constraint.allowedTokens()
    return (0..<mask.count).filter { mask[$0] }
  }

  package enum WalkFault: Error { case incomplete(String) }
}

import Foundation
import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSTokenizer

/// Random walks through a constraint, every step timed.
struct Walk {
  let trie: TokenTrie
  var random: RandomNumbers
  private(set) var maskTimes: [Double] = []
  private(set) var advanceTimes: [Double] = []

  init(trie: TokenTrie, random: RandomNumbers) {
    self.trie = trie
    self.random = random
  }

  mutating func run(_ start: TokenConstraint, tokenLimit: Int) throws {
    let clock = ProcessorClock()
    var constraint = start
    for _ in 0..<tokenLimit where !constraint.isComplete {
      let beforeMask = clock.microseconds
      let mask = constraint.allowedTokens()
      maskTimes.append(clock.microseconds - beforeMask)
      guard let token = choose(from: mask) else { return }
      let beforeAdvance = clock.microseconds
      try constraint.advance(token)
      advanceTimes.append(clock.microseconds - beforeAdvance)
    }
  }

  /// Half of the time one of the short tokens with punctuation, so that strings end and the walk gets around.
  private mutating func choose(from mask: TokenMask) -> TokenID? {
    let allowed = (0..<mask.count).filter { mask[$0] }
    let punctuation = allowed.filter { token in
      let bytes = trie.vocabulary.bytes(of: token) ?? []
      return bytes.count <= 3 && bytes.contains { "\",}]".utf8.contains($0) }
    }
    let choices = Bool.random(using: &random) && !punctuation.isEmpty ? punctuation : allowed
    return choices.randomElement(using: &random)
  }
}

/// The time that this thread has computed for.
struct ProcessorClock {
  var microseconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
  }
}

/// SplitMix64.
struct RandomNumbers: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

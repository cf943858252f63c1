import GPTOSSSampling
import Testing

/// The order of the stages, ties, masks, seeds. If these fail, an option has another effect than documented.
struct SamplerTests {
  static func sampler(_ options: SamplingOptions, seed: UInt64 = 1) throws -> Sampler {
    try Sampler(options, seed: seed)
  }

  // MARK: Greedy

  static let greedy: [(logits: [Float], token: Int, reason: String)] = [
    ([3], 0, "one token"),
    ([1, 5, 2], 1, "the largest"),
    ([1, 5, 5, 5], 1, "the lowest id on a tie"),
    ([-3, -2, -2.5], 1, "negative logits"),
    ([.nan, 1, .nan, 2], 3, "NaN is never chosen"),
    ([-.infinity, -1e30, -.infinity], 1, "−∞ is never chosen"),
    ([1, .infinity, .infinity], 1, "+∞ is the largest, first of two"),
    ([.greatestFiniteMagnitude, .infinity], 0, "+∞ counts as the largest finite number"),
    ([Float](repeating: 0, count: 40), 0, "all equal, more than one group of lanes"),
    ([Float](repeating: 0, count: 40) + [1], 40, "the last one, past full groups"),
  ]

  @Test func masksThatAllowTheSameAreTheSame() {
    var mask = TokenMask(count: 67)
    for token in 0..<67 { mask[token] = true }
    #expect(mask == TokenMask(count: 67, allowingAll: true))
    #expect(TokenMask(words: [.max, .max], count: 64 + 3) == mask)
  }

  @Test(arguments: greedy)
  func temperatureZeroTakesTheBest(_ row: (logits: [Float], token: Int, reason: String)) throws {
    // Filters cannot drop the best token.
    for options in [
      SamplingOptions(temperature: 0), SamplingOptions(temperature: 0, topK: 1, topP: 0.1, minP: 0.9),
    ] {
      var sampler = try Self.sampler(options)
      #expect(try sampler.sample(row.logits.span) == row.token, "\(row.reason)")
    }
  }

  /// Each of these leaves the best token alone, so the draw has no choice.
  @Test(arguments: [
    SamplingOptions(topK: 1), SamplingOptions(topP: 0), SamplingOptions(minP: 1),
    SamplingOptions(temperature: .leastNonzeroMagnitude), SamplingOptions(temperature: 1e-6),
  ])
  func limitsLeaveTheBestToken(_ options: SamplingOptions) throws {
    let logits = (0..<1000).map { Float(($0 * 37) % 1000) * 0.01 }
    for seed in 0..<50 as Range<UInt64> {
      var sampler = try Self.sampler(options, seed: seed)
      #expect(try sampler.sample(logits.span) == 27, "37 · 27 = 999")
    }
  }

  @Test func topKOneTakesTheLowestOfEquals() throws {
    var sampler = try Self.sampler(SamplingOptions(temperature: 5, topK: 1))
    let logits: [Float] = [0, 2, 2, 2]
    for _ in 0..<20 { #expect(try sampler.sample(logits.span) == 1) }
  }

  // MARK: Nothing to choose from

  @Test(
    arguments: [[], [.nan], [-.infinity, -.infinity], [Float](repeating: .nan, count: 33)], [0, 1 as Float])
  func noCandidates(_ logits: [Float], temperature: Float) throws {
    var sampler = try Self.sampler(SamplingOptions(temperature: temperature, topK: 5, topP: 0.9, minP: 0.1))
    #expect(throws: SamplingError.noCandidates(vocabularySize: logits.count)) {
      try sampler.sample(logits.span)
    }
  }

  @Test func biasAndMaskMayForbidEverything() throws {
    let logits: [Float] = [1, 2]
    var biased = try Self.sampler(SamplingOptions(logitBias: [0: -.infinity, 1: -.infinity]))
    #expect(throws: SamplingError.noCandidates(vocabularySize: 2)) { try biased.sample(logits.span) }
    var masked = try Self.sampler(SamplingOptions())
    #expect(throws: SamplingError.noCandidates(vocabularySize: 2)) {
      try masked.sample(logits.span, allowed: TokenMask(count: 2))
    }
    #expect(try masked.sample(logits.span) < 2, "the sampler is usable after an error")
  }

  // MARK: Logit bias and mask

  @Test func biasMovesTheChoice() throws {
    var sampler = try Self.sampler(SamplingOptions(temperature: 0, logitBias: [2: 10, 0: -.infinity]))
    let logits: [Float] = [9, 3, 0, 1]
    #expect(try sampler.sample(logits.span) == 2)
  }

  @Test func biasPastTheVocabulary() throws {
    var sampler = try Self.sampler(SamplingOptions(logitBias: [4: 1]))
    let logits: [Float] = [9, 3, 0, 1]
    #expect(throws: SamplingError.biasedTokenOutOfRange(token: 4, vocabularySize: 4)) {
      try sampler.sample(logits.span)
    }
  }

  @Test func maskLeavesTheAllowedTokens() throws {
    let logits = (0..<200).map { Float(-$0) * 0.01 }
    var mask = TokenMask(count: 200)
    for token in [3, 64, 127, 199] { mask[token] = true }
    var greedy = try Self.sampler(SamplingOptions(temperature: 0))
    #expect(try greedy.sample(logits.span, allowed: mask) == 3)
    for options in [SamplingOptions(), SamplingOptions(topK: 40), SamplingOptions(topP: 0.999999)] {
      var sampler = try Self.sampler(options)
      var seen: Set<Int> = []
      for _ in 0..<200 { seen.insert(try sampler.sample(logits.span, allowed: mask)) }
      #expect(seen == [3, 64, 127, 199])
    }
  }

  @Test func maskStatesItsTokens() {
    var mask = TokenMask(count: 130, allowingAll: true)
    #expect((0..<130).allSatisfy { mask[$0] })
    mask[129] = false
    #expect(!mask[129] && mask[128])
    #expect(TokenMask(words: mask.words, count: 130) == mask)
  }

  // MARK: Seeds

  /// The tokens that a seed gives are part of the interface: a change here changes everyone's texts.
  ///
  /// Expected values: NumPy in double precision with the same random numbers, from the definitions.
  @Test func seedsAreStable() throws {
    let logits = (0..<500).map { Float(($0 * 7919) % 500) * 0.02 }
    for (options, expected) in [
      (SamplingOptions(), Self.plainTokens),
      (SamplingOptions(temperature: 0.7, topK: 50, topP: 0.9, minP: 0.05), Self.filteredTokens),
    ] {
      var sampler = try Self.sampler(options, seed: 2026)
      #expect(try (0..<10).map { _ in try sampler.sample(logits.span) } == expected)
    }
  }

  static let plainTokens = [217, 315, 360, 433, 20, 458, 409, 453, 420, 242]
  static let filteredTokens = [235, 315, 377, 451, 25, 463, 420, 457, 420, 247]

  @Test func oneRandomNumberPerDraw() throws {
    let (flat, single): ([Float], [Float]) = ([Float](repeating: 0, count: 1000), [5])
    var skipping = try Self.sampler(SamplingOptions())
    var plain = try Self.sampler(SamplingOptions())
    #expect(try skipping.sample(single.span) == 0)
    _ = try plain.sample(flat.span)
    #expect(try skipping.sample(flat.span) == plain.sample(flat.span))
  }

  @Test func copiesGoTheSameWay() throws {
    let logits = [Float](repeating: 0, count: 1000)
    var original = try Self.sampler(SamplingOptions(presencePenalty: 3))
    for _ in 0..<5 { original.accept(try original.sample(logits.span)) }
    var copy = original
    for _ in 0..<20 {
      let token = try original.sample(logits.span)
      #expect(try copy.sample(logits.span) == token)
      original.accept(token)
      copy.accept(token)
    }
  }
}

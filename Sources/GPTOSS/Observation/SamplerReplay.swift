package import GPTOSSSampling
package import GPTOSSTokenizer

/// Chooses the tokens of an answer again, from the same logits with the same random numbers, to tell how.
///
/// A token that was forced had no draw (``GenerationJob``). Here it is drawn, as the only one that its mask
/// allows, which takes one random number and so leaves those after it as they were.
package struct SamplerReplay {
  private static let followedCount = 10

  private var sampler: Sampler
  private var constraint: (any TokenConstraining)?
  private var loop: LoopDetector?
  private let maximumTokens: Int?
  private let contextLength: Int
  private var count = 0
  /// Whether all tokens so far were chosen as they were the first time.
  private var isExact = true

  /// - Parameters:
  ///   - prompt: the tokens before the answer.
  ///   - options: those of the answer, with its seed.
  ///   - constraint: a fresh one, as the answer was held to; nil for none.
  package init(
    prompt: [TokenID], _ options: GenerationOptions, constraint: (any TokenConstraining)?, contextLength: Int
  ) throws(GPTOSSError) {
    do throws(SamplingError) { sampler = try Sampler(options.sampling) } catch { throw .sampling(error) }
    sampler.acceptPrompt(prompt)
    self.constraint = constraint
    loop = options.loopGuard.map(LoopDetector.init)
    maximumTokens = options.maximumTokens
    self.contextLength = contextLength
  }

  /// How a token was chosen; nil once the answer went another way, because it was given with other options.
  ///
  /// - Parameter position: the token's in the sequence.
  package mutating func steps(to token: TokenID, at position: Int, _ logits: Span<Float>) -> SamplingSteps? {
    guard isExact else { return nil }
    let remaining = min(maximumTokens.map { $0 - count } ?? .max, contextLength - position + 1)
    do {
      let allowed = try constraint?.allowedTokens(remaining: remaining)
      let steps = try sampler.sampleStepwise(logits, allowed: allowed, following: Self.followedCount)
      let taken = try constraint?.take(steps.chosen, remaining: remaining) ?? steps.chosen
      guard taken == token else {
        isExact = false
        return nil
      }
      sampler.accept(token)
      count += 1
      if loop?.isLoop(after: token) == true { _ = constraint?.leaveLoop() }
      return steps
    } catch {
      // The constraint does not know this answer.
      isExact = false
      return nil
    }
  }
}

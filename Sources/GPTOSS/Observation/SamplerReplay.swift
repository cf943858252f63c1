import GPTOSSSampling
import GPTOSSTokenizer

/// Chooses the tokens of an answer again, from the same logits with the same random numbers, to tell how.
struct SamplerReplay {
  private static let followedCount = 10

  private var sampler: Sampler
  private var constraint: (any TokenConstraining)?
  private let maximumTokens: Int?
  private let contextLength: Int
  private var count = 0
  /// Whether all tokens so far were chosen as they were the first time.
  private(set) var isExact = true

  /// - Parameters:
  ///   - prompt: the tokens before the answer.
  ///   - options: those of the answer, with its seed.
  ///   - constraint: a fresh one, as the answer was held to; nil for none.
  init(
    prompt: [TokenID], _ options: SamplingOptions, constraint: (any TokenConstraining)?, maximumTokens: Int?,
    contextLength: Int
  ) throws(GPTOSSError) {
    do throws(SamplingError) { sampler = try Sampler(options) } catch { throw .sampling(error) }
    sampler.acceptPrompt(prompt)
    self.constraint = constraint
    self.maximumTokens = maximumTokens
    self.contextLength = contextLength
  }

  /// How a token was chosen; nil once the answer went another way: where a loop was left, or the options were others.
  ///
  /// - Parameter position: the token's in the sequence.
  mutating func steps(to token: TokenID, at position: Int, _ logits: Span<Float>) -> SamplingSteps? {
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
      return steps
    } catch {
      // The constraint does not know this answer.
      isExact = false
      return nil
    }
  }
}

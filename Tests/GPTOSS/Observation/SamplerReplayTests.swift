import GPTOSS
import GPTOSSSampling
import GPTOSSTokenizer
import Testing

/// Answers that are sampled again. If these fail, a trace stops telling how tokens were chosen, or tells it
/// wrongly.
struct SamplerReplayTests {
  /// A text that repeated itself and went on with something else is told to its end.
  @Test func aLoopIsLeftAsItWas() throws {
    let options = GenerationOptions(
      temperature: 0, loopGuard: LoopGuard(longestPeriod: 1, repeats: 3, minimumTokens: 3))
    var replay = try SamplerReplay(prompt: [0], options, constraint: Rules(), contextLength: 100)
    for (index, token) in [2, 2, 2, 1, 1].enumerated() {
      let steps = replay.steps(to: token, at: 1 + index, Self.logits.span)
      #expect(steps?.chosen == token, "token \(index)")
    }
  }

  /// A token that was forced had no draw; those after it have the same random numbers.
  @Test(arguments: [0, 1] as [Float])
  func whatWasForcedTakesOneNumber(temperature: Float) throws {
    var options = GenerationOptions(temperature: temperature, seed: 9, loopGuard: nil)
    options.repetitionPenalty = 1.5
    var sampler = try Sampler(options.sampling)
    sampler.acceptPrompt([0])
    var replay = try SamplerReplay(prompt: [0], options, constraint: Rules(first: 3), contextLength: 100)
    sampler.skip()
    sampler.accept(3)
    #expect(replay.steps(to: 3, at: 1, Self.logits.span)?.steps.first == .init(stage: .mask, remaining: 1))
    for position in 2..<40 {
      let token = try sampler.sample(Self.logits.span)
      sampler.accept(token)
      #expect(replay.steps(to: token, at: position, Self.logits.span)?.chosen == token)
    }
  }

  /// Once the answer went another way, nothing is told that is not so.
  @Test func anotherAnswerIsNotTold() throws {
    var replay = try SamplerReplay(
      prompt: [0], GenerationOptions(temperature: 0), constraint: nil, contextLength: 100)
    #expect(replay.steps(to: 2, at: 1, Self.logits.span)?.chosen == 2)
    #expect(replay.steps(to: 0, at: 2, Self.logits.span) == nil)
    #expect(replay.steps(to: 2, at: 3, Self.logits.span) == nil)
  }

  private static let logits: [Float] = [0.5, 1, 2, -1]
}

/// Rules that may force the first token, and allow token 1 alone once a loop was left.
private struct Rules: TokenConstraining {
  var first: TokenID?
  private var hasLeftLoop = false

  init(first: TokenID? = nil) { self.first = first }

  mutating func allowedTokens(remaining: Int) throws(GPTOSSError) -> TokenMask? {
    guard let token = try forcedToken(remaining: remaining) else { return nil }
    var mask = TokenMask(count: 4)
    mask[token] = true
    return mask
  }

  mutating func forcedToken(remaining: Int) throws(GPTOSSError) -> TokenID? { hasLeftLoop ? 1 : first }

  mutating func take(_ token: TokenID, remaining: Int) throws(GPTOSSError) -> TokenID {
    first = nil
    return token
  }

  mutating func leaveLoop() -> Bool {
    hasLeftLoop = true
    return true
  }

  var cutShort: StopReason? { nil }
}

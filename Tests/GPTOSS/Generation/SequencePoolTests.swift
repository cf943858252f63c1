import GPTOSS
import GPTOSSTokenizer
import Testing

/// What a model remembers of earlier prompts: how much of a prompt is not read again, and that the text is
/// the same.
struct SequencePoolTests {
  private static let options = GenerationOptions(
    temperature: 0, maximumTokens: 12, stopTokens: [], loopGuard: nil,
    logProbabilities: 3)

  private struct Result: Equatable {
    var tokens: [GeneratedToken] = []
    var cachedTokens = 0
    /// What the first event told.
    var firstRead: Int?
  }

  private static func generate(
    _ model: LanguageModel, _ prompt: TokenizedPrompt, owner: ConversationIdentity? = nil
  ) async throws -> Result {
    let result = Box(Result())
    try await model.generate(
      GenerationRequest(prompt: prompt, options: options, owner: owner) { event in
        switch event {
        case .token(let token): result.change { $0.tokens.append(token) }
        case .finished(_, let statistics): result.change { $0.cachedTokens = statistics.cachedTokens }
        case .prompt(let read, _): result.change { $0.firstRead = $0.firstRead ?? read }
        }
        return nil
      })
    return result.value
  }

  private static func prompt(_ pieces: [Int]...) -> TokenizedPrompt {
    var prompt = TokenizedPrompt()
    for piece in pieces {
      prompt.append(piece)
      prompt.markCheckpoint()
    }
    return prompt
  }

  private static func tokens(_ count: Int, _ seed: Int) -> [Int] {
    (0..<count).map { ($0 * 7 + seed * 31) % 300 }
  }

  @Test func aPromptWithTheSameBeginningIsNotReadAgain() async throws {
    let model = try await RandomModel.load()
    let fresh = try await RandomModel.load(LoadOptions(threads: 2, cacheByteLimit: 0))
    // Longer than the sliding window and the batch, so that only snapshots lead back.
    let (head, first, second) = (Self.tokens(500, 1), Self.tokens(90, 2), Self.tokens(70, 3))
    let cases: [(TokenizedPrompt, cached: Int, String)] = [
      (Self.prompt(head, first), 0, "nothing is remembered yet"),
      (Self.prompt(head, second), 500, "the beginning is copied from the checkpoint"),
      (Self.prompt(head, first, second), 590, "the end of a prompt is a checkpoint"),
      (Self.prompt(head, first), 500, "all but the last token could be reused, from the nearest checkpoint"),
      (Self.prompt(Array(head[..<400]), second), 0, "400 is no checkpoint"),
    ]
    for (prompt, cached, reason) in cases {
      let result = try await Self.generate(model, prompt)
      #expect(result.cachedTokens == cached, "\(reason)")
      #expect(result.firstRead == cached, "it is told before anything is read: \(reason)")
      #expect(try await Self.generate(fresh, prompt).tokens == result.tokens, "to the bit: \(reason)")
    }
  }

  @Test func aConversationGoesOnInItsOwnSequence() async throws {
    let model = try await RandomModel.load()
    let fresh = try await RandomModel.load(LoadOptions(threads: 2, cacheByteLimit: 0))
    let owner = ConversationIdentity()
    let head = Self.tokens(450, 4)
    var prompt = Self.prompt(head)
    let first = try await Self.generate(model, prompt, owner: owner)
    prompt.append(first.tokens.map(\.id), isGenerated: true)
    prompt.append(Self.tokens(20, 5))
    let second = try await Self.generate(model, prompt, owner: owner)
    #expect(second.cachedTokens == 450 + 11, "all but the token that ended the answer")
    #expect(try await Self.generate(fresh, prompt).tokens == second.tokens)
  }

  @Test func aModelThatMayRememberNothingReadsEverything() async throws {
    let model = try await RandomModel.load(LoadOptions(threads: 2, cacheByteLimit: 0))
    let prompt = Self.prompt(Self.tokens(100, 6))
    for _ in 0..<2 { #expect(try await Self.generate(model, prompt).cachedTokens == 0) }
  }

  @Test func generationsSideBySideShareABeginning() async throws {
    let model = try await RandomModel.load()
    let fresh = try await RandomModel.load(LoadOptions(threads: 2, cacheByteLimit: 0))
    let head = Self.tokens(300, 7)
    _ = try await Self.generate(model, Self.prompt(head, [1]))
    let prompts = (0..<6).map { Self.prompt(head, Self.tokens(30 + 40 * $0, 8 + $0)) }
    let together = try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      for (index, prompt) in prompts.enumerated() {
        group.addTask { (index, try await Self.generate(model, prompt)) }
      }
      return try await group.reduce(into: [Int: Result]()) { $0[$1.0] = $1.1 }
    }
    for (index, prompt) in prompts.enumerated() {
      let result = try #require(together[index])
      #expect(result.cachedTokens == 300)
      #expect(
        try await Self.generate(fresh, prompt).tokens == result.tokens, "in a batch as alone, prompt \(index)"
      )
    }
  }
}

import GPTOSS
import GPTOSSHarmony
import Testing

/// In which words a miss of the cache explains itself.
struct PromptDifferenceTests {
  private static let messages = [
    Message.system(SystemContent(reasoningEffort: .high, conversationStartDate: "2026-11-29")),
    Message.developer(
      DeveloperContent(
        instructions: "Be brief.\nCurrent date: none\n\nAnd kind.",
        functions: [ToolDescription(name: "lookup", description: "Looks up.")])),
    Message(.user, "Hello"),
  ]

  @Test(
    arguments: [
      ("You are", "the system message"), ("Knowledge", "the knowledge cutoff in the system message"),
      ("2024", "the knowledge cutoff in the system message"), ("2026", "the date in the system message"),
      ("high", "the reasoning effort in the system message"),
      ("Channel must", "the channels in the system message"),
      ("commentary channel", "the channels in the system message"),
      ("Be brief", "the instructions in the developer message"),
      ("none", "the instructions in the developer message"),
      ("And kind", "the instructions in the developer message"),
      ("Looks up", "the tools in the developer message"),
      ("lookup", "the tools in the developer message"), ("Hello", "message 3, role user"),
    ])
  func placesHaveNames(_ text: String, _ expected: String) async throws {
    let model = try await RandomModel.load()
    let entries = Self.messages.map(Transcript.Entry.init)
    let prompt = try model.prompt(
      for: ModelRequest(entries: entries, options: ResponseOptions()), opensAnswer: true)
    // The vocabulary has a token for each byte and few others: places in the text are found by its bytes.
    var bytes: [UInt8] = []
    let starts = prompt.tokens.map { token in
      defer { bytes += model.tokenizer.vocabulary.bytes(of: token) ?? [] }
      return bytes.count
    }
    let pattern = Array(text.utf8)
    let offset = try #require(bytes.indices.first { bytes[$0...].starts(with: pattern) })
    let position = try #require(starts.lastIndex { $0 <= offset })
    #expect(prompt.place(of: position, model.tokenizer.vocabulary) == expected)
  }

  @Test func theOpeningAndPlainTextAreNoMessages() async throws {
    let model = try await RandomModel.load()
    let request = ModelRequest(
      entries: Self.messages.map(Transcript.Entry.init), options: ResponseOptions())
    let prompt = try model.prompt(for: request, opensAnswer: true)
    let vocabulary = model.tokenizer.vocabulary
    #expect(prompt.place(of: prompt.tokens.count - 1, vocabulary) == "the opening of the answer")
    var plain = TokenizedPrompt()
    plain.append([1, 2, 3])
    #expect(plain.place(of: 1, vocabulary) == nil)
  }

  @Test func itIsALine() {
    var statistics = GenerationStatistics(
      promptTokens: 9_000, cachedTokens: 4_096, stopReason: .stopToken, seed: 1)
    #expect(statistics.cacheMiss == nil)
    statistics.difference = PromptDifference(position: 4_096, place: "the date in the system message")
    #expect(
      statistics.cacheMiss
        == "4,096 of 9,000 tokens reused; token 4,097 differs: the date in the system message")
    statistics.difference = PromptDifference(position: 1_234_566, isOtherPrecision: true)
    #expect(
      statistics.cacheMiss
        == "4,096 of 9,000 tokens reused; token 1,234,567 was read in another precision")
    statistics.cachedTokens = 0
    statistics.promptTokens = 999
    statistics.difference = PromptDifference(position: 70)
    #expect(statistics.cacheMiss == "0 of 999 tokens reused; token 71 differs")
  }
}

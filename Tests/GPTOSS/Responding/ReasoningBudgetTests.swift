import GPTOSS
import GPTOSSHarmony
import GPTOSSTokenizer
import Testing

/// Reasoning ends when its budget is spent, and the answer follows.
///
/// Breaks when a model reasons for longer than it may, or what ends the reasoning is not well-formed.
struct ReasoningBudgetTests {
  @Test(
    arguments: [
      ("none", .tokens(0)), ("0", .tokens(0)), ("200", .tokens(200)), ("30s", .time(.seconds(30))),
      ("1.5s", .time(.milliseconds(1500))), ("0s", .time(.zero)), ("", nil), ("s", nil), ("-1", nil),
      ("-1s", nil), ("nans", nil), ("infs", nil), ("1e300s", nil), ("2m", nil), ("99999999999999999999", nil),
    ] as [(String, ReasoningBudget?)])
  func reads(_ text: String, _ budget: ReasoningBudget?) {
    #expect(ReasoningBudget(text) == budget)
  }

  /// The tokens of reasoning in what a model wrote after `<|start|>assistant`.
  private static func reasoningCount(_ tokens: [TokenID], _ model: LanguageModel) throws -> Int {
    var (count, header): (Int, [TokenID]?) = (0, [])
    for token in tokens {
      switch model.tokenizer.vocabulary.specialTokenText(token) {
      case "<|message|>":
        let text = try model.tokenizer.decode(header ?? [])
        header = text.contains("analysis") ? nil : []
      case .some: header = []
      case nil: if header == nil { count += 1 } else { header?.append(token) }
      }
    }
    return count
  }

  private static func respond(
    _ model: LanguageModel, _ budget: ReasoningBudget?, seed: UInt64, _ developer: DeveloperContent = .init()
  ) async throws -> Response {
    try await model.respond(
      to: Conversation([.system(SystemContent()), .developer(developer), Message(.user, "Go on")]),
      options: ResponseOptions(seed: seed, maximumTokens: 60, loopGuard: nil, reasoningBudget: budget)
    ).last().response
  }

  @Test(arguments: [0, 1, 7, 30]) func tokensAreALimit(limit: Int) async throws {
    let model = try await RandomModel.load()
    let tools = DeveloperContent(functions: [ToolDescription(name: "time", description: "")])
    var longest = 0
    for seed in 0..<12 as Range<UInt64> {
      for developer in [DeveloperContent(), tools] {
        let response = try await Self.respond(model, .tokens(limit), seed: seed, developer)
        let count = try Self.reasoningCount(response.tokens, model)
        #expect(count <= limit && response.repairs.isEmpty, "seed \(seed)")
        #expect(response.messages.contains { $0.purpose != .reasoning }, "seed \(seed): nothing follows")
        if limit == 0 { #expect(response.reasoning.isEmpty) }
        longest = max(longest, count)
      }
    }
    #expect(longest == limit, "a random model does not end its reasoning by itself")
  }

  /// Time passes with every token: after one, next to no time is over.
  @Test func timeIsALimit() async throws {
    let model = try await RandomModel.load()
    for seed in 0..<8 as Range<UInt64> {
      let none = try await Self.respond(model, .time(.zero), seed: seed)
      #expect(none.reasoning.isEmpty)
      let short = try await Self.respond(model, .time(.nanoseconds(1)), seed: seed)
      #expect(try Self.reasoningCount(short.tokens, model) <= 1)
      // A limit that is not reached changes nothing.
      let long = try await Self.respond(model, .time(.seconds(1000)), seed: seed)
      #expect(long.tokens == (try await Self.respond(model, nil, seed: seed)).tokens)
    }
  }

  private struct Echo: Tool {
    struct Arguments: Decodable { var text: String }
    let description = "Repeats a text."
    func call(arguments: Arguments) async throws -> String { arguments.text }
  }

  /// Breaks when every round of tools has the whole budget again.
  @Test func roundsShareTheBudget() async throws {
    for seed in 0..<6 as Range<UInt64> {
      let (model, _) = try await ScriptedModel.load([
        Output.call("echo", #"{"text":"1"}"#, analysis: "one two three")
      ])
      let first = try Self.reasoningCount(
        model.tokenizer.encode(
          Output.answer("", analysis: "one two three"), specialTokens: .allowAll),
        model)
      let session = ChatSession(model: model, tools: [Echo()])
      let options = ActOptions(
        seed: seed, maximumTokens: 160, loopGuard: nil, reasoningBudget: .tokens(first + 3), maximumRounds: 2)
      let response = try await session.respond(to: "Go", options: options)
      #expect(response.rounds == 2)
      #expect(try Self.reasoningCount(response.tokens, model) <= first + 3, "seed \(seed)")
    }
  }
}

extension ResponseEvent {
  /// The answer, of the last event.
  fileprivate var response: Response {
    guard case .finished(let response) = self else { preconditionFailure("the last event has the answer") }
    return response
  }
}

import GPTOSS
import GPTOSSHarmony
import GPTOSSSampling
import GPTOSSTokenizer
import Testing

/// Answers from tokens: what the model writes becomes events and messages.
struct ResponseTests {
  @Test func aTurnWithReasoningACallAndText() async throws {
    let reader = try await Reader()
    let (events, response) = try reader.read(
      "<|channel|>analysis<|message|>I need the weather.<|end|>"
        + "<|start|>assistant<|channel|>commentary<|message|>Let me look.<|end|>"
        + "<|start|>assistant<|channel|>commentary to=functions.weather <|constrain|>json<|message|>{\"city\":\"Oslo\"}<|call|>",
      tools: ["functions.weather"])
    #expect(events.reasoning == "I need the weather.")
    #expect(events.text == "Let me look.")
    #expect(events.calls.map(\.recipient) == ["functions.weather"])
    #expect(events.calls.map(\.content) == [#"{"city":"Oslo"}"#])
    #expect(response.messages.compactMap(\.message.toolCall) == events.calls)
    #expect(
      response.messages.map(\.message.text) == ["I need the weather.", "Let me look.", #"{"city":"Oslo"}"#])
    #expect(response.repairs.isEmpty)
  }

  /// Breaks when a conversation that comes as tokens is read in another way than the session's own: then
  /// neither its cache nor its numbers are the same.
  @Test func aPromptThatWasRenderedElsewhereIsTheSame() async throws {
    let (model, _) = try await ScriptedModel.load([Output.answer("Yes.", analysis: "Hm.")])
    let session = ChatSession(model: model)
    _ = try await session.respond(to: "Hello")
    session.append("Why?")
    let own = try session.prompt(Toolbox(), ResponseOptions())
    let encoding = try HarmonyEncoding(tokenizer: model.tokenizer)
    #expect(own.generated.count == 2 && encoding.prompt(rendered: own.tokens) == own)
  }

  @Test func unfinishedOutputKeepsItsText() async throws {
    let reader = try await Reader()
    let (events, response) = try reader.read("<|channel|>final<|message|>Half an ans")
    #expect(events.text == "Half an ans" && response.messages.map(\.message.text) == ["Half an ans"])
  }

  @Test func malformedOutputIsRepairedNotLost() async throws {
    let reader = try await Reader()
    let (events, response) = try reader.read(
      "<|channel|>final<|channel|>final<|message|>Still here.<|return|>")
    #expect(events.text == "Still here." && response.messages.map(\.message.text) == ["Still here."])
    #expect(!response.repairs.isEmpty)
  }

  @Test func aModelAnswersAConversation() async throws {
    let model = try await RandomModel.load()
    let conversation = Conversation([.system(SystemContent()), Message(.user, "Hello")])
    let options = ResponseOptions(seed: 1, maximumTokens: 25)
    var finished: Response?
    for try await event in model.respond(to: conversation, options: options) {
      if case .finished(let response) = event { finished = response }
    }
    let statistics = try #require(finished).statistics
    let encoding = try HarmonyEncoding(tokenizer: model.tokenizer)
    #expect(try statistics.promptTokens == encoding.renderForCompletion(conversation).count)
    #expect(try statistics.promptTokens == model.promptTokenCount(of: conversation))
    #expect(statistics.generatedTokens <= 25)
  }

  private struct Reader {
    let encoding: HarmonyEncoding

    init() async throws {
      encoding = try HarmonyEncoding(tokenizer: await RandomModel.load().tokenizer)
    }

    func read(_ text: String, tools: [String] = []) throws -> ([ResponseEvent], WrittenRound) {
      var reader = ResponseReader(encoding, tools: tools)
      var events = encoding.tokenizer.encode(text, specialTokens: .allowAll).flatMap {
        reader.read(.token(GeneratedToken(id: $0, text: ""))).0
      }
      events += reader.read(.finished(text: "", GenerationStatistics(stopReason: .stopToken, seed: 0))).0
      return (events, reader.written())
    }
  }
}

extension [ResponseEvent] {
  fileprivate var text: String { compactMap { if case .text(let text) = $0 { text } else { nil } }.joined() }
  fileprivate var reasoning: String {
    compactMap { if case .reasoning(let text) = $0 { text } else { nil } }.joined()
  }
  fileprivate var calls: [ToolCall] {
    compactMap { if case .toolCall(_, let call) = $0 { call } else { nil } }
  }
}

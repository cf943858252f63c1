import GPTOSS
import GPTOSSHarmony
import GPTOSSKernels
import GPTOSSTokenizer
import Testing

/// A turn reads only what is new, and comes to the same values as if it had read everything.
struct CacheReuseTests {
  private static let long = String(repeating: "It was a dark and stormy night. ", count: 60)

  /// Lets the random weights write on, in the session and in a model that remembers nothing. Both write the
  /// same, to the bit.
  private func expectSameAsFullPrefill(
    _ session: ChatSession, _ precision: Precision, _ reason: Comment
  ) async throws {
    let fresh = try await RandomModel.load(LoadOptions(precision: precision, threads: 2, cacheByteLimit: 0))
    let options = GenerationOptions(
      temperature: 0, maximumTokens: 8, stopTokens: [], loopGuard: nil,
      logProbabilities: 4)
    let prompt = try session.prompt(try Toolbox(session.tools), ResponseOptions(maximumTokens: 8))
    func tokens(_ model: LanguageModel) async throws -> [GeneratedToken] {
      let tokens = Box<[GeneratedToken]>([])
      try await model.generate(
        GenerationRequest(prompt: prompt, options: options) { event in
          if case .token(let token) = event { tokens.change { $0.append(token) } }
          return nil
        })
      return tokens.value
    }
    let remembered = try await tokens(try #require(session.model as? LanguageModel))
    #expect(try await tokens(fresh) == remembered, reason)
  }

  @Test(arguments: Precision.allCases)
  func aSecondTurnReadsTheAnswerAndTheNewMessage(precision: Precision) async throws {
    let (model, _) = try await ScriptedModel.load(
      [
        Output.answer("A fine night.", analysis: "Some thought that is dropped later."),
        Output.answer("Yes."),
      ],
      precision: precision)
    let encoding = try model.harmony()
    let session = ChatSession(model: model, instructions: "Be brief.")
    let first = try await session.respond(to: Self.long)
    #expect(first.statistics.promptTokens > 1000 && first.statistics.cachedTokens == 0)
    let second = try await session.respond(to: "Is it?")
    // From the assistant's opening on: the answer without its reasoning, the message, the next opening.
    let answer = Message(.assistant, "A fine night.", channel: .final)
    let new = try encoding.render(answer).count + encoding.render(Message(.user, "Is it?")).count
    #expect(second.statistics.cachedTokens >= first.statistics.promptTokens)
    #expect(second.statistics.promptTokens - second.statistics.cachedTokens <= new)
    #expect(second.statistics.promptTokens == first.statistics.promptTokens + new)
    session.append("And now?")
    try await expectSameAsFullPrefill(session, precision, "after dropped reasoning")
  }

  @Test(arguments: Precision.allCases)
  func afterACallOnlyTheResultIsRead(precision: Precision) async throws {
    let (model, _) = try await ScriptedModel.load(
      [Output.call("echo", #"{"text":"hey"}"#, analysis: "I call."), Output.answer("Hey.")],
      precision: precision)
    let encoding = try model.harmony()
    let session = ChatSession(model: model, tools: [Echo()])
    var rounds: [GenerationStatistics] = []
    for try await event in session.streamResponse(to: Self.long) {
      if case .roundFinished(_, let statistics) = event { rounds.append(statistics) }
    }
    let result = try encoding.render(.toolResult("hey", from: "functions.echo")).count
    #expect(rounds.count == 2)
    // The arguments' last token, and the one that had to end the call behind it, are not read before.
    #expect(rounds[1].cachedTokens == rounds[0].promptTokens + rounds[0].generatedTokens - 2)
    // Beside them the result, and the opening.
    #expect(rounds[1].promptTokens - rounds[1].cachedTokens == 2 + result + encoding.assistantOpening.count)
    session.append("Goodbye")
    try await expectSameAsFullPrefill(session, precision, "after a call")
  }

  @Test func withoutReasoningNothingIsReadTwice() async throws {
    let (model, _) = try await ScriptedModel.load([Output.answer("Hello."), Output.answer("Bye.")])
    let session = ChatSession(model: model)
    let first = try await session.respond(to: Self.long)
    let second = try await session.respond(to: "Bye")
    // The token that ended the answer is another one in the history.
    #expect(
      second.statistics.cachedTokens == first.statistics.promptTokens + first.statistics.generatedTokens - 1)
  }

  @Test(arguments: Precision.allCases)
  func goingBackUsesTheNearestPoint(precision: Precision) async throws {
    let (model, script) = try await ScriptedModel.load(
      ["One.", "Two.", "Three."].map { Output.answer($0) }, precision: precision)
    let session = ChatSession(model: model)
    let first = try await session.respond(to: Self.long)
    let before = session.transcript
    for text in ["Second", "Third"] { _ = try await session.respond(to: text + Self.long) }
    session.transcript = before
    script.append(Output.answer("Another."))
    let again = try await session.respond(to: "Something else")
    #expect(again.statistics.cachedTokens >= first.statistics.promptTokens)
    #expect(again.text == "Another.")
    session.append("More")
    try await expectSameAsFullPrefill(session, precision, "after going back")
  }

  @Test func anAnswerThatComesAsTextIsReadLikeAPrompt() async throws {
    let (model, _) = try await ScriptedModel.load(
      [Output.answer("Hello."), Output.answer("Bye.")], precision: .fast)
    let session = ChatSession(model: model)
    let first = try await session.respond(to: Self.long)
    let other = ChatSession(model: model, transcript: Transcript(session.transcript.messages))
    let second = try await other.respond(to: "Bye")
    // What is remembered of the answer and its opening was read more finely.
    let opening = try model.harmony().assistantOpening.count
    #expect(second.statistics.cachedTokens == first.statistics.promptTokens - opening)
  }

  @Test func generatedTokensAreNeverMadeFromTextAgain() async throws {
    // Spelled letter by letter, as no tokenizer would.
    let (model, _) = try await ScriptedModel.load([])
    let tokenizer = model.tokenizer
    let encoding = try model.harmony()
    let letters = "Hello".flatMap { tokenizer.encode(String($0)) }
    #expect(letters != tokenizer.encode("Hello"))
    let session = ChatSession(model: model, transcript: Transcript([Message(.user, "Hi")]))
    let head = tokenizer.encode("<|start|>assistant<|channel|>final<|message|>", specialTokens: .allowAll)
    let tokens = head + letters + [encoding.token(of: .end)]
    session.append(
      [WrittenMessage(message: Message(.assistant, "Hello", channel: .final), tokens: tokens)],
      in: session.epoch)
    session.append("Next")
    let prompt = try session.prompt(Toolbox(), ResponseOptions())
    let position = try #require(prompt.tokens.indices.first { prompt.tokens[$0...].starts(with: tokens) })
    let opening = prompt.tokens.count - encoding.assistantOpening.count..<prompt.tokens.count
    #expect(prompt.generated == [position..<position + tokens.count, opening])
  }
}

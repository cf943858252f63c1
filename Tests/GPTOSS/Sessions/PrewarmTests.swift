import GPTOSS
import GPTOSSHarmony
import Testing

/// Reading ahead, and what a conversation takes of the context.
struct PrewarmTests {
  private static let long = String(repeating: "You are brief. ", count: 100)

  @Test func theFirstAnswerReadsItsMessageAlone() async throws {
    let (model, script) = try await ScriptedModel.load([])
    let session = ChatSession(model: model, instructions: Self.long, tools: [Echo()])
    try await session.prewarm()
    script.append(Output.answer("Hi."))
    #expect(session.transcript.messages.isEmpty && !session.isResponding)
    let before = try session.contextUsage().tokenCount
    let statistics = try await session.respond(to: "Hello").statistics
    #expect(before > 300 && statistics.cachedTokens == before, "instructions and tools were read ahead")
    let encoding = try model.harmony()
    let message = try encoding.render(Message(.user, "Hello")).count + encoding.assistantOpening.count
    #expect(statistics.promptTokens - statistics.cachedTokens == message)
  }

  @Test func whatWasSaidIsReadAheadWithoutItsReasoning() async throws {
    let (model, script) = try await ScriptedModel.load([])
    let session = ChatSession(
      model: model,
      transcript: Transcript([
        Message(.user, Self.long), Message(.assistant, "Hm.", channel: .analysis),
        Message(.assistant, "Hello!", channel: .final),
      ]))
    try await session.prewarm()
    let before = try session.contextUsage().tokenCount
    script.append(Output.answer("Bye."))
    #expect(try await session.respond(to: "Bye").statistics.cachedTokens == before)
  }

  @Test func aMessageThatComesMeanwhileIsAnswered() async throws {
    // Reading ahead asks for a script, too, and writes nothing of it.
    let (model, _) = try await ScriptedModel.load([Output.answer("Hi."), Output.answer("Hi.")])
    let session = ChatSession(model: model, instructions: Self.long)
    async let reading: Void = session.prewarm()
    #expect(try await session.respond(to: "Hello").text == "Hi.")
    try await reading
  }

  @Test func readingAheadCanBeStopped() async throws {
    let (model, script) = try await ScriptedModel.load([], largestBatch: 1)
    let session = ChatSession(model: model, instructions: String(repeating: Self.long, count: 20))
    let task = Task { try await session.prewarm() }
    for _ in 0..<100 { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    script.append(Output.answer("Hi."))
    #expect(try await session.respond(to: "Hello").text == "Hi.")
  }

  @Test func theContextFillsUp() async throws {
    let (model, script) = try await ScriptedModel.load([], contextLength: 1024)
    let session = ChatSession(model: model, overflow: .dropOldestTurns)
    var usage = try session.contextUsage()
    #expect(usage.tokenCount > 0 && usage.contextLength == 1024 && usage.omittedTurnCount == 0)
    for turn in 0..<8 {
      script.append(Output.answer("Answer \(turn).", analysis: "Some thought."))
      let response = try await session.respond(to: String(repeating: "words and words ", count: 10))
      let now = try session.contextUsage()
      // Against the prompt: the answer is new, its opening and the reasoning are no part of either.
      let encoding = try model.harmony()
      let answer = try encoding.render(Message(.assistant, "Answer \(turn).", channel: .final)).count
      #expect(now.tokenCount == response.statistics.promptTokens - encoding.assistantOpening.count + answer)
      usage = now
    }
    #expect(usage.omittedTurnCount > 0 && usage.tokenCount < 1024 && usage.share < 1)
  }
}

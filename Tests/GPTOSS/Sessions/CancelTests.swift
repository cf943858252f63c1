import GPTOSS
import GPTOSSHarmony
import Testing

/// Stopping an answer from outside the loop that reads it.
struct CancelTests {
  private static let long = String(repeating: "It was a dark and stormy night. ", count: 60)
  private static let endless = Output.answer(String(repeating: "and so on ", count: 20_000))

  /// What a program's top-level code does: the loop is left, and the iterator stays.
  @Test func anAnswerWhoseIteratorIsKeptIsStopped() async throws {
    let (model, script) = try await ScriptedModel.load([Self.endless])
    let session = ChatSession(model: model, instructions: "Be brief.")
    let options = ActOptions(loopGuard: nil)
    var iterator = session.streamResponse(to: Self.long, options: options).makeAsyncIterator()
    var (promptTokens, seen) = (0, "")
    while let event = try await iterator.next() {
      if case .prompt(_, let total) = event { promptTokens = total }
      if case .text(let text) = event { seen += text }
      if seen.count > 30 { break }
    }
    #expect(session.isResponding, "the loop was left, but its iterator lives")
    session.cancel()
    #expect(!session.isResponding)
    script.append(Output.answer("Yes."))
    let next = try await session.respond(to: "Still there?")
    #expect(next.text == "Yes.")
    #expect(next.statistics.cachedTokens >= promptTokens, "what was read before is not read again")
    let messages = session.transcript.messages
    #expect(messages.map(\.author.role) == [.user, .assistant, .user, .assistant])
    #expect(messages[1].text.hasPrefix(seen) && messages[1].text.count < 100_000, "it stopped soon")
    await #expect(throws: CancellationError.self) { while try await iterator.next() != nil {} }
  }

  @Test func aCancelledPromptIsNotReadAgain() async throws {
    let (model, script) = try await ScriptedModel.load([], largestBatch: 16)
    let session = ChatSession(model: model)
    var iterator = session.streamResponse(to: Self.long).makeAsyncIterator()
    var read = 0
    while read < 64, case .some(let event) = try await iterator.next() {
      if case .prompt(let count, _) = event { read = count }
    }
    session.cancel()
    await session.settle()
    #expect(session.transcript.messages.first?.text == Self.long)
    script.append(Output.answer("Hi."))
    let response = try await session.respond(to: "Hello")
    #expect(response.statistics.cachedTokens >= 64)
  }

  @Test func aToolIsStopped() async throws {
    let (model, script) = try await ScriptedModel.load([Output.call("sleep", "{}")])
    let session = ChatSession(model: model, tools: [Sleep()])
    for try await event in session.streamResponse(to: "Sleep") {
      if case .toolCall = event { break }
    }
    session.cancel()
    await session.settle()
    let result = try #require(session.transcript.messages.last)
    #expect(result.author.role == .tool && result.text.contains("stopped"), "no call stays without a result")
    script.append(Output.answer("Awake."))
    #expect(try await session.respond(to: "Hello").text == "Awake.")
  }

  @Test func whoWaitsForTheWholeAnswerGetsAnError() async throws {
    let (model, _) = try await ScriptedModel.load([Self.endless])
    let session = ChatSession(model: model)
    let task = Task { try await session.respond(to: "Talk", options: ActOptions(loopGuard: nil)) }
    while session.transcript.messages.isEmpty { await Task.yield() }
    session.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(session.transcript.messages.first?.text == "Talk", "what is kept is there when the error comes")
  }

  @Test func withoutAnAnswerThereIsNothingToDo() async throws {
    let (model, _) = try await ScriptedModel.load([Output.answer("Hi.")])
    let session = ChatSession(model: model)
    session.cancel()
    #expect(try await session.respond(to: "Hello").text == "Hi.")
    session.cancel()
    #expect(session.transcript.messages.count == 2)
  }

  private struct Sleep: Tool {
    struct Arguments: Decodable {}
    let description = "Sleeps for a minute."
    func call(arguments: Arguments) async throws -> String {
      try await Task.sleep(for: .seconds(60))
      return "slept"
    }
  }
}

import GPTOSS
import GPTOSSHarmony
import GPTOSSTokenizer
import Testing

struct ChatSessionTests {
  @Test func aTurnIsToldAsItHappens() async throws {
    let (model, _) = try await ScriptedModel.load([
      Output.call("echo", #"{"text":"hey"}"#, analysis: "I call echo."),
      Output.answer("It says hey.", analysis: "Done."),
    ])
    let session = ChatSession(model: model, instructions: "Be brief.", tools: [Echo()])
    var log: [String] = []
    for try await event in session.streamResponse(to: "Echo hey") {
      switch event {
      case .roundStarted(let round): log.append("round \(round)")
      case .prompt(let read, let total): if read == total { log.append("prompt") }
      case .reasoning(let text): log.append("r:\(text)")
      case .text(let text): log.append("t:\(text)")
      case .token: Issue.record("log-probabilities were not asked for")
      case .toolCallStarted(let index, let name): log.append("start \(index) \(name)")
      case .toolCallArguments(let index, let text): log.append("a\(index):\(text)")
      case .toolCall(let index, let call): log.append("call \(index) \(call.content)")
      case .toolResult(let result): log.append("result \(result.index) \(result.text) \(result.isError)")
      case .roundFinished(let round, let statistics): log.append("end \(round) \(statistics.stopReason)")
      case .finished(let response):
        log.append("finished \(response.rounds)")
        #expect(response.text == "It says hey." && response.reasoning == "I call echo.\nDone.")
        #expect(response.messages.count == 5 && response.toolCalls.count == 1)
      }
    }
    #expect(
      joined(log) == [
        "round 0", "prompt", "r:I call echo.", "start 0 functions.echo", #"a0:{"text":"hey"}"#,
        #"call 0 {"text":"hey"}"#, "end 0 stopToken", "result 0 hey false", "round 1", "prompt", "r:Done.",
        "t:It says hey.", "end 1 stopToken", "finished 2",
      ])
    #expect(
      session.transcript.messages.map(\.author.role) == [
        .user, .assistant, .assistant, .tool, .assistant, .assistant,
      ])
    #expect(!session.isResponding)
  }

  /// Neighboring pieces of one kind, joined: tokens are no matter here.
  private func joined(_ log: [String]) -> [String] {
    var result: [String] = []
    for entry in log {
      if let kind = entry.firstIndex(of: ":").map({ entry[...$0] }), kind.count <= 3, let last = result.last,
        last.hasPrefix(kind)
      {
        result[result.count - 1] = last + entry.dropFirst(kind.count)
      } else {
        result.append(entry)
      }
    }
    return result
  }

  @Test func aSecondRequestAtTheSameTimeIsRefused() async throws {
    let model = try await RandomModel.load()
    let session = ChatSession(model: model)
    let options = ActOptions(maximumTokens: 4000, loopGuard: nil)
    var iterator = session.streamResponse(to: "One", options: options).makeAsyncIterator()
    _ = try await iterator.next()
    #expect(session.isResponding)
    await #expect(throws: GPTOSSError.self) { _ = try await session.respond(to: "Two") }
    #expect(
      session.transcript.messages.map(\.text) == ["One"], "the refused message is no part of the conversation"
    )
  }

  @Test func whoSeesTheEndMayAskTheNextThing() async throws {
    let session = ChatSession(model: try await RandomModel.load())
    let options = ActOptions(maximumTokens: 1)
    for _ in 0..<50 {
      for try await event in session.streamResponse(to: "Hello", options: options) {
        if case .finished = event { #expect(!session.isResponding) }
      }
      session.reset()
    }
  }

  @Test func ofACancelledAnswerWhatWasSaidStays() async throws {
    let (model, script) = try await ScriptedModel.load([
      Output.answer(String(repeating: "and so on ", count: 200), analysis: "Long.")
    ])
    let session = ChatSession(model: model)
    var seen = ""
    for try await event in session.streamResponse(to: "Talk") {
      if case .text(let text) = event { seen += text }
      if seen.count > 30 { break }
    }
    await session.settle()
    let last = try #require(session.transcript.entries.last)
    #expect(last.message.channel == .final && last.message.text.hasPrefix(seen))
    #expect(last.message.text.count < 1500, "it stopped soon")
    script.append(Output.answer("Yes."))
    #expect(try await session.respond(to: "Still there?").text == "Yes.")
    #expect(session.transcript.messages.filter { $0.author.role == .user }.count == 2)
  }

  @Test func cancellingWhileThePromptIsReadLeavesTheSessionUsable() async throws {
    let (model, script) = try await ScriptedModel.load([])
    let session = ChatSession(model: model)
    let long = String(repeating: "a long message ", count: 2000)
    let task = Task { try await session.respond(to: long) }
    while !session.isResponding { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    session.reset()
    script.append(Output.answer("Hi."))
    #expect(try await session.respond(to: "Hello").text == "Hi.")
  }

  /// The session is set while the model stands still, in the middle of an answer that nobody waits for any
  /// more.
  @Test(arguments: [Transcript(), Transcript([Message(.user, "Elsewhere")])])
  func whatWasStoppedIsNoPartOfATranscriptThatIsSetThereafter(_ transcript: Transcript) async throws {
    let (model, script) = try await ScriptedModel.load([
      Output.answer(String(repeating: "and so on ", count: 5000))
    ])
    let session = ChatSession(model: model)
    let endless = ActOptions(loopGuard: nil)
    var iterator: EventStream<ResponseEvent>.AsyncIterator?
    iterator = session.streamResponse(to: "Talk", options: endless).makeAsyncIterator()
    while let event = try await iterator?.next() {
      if case .text = event { break }
    }
    await script.whileHalted(model) {
      #expect(session.isResponding, "the answer is under way")
      iterator = nil
      #expect(!session.isResponding, "nobody waits for it")
      // This one waits for the first to end, and is cancelled before it begins.
      _ = session.streamResponse(to: "Never said")
      session.transcript = transcript
    }
    await session.settle()
    #expect(session.transcript == transcript)
    script.append(Output.answer("Hi."))
    #expect(try await session.respond(to: "Hello").text == "Hi.")
    #expect(session.transcript.messages.map(\.text) == transcript.messages.map(\.text) + ["Hello", "Hi."])
  }

  @Test func resultsOfToolsAreNoPartOfATranscriptThatIsSetMeanwhile() async throws {
    let (model, _) = try await ScriptedModel.load([
      Output.call("forget", "{}"), Output.answer("It is not asked for this."),
    ])
    let forget = Forget()
    let session = ChatSession(model: model, tools: [forget])
    forget.session.change { $0 = session }
    defer { forget.session.change { $0 = nil } }
    await #expect(throws: CancellationError.self) { _ = try await session.respond(to: "Forget it") }
    #expect(session.transcript.messages.isEmpty)
  }

  @Test func theSameTextComesOutOfTheSameSeed() async throws {
    let model = try await RandomModel.load()
    let options = ActOptions(seed: 5, maximumTokens: 60)
    let first = try await ChatSession(model: model).respond(to: "Hello", options: options)
    let second = try await ChatSession(model: model).respond(to: "Hello", options: options)
    #expect(first.tokens == second.tokens)
  }

  @Test func anUnloadedModelEndsTheAnswer() async throws {
    let model = try await RandomModel.load()
    let session = ChatSession(model: model)
    await #expect(throws: GPTOSSError.self) {
      for try await event in session.streamResponse(to: "Hello") {
        if case .prompt = event { await model.unload() }
      }
    }
  }

  @Test func anAnswerCanBeAValue() async throws {
    struct Recipe: Decodable { var title: String; var minutes: Int }
    let (model, script) = try await ScriptedModel.load([
      Output.answer(#"{"title": "Pancakes", "minutes": 20}"#)
    ])
    let session = ChatSession(model: model)
    let recipe = try await session.respond(to: "A recipe", generating: Recipe.self).value
    #expect(recipe.title == "Pancakes" && recipe.minutes == 20)
    script.append(Output.answer(#"["a", "b"]"#))
    let list = try await session.respond(
      to: "A list", schema: ["type": "array", "items": ["type": "string"]]
    ).value
    #expect(list == ["a", "b"])
  }
}

/// Says what it is told.
struct Echo: Tool {
  struct Arguments: Decodable { var text: String }
  let description = "Says it back."
  func call(arguments: Arguments) async throws -> String { arguments.text }
}

/// Resets the session that calls it.
private struct Forget: Tool {
  struct Arguments: Decodable {}
  let session = Box<ChatSession?>(nil)
  let description = "Forgets the conversation."
  func call(arguments: Arguments) async throws -> String {
    session.value?.reset()
    return "Forgotten."
  }
}

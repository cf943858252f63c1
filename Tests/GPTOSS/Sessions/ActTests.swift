import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSSampling
import Testing

/// Rounds of tools: failures, limits, order, cancellation.
struct ActTests {
  private struct Refusal: Error, CustomStringConvertible { var description: String { "the disk is full" } }

  private struct Refuse: Tool {
    struct Arguments: Decodable {}
    let description = "Always fails."
    func call(arguments: Arguments) async throws -> String { throw Refusal() }
  }

  private struct Wait: Tool {
    struct Arguments: Decodable { var milliseconds: Int }
    let description = "Waits."
    let running: Box<Int>
    let most: Box<Int>
    func call(arguments: Arguments) async throws -> String {
      running.change { $0 += 1 }
      let now = running.value
      most.change { $0 = max($0, now) }
      defer { running.change { $0 -= 1 } }
      try await Task.sleep(for: .milliseconds(arguments.milliseconds))
      return "waited \(arguments.milliseconds)"
    }
  }

  @Test func aToolThatFailsIsToldToTheModel() async throws {
    let (model, script) = try await ScriptedModel.load([
      Output.call("refuse", "{}"), Output.answer("It failed."),
    ])
    let session = ChatSession(model: model, tools: [Refuse()])
    let response = try await session.respond(to: "Try")
    let result = try #require(response.messages.first { $0.author.role == .tool })
    #expect(result.text.contains("the disk is full") && result.author.name == "functions.refuse")
    #expect(response.text == "It failed.")

    script.append(Output.call("refuse", "{}"))
    script.append(Output.answer("Fine."))
    let replaced = try await session.respond(
      to: "Try",
      options: ActOptions { failure, call in
        guard case .failed(let tool, let error) = failure else { throw failure }
        return "\(tool) \(call.recipient) \(error is Refusal)"
      })
    #expect(replaced.messages.contains { $0.text == "refuse functions.refuse true" })

    script.append(Output.call("refuse", "{}"))
    await #expect(throws: ToolFailure.self) {
      _ = try await session.respond(to: "Try", options: ActOptions { failure, _ in throw failure })
    }
    #expect(session.transcript.messages.last?.author.role == .tool, "no call stays without a result")
  }

  /// With stop tokens of one's own the output is not held to the format, and the model may call anything.
  @Test(arguments: [
    (#"<|channel|>commentary to=functions.nothing <|constrain|>json<|message|>{}<|call|>"#, "echo"),
    (#"<|channel|>commentary to=functions.echo <|constrain|>json<|message|>{"txt":"a"}<|call|>"#, "text"),
    (#"<|channel|>commentary to=functions.echo <|constrain|>json<|message|>not JSON<|call|>"#, "JSON"),
  ])
  func callsThatCannotBeCarriedOutAreToldToTheModel(output: String, hint: String) async throws {
    let (model, _) = try await ScriptedModel.load([output, Output.answer("Sorry.")])
    let session = ChatSession(model: model, tools: [Echo()])
    let encoding = try model.harmony()
    let options = ActOptions(stopTokens: encoding.stopTokens)
    let response = try await session.respond(to: "Try", options: options)
    let result = try #require(response.messages.first { $0.author.role == .tool })
    #expect(result.text.hasPrefix("Error: ") && result.text.contains(hint), "\(result.text)")
    #expect(response.text == "Sorry.")
  }

  @Test func theLastRoundOffersNoTools() async throws {
    let (model, _) = try await ScriptedModel.load([
      Output.call("echo", #"{"text":"1"}"#), Output.call("echo", #"{"text":"2"}"#), Output.answer("Enough."),
    ])
    let session = ChatSession(model: model, tools: [Echo()])
    let response = try await session.respond(to: "Go", options: ActOptions(maximumRounds: 3))
    #expect(response.rounds == 3 && response.text == "Enough.")
    // A call in the last round is not well-formed.
    let (other, _) = try await ScriptedModel.load([Output.call("echo", #"{"text":"1"}"#)])
    await #expect(throws: GPTOSSError.self) {
      _ = try await ChatSession(model: other, tools: [Echo()]).respond(
        to: "Go", options: ActOptions(maximumRounds: 1))
    }
  }

  @Test func aModelThatCallsForeverComesToAnEnd() async throws {
    let calls = (1...30).map { Output.call("echo", #"{"text":"\#($0)"}"#) }
    let (model, _) = try await ScriptedModel.load(Array(calls.prefix(15)) + [Output.answer("Enough.")])
    let response = try await ChatSession(model: model, tools: [Echo()]).respond(to: "Go")
    #expect(response.rounds == 16 && response.text == "Enough.")
    // The sixteenth round offers no tools: a call in it is not well-formed.
    let (endless, _) = try await ScriptedModel.load(calls)
    await #expect(throws: GPTOSSError.self) {
      _ = try await ChatSession(model: endless, tools: [Echo()]).respond(to: "Go")
    }
    #expect(ActOptions(maximumRounds: nil).maximumRounds == nil)
  }

  /// The line of Docs/Sessions.md.
  @Test func optionsAreGivenInOneLine() async throws {
    let (model, _) = try await ScriptedModel.load([Output.answer("Hi.")])
    let (chat, input) = (ChatSession(model: model), "Hello")
    let answer = try await chat.respond(to: input, options: ActOptions(temperature: 0, maximumTokens: 300))
    #expect(answer.text == "Hi.")
  }

  /// Everything that an answer is told is one option among others, wherever it comes from.
  @Test func optionsAreFlat() {
    var options = ActOptions(
      temperature: 0.5, topK: 40, topP: 0.9, minP: 0.1, seed: 7, maximumTokens: 300, stopSequences: ["x"],
      logProbabilities: 2, toolChoice: .required, format: .jsonObject, history: .everything, maximumRounds: 4)
    #expect(options.temperature == 0.5 && options.topK == 40 && options.topP == 0.9 && options.minP == 0.1)
    #expect(options.seed == 7 && options.maximumTokens == 300 && options.stopSequences == ["x"])
    #expect(options.logProbabilities == 2 && options.toolChoice == .required && options.format == .jsonObject)
    options.temperature = 0
    options.repetitionPenalty = 1.1
    options.loopGuard = nil
    options.history = .currentTurn
    #expect(options.sampling.temperature == 0 && options.sampling.repetitionPenalty == 1.1)
    #expect(options.response.generation.loopGuard == nil && options.response.history == .currentTurn)
    options.sampling = SamplingOptions(topK: 3)
    #expect(options.temperature == nil && options.topK == 3)
  }

  private static let three = [30, 1, 15].enumerated().map { index, time in
    (index == 0 ? "" : "<|start|>assistant")
      + "<|channel|>commentary to=functions.wait <|constrain|>json<|message|>{\"milliseconds\":\(time)}"
      + (index == 2 ? "<|call|>" : "<|end|>")
  }.joined()

  @Test(arguments: [2, 3]) func resultsComeInTheOrderOfTheCalls(limit: Int) async throws {
    let (model, _) = try await ScriptedModel.load([Self.three, Output.answer("Done.")])
    let (running, most) = (Box(0), Box(0))
    let session = ChatSession(model: model, tools: [Wait(running: running, most: most)])
    let response = try await session.respond(to: "Wait", options: ActOptions(maximumParallelTools: limit))
    let results = response.messages.filter { $0.author.role == .tool }.map(\.text)
    #expect(results == ["waited 30", "waited 1", "waited 15"])
    #expect(most.value <= limit && most.value > 1)
    #expect(response.toolCalls.count == 3)
  }

  @Test func cancellationReachesARunningTool() async throws {
    let (model, script) = try await ScriptedModel.load([Output.call("wait", #"{"milliseconds":60000}"#)])
    let (running, most) = (Box(0), Box(0))
    let session = ChatSession(model: model, tools: [Wait(running: running, most: most)])
    let task = Task { try await session.respond(to: "Wait") }
    while running.value == 0 { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    #expect(running.value == 0)
    script.append(Output.answer("Here."))
    #expect(try await session.respond(to: "Hello?").text == "Here.")
  }

  @Test func actAnswersWhatWasAppended() async throws {
    let (model, _) = try await ScriptedModel.load([
      Output.call("echo", #"{"text":"hey"}"#), Output.answer("Hey."),
    ])
    let chat = ChatSession(model: model)
    chat.append("Echo hey")
    var text = ""
    for try await event in model.act(on: chat, tools: [Echo()]) {
      if case .text(let fragment) = event { text += fragment }
    }
    #expect(text == "Hey." && chat.transcript.messages.count == 4)
  }

  @Test func aConversationInWhichNothingWasSaidHasNoAnswer() async throws {
    let model = try await RandomModel.load()
    await #expect(throws: GPTOSSError.self) {
      for try await _ in model.act(on: ChatSession(model: model), tools: []) {}
    }
  }

  @Test func toolsThatCannotBeDeclaredAreAnError() async throws {
    let model = try await RandomModel.load()
    let session = ChatSession(model: model, tools: [Echo(), Echo()])
    await #expect(throws: GPTOSSError.self) { _ = try await session.respond(to: "Hi") }
    #expect(session.transcript.messages.isEmpty, "the message can be sent again")
  }

  @Test func textOfSeveralMessagesIsSeparated() async throws {
    let (model, _) = try await ScriptedModel.load([
      "<|channel|>commentary<|message|>Let me see.<|end|><|start|>assistant"
        + Output.call("echo", #"{"text":"a"}"#),
      Output.answer("It is a."),
    ])
    let session = ChatSession(model: model, tools: [Echo()])
    var seen = ""
    var text: String?
    for try await event in session.streamResponse(to: "Echo a") {
      if case .text(let fragment) = event { seen += fragment }
      if case .finished(let response) = event { text = response.text }
    }
    #expect(seen == "Let me see.\nIt is a." && text == seen)
  }
}

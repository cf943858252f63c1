import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import Synchronization
import Testing

/// A session needs nothing of a model but what the protocol has: this one is of another kind altogether.
struct ConversationModelTests {
  @Test func aSessionSpeaksWithAnyModel() async throws {
    let model = Script([.says("Hi", thinking: "A greeting."), .says("Well.")])
    let session = ChatSession(model: model, instructions: "Be brief.", reasoningEffort: .low)
    var text = ""
    for try await event in session.streamResponse(to: "Hello") {
      if case .text(let piece) = event { text += piece }
    }
    #expect(text == "Hi")
    #expect(try await session.respond(to: "How are you?").answer == "Well.")
    let roles = model.requests[1].entries.map(\.message.author.role)
    #expect(
      roles == [.system, .developer, .user, .assistant, .user], "reasoning of an earlier turn is left out")
    #expect(model.requests[0].conversation == model.requests[1].conversation)
    #expect(
      session.transcript.messages.map(\.text) == ["Hello", "A greeting.", "Hi", "How are you?", "Well."])
  }

  @Test func toolsAreCarriedOutForIt() async throws {
    let model = Script([
      .calls("echo", #"{"text":"a"}"#), .says("Done."),
    ])
    let session = ChatSession(model: model, tools: [Echo()])
    let response = try await session.respond(to: "Echo a")
    #expect(response.answer == "Done." && response.rounds == 2)
    #expect(model.requests[0].tools.map(\.recipient) == ["functions.echo"])
    #expect(model.requests[1].callCount == 1 && model.requests[1].entries.last?.message.author.role == .tool)
  }

  @Test func typedAnswersAreReadFromIt() async throws {
    let model = Script([.says(#"{"name":"Ada","born":1815}"#)])
    struct Person: Decodable, Sendable { var name: String, born: Int }
    let person = try await ChatSession(model: model).respond(to: "Who?", generating: Person.self).value
    #expect(person.name == "Ada" && person.born == 1815)
    guard case .schema = model.requests[0].options.format else {
      Issue.record("the request has no schema")
      return
    }
  }

  /// What an answer is held to stands in the instructions, for this answer alone.
  @Test func theModelReadsTheSchema() async throws {
    struct Person: Decodable, Sendable { var name: String }
    let answer = Script.Line.says(#"{"name":"Ada"}"#)
    let model = Script([answer, .says("Hello."), answer, answer, .says(#"[{"name":"Ada"}]"#)])
    let session = ChatSession(model: model, instructions: "Be brief.", tools: [Echo()])
    func instructions(_ round: Int) -> String? {
      model.requests[round].entries.lazy.compactMap { entry -> String? in
        guard case .developer(let content)? = entry.message.content.first else { return nil }
        return content.instructions
      }.first
    }
    _ = try await session.respond(to: "Who?", generating: Person.self)
    let schema = try JSONValue.schema(of: Person.self)
    let section = ResponseFormat.schema(schema).section(name: "Person")
    #expect(section == "# Response Formats\n\n## Person\n\n\(schema.text)")
    #expect(instructions(0) == "Be brief.\n\n" + (section ?? ""))
    _ = try await session.respond(to: "Thanks.")
    #expect(instructions(1) == "Be brief.", "the next answer is text")
    var options = ActOptions()
    options.showsSchema = false
    _ = try await session.respond(to: "Who?", generating: Person.self, options: options)
    #expect(instructions(2) == "Be brief.", "it need not be shown")
    _ = try await session.respond(to: "Who?", schema: schema)
    #expect(instructions(3)?.contains("## answer\n\n\(schema.text)") == true)
    session.instructions = nil
    session.tools = []
    _ = try await session.respond(to: "Who?", generating: [Person].self)
    #expect(instructions(4)?.hasPrefix("# Response Formats\n\n## answer\n") == true)
    #expect(ResponseFormat.text.section() == nil && ResponseFormat.jsonObject.section() == nil)
  }

  /// What is said before a call is no part of an answer that has to have a format.
  @Test func preamblesAreTextOnlyOfFreeAnswers() async throws {
    let model = Script(Array(repeating: .says("{}"), count: 4))
    let conversation = Conversation([Message(.user, "Who?")])
    for format in [ResponseFormat.text, .jsonObject] {
      for try await _ in model.respond(to: conversation, options: ResponseOptions(format: format)) {}
      _ = try await ChatSession(model: model).respond(to: "Who?", options: ActOptions(format: format))
    }
    #expect(model.requests.map(\.reportsPreambles) == [true, true, false, false])
  }

  /// Its own counts decide what is left out of a long conversation.
  @Test func oldTurnsAreLeftOutByItsCounts() async throws {
    let model = Script((0..<8).map { .says("answer \($0) " + String(repeating: "x", count: 100)) })
    let session = ChatSession(model: model, overflow: .dropOldestTurns)
    for turn in 0..<8 { _ = try await session.respond(to: "question \(turn)") }
    let seen = try #require(model.requests.last?.entries.map(\.message.text))
    #expect(!seen.contains("question 0") && seen.contains("question 7"))
    let usage = try session.contextUsage()
    #expect(usage.contextLength == Script.contextLength && usage.omittedTurnCount > 0)
    #expect(usage.tokenCount <= Script.contextLength)
    await #expect(throws: GPTOSSError.self) {
      _ = try await session.respond(to: String(repeating: "y", count: 1000))
    }
  }

  /// A transcript that brings its own instructions keeps them, however long the conversation gets.
  @Test(arguments: [ContextOverflow.dropOldestTurns, .truncateMiddle])
  func aTranscriptsOwnBeginningStays(overflow: ContextOverflow) async throws {
    let model = Script((0..<8).map { .says("answer \($0) " + String(repeating: "x", count: 100)) })
    let beginning = Transcript([
      .system(SystemContent()), .developer(DeveloperContent(instructions: "Be brief.")),
    ])
    let session = ChatSession(model: model, overflow: overflow, transcript: beginning)
    for turn in 0..<8 { _ = try await session.respond(to: "question \(turn)") }
    let seen = try #require(model.requests.last?.entries.map(\.message))
    #expect(seen.prefix(2).map(\.author.role) == [.system, .developer])
    #expect(seen.contains { $0.text == "question 0" } == (overflow == .truncateMiddle))
    #expect(seen.last?.text == "question 7" && !seen.contains { $0.text == "question 3" })
  }

  @Test func whatItWroteBeforeAnErrorIsKept() async throws {
    let model = Script([.breaksOff(after: "Half an ans"), .says("A whole one.")])
    let session = ChatSession(model: model)
    await #expect(throws: CancellationError.self) { _ = try await session.respond(to: "Hello") }
    #expect(session.transcript.messages.map(\.text) == ["Hello", "Half an ans"])
    #expect(try await session.respond(to: "Go on").answer == "A whole one.")
  }

  @Test func itsSessionsAreSavedAndEnded() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "gptoss-models-\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    let model = Script([.says("Hi"), .says("Still here.")])
    do {
      let session = ChatSession(model: model)
      try await session.prewarm()
      _ = try await session.respond(to: "Hello")
      try session.save(to: file)
    }
    #expect(model.forgotten == model.requests.first?.conversation, "a session that is gone is forgotten")
    let session = try ChatSession.load(from: file, model: model)
    #expect(try await session.respond(to: "And now?").answer == "Still here.")
    #expect(throws: GPTOSSError.self) { try ChatSession.load(from: file, model: Script([], name: "another")) }
  }
}

/// Writes what it is told to; a character counts as a token.
private final class Script: ConversationModel {
  enum Line {
    case says(String, thinking: String? = nil)
    case calls(String, String)
    case breaksOff(after: String)
  }

  private struct State {
    var lines: [Line]
    var requests: [ModelRequest] = []
    var forgotten: ConversationIdentity?
  }

  static let contextLength = 600

  let profile: ModelProfile
  private let state: Mutex<State>

  init(_ lines: [Line], name: String = "script") {
    profile = ModelProfile(name: name, fingerprint: name, contextLength: Self.contextLength)
    state = Mutex(State(lines: lines.reversed()))
  }

  var requests: [ModelRequest] { state.withLock(\.requests) }
  var forgotten: ConversationIdentity? { state.withLock(\.forgotten) }

  func measure(_ entries: inout [Transcript.Entry]) {
    for index in entries.indices { entries[index].tokenCount = entries[index].message.text.count }
  }

  func write(_ request: ModelRequest, to channel: ModelChannel) async throws {
    let line = state.withLock { state in
      state.requests.append(request)
      return state.lines.popLast()
    }
    switch line {
    case .says(let text, let thought):
      if let thought {
        channel.send(.reasoning(thought))
        channel.add(Message(.assistant, thought, channel: .analysis))
      }
      channel.send(.text(text))
      channel.add(Message(.assistant, text, channel: .final))
    case .calls(let name, let arguments):
      channel.add(
        Message(
          .assistant, arguments, channel: .commentary, recipient: "functions.\(name)", contentType: "json"))
    case .breaksOff(let text):
      channel.add(Message(.assistant, text, channel: .final))
      throw CancellationError()
    case nil: throw GPTOSSError.emptyPrompt
    }
  }

  func forget(_ conversation: ConversationIdentity) { state.withLock { $0.forgotten = conversation } }
}

import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import Testing

/// Whatever reports events ends in the same way: with the last one, or with an error, which is
/// `CancellationError` when it was stopped.
struct EventStreamTests {
  /// What a model can be asked for, each endless and each a stream of its own kind.
  enum Work: CaseIterable {
    case generation, response, sessionResponse, act, typedAnswer

    /// Reads until the model has begun to write, then calls `stop`, and reads on to the end.
    ///
    /// - Returns: whether the last event came.
    func run(_ model: LanguageModel, stop: (_ cancel: () -> Void) -> Void) async throws -> Bool {
      let session = ChatSession(model: model)
      let endless = ActOptions(temperature: 0, loopGuard: nil)
      switch self {
      case .generation:
        let options = GenerationOptions(temperature: 0, stopTokens: [], loopGuard: nil)
        let events = model.generate(from: [1], options: options)
        return try await read(events, stop: { stop(events.cancel) }) { event in
          switch event {
          case .prompt: .waiting
          case .token: .writing
          case .finished: .end
          }
        }
      case .response:
        let events = model.respond(
          to: Conversation([Message(.user, "Talk")]), options: ResponseOptions(loopGuard: nil))
        return try await read(events, stop: { stop(events.cancel) }, Self.progress)
      case .sessionResponse:
        let events = session.streamResponse(to: "Talk", options: endless)
        return try await read(events, stop: { stop(events.cancel) }, Self.progress)
      case .act:
        session.append("Talk")
        let events = model.act(on: session, tools: [], options: endless)
        return try await read(events, stop: { stop(session.cancel) }, Self.progress)
      case .typedAnswer:
        let events = session.streamResponse(
          to: "Talk", schema: ["type": "array", "items": ["type": "string"]], options: endless)
        return try await read(events, stop: { stop(events.cancel) }) { $0.response == nil ? .writing : .end }
      }
    }

    private enum Progress { case waiting, writing, end }

    private static func progress(_ event: ResponseEvent) -> Progress {
      switch event {
      case .text, .reasoning: .writing
      case .finished: .end
      default: .waiting
      }
    }

    private func read<Events: AsyncSequence>(
      _ events: Events, stop: () -> Void, _ progress: (Events.Element) -> Progress
    ) async throws -> Bool {
      var isStopped = false
      for try await event in events {
        switch progress(event) {
        case .waiting: break
        case .writing where !isStopped:
          stop()
          isStopped = true
        case .writing: break
        case .end: return true
        }
      }
      return false
    }
  }

  /// Long answers for every kind of work.
  private static func load(_ work: Work) async throws -> LanguageModel {
    let text = String(repeating: "and so on ", count: 20_000)
    let answer = work == .typedAnswer ? #"["\#(text)"]"# : text
    return try await ScriptedModel.load([Output.answer(answer)]).model
  }

  @Test(arguments: Work.allCases) func whatIsCancelledThrows(work: Work) async throws {
    let model = try await Self.load(work)
    await #expect(throws: CancellationError.self) { try await work.run(model) { cancel in cancel() } }
  }

  @Test(arguments: Work.allCases) func aCancelledTaskThrows(work: Work) async throws {
    let model = try await Self.load(work)
    let task = Task {
      try await work.run(model) { _ in withUnsafeCurrentTask { $0?.cancel() } }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func whatEndedIsOver() async throws {
    let events = EventStream { yield in
      yield(1)
      return 2
    }
    var iterator = events.makeAsyncIterator()
    #expect(try await iterator.next() == 1)
    #expect(try await iterator.next() == 2)
    #expect(try await iterator.next() == nil)
    events.cancel()
    #expect(try await iterator.next() == nil, "it had ended")
  }

  @Test func anErrorComesOnce() async throws {
    let events = EventStream<Int> { yield in
      yield(1)
      throw GPTOSSError.unloaded
    }
    var iterator = events.makeAsyncIterator()
    #expect(try await iterator.next() == 1)
    await #expect(throws: GPTOSSError.self) { try await iterator.next() }
    #expect(try await iterator.next() == nil)
  }

  @Test func whatWasWrittenBeforeTheEndStillComes() async throws {
    let events = EventStream<Int> { yield in
      yield(1)
      yield(2)
      try await Task.sleep(for: .seconds(60))
      return 3
    }
    var iterator = events.makeAsyncIterator()
    #expect(try await iterator.next() == 1)
    events.cancel()
    #expect(try await iterator.next() == 2)
    await #expect(throws: CancellationError.self) { try await iterator.next() }
  }

  @Test func workThatIsStoppedThrowsCancellationErrorWhateverItThrows() async throws {
    let events = EventStream<Int> { _ in
      do { try await Task.sleep(for: .seconds(60)) } catch { throw GPTOSSError.emptyPrompt }
      return 1
    }
    events.cancel()
    await #expect(throws: CancellationError.self) { for try await _ in events {} }
  }
}

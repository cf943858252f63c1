import GPTOSS
import GPTOSSTerminal

/// One message and its answer: shows what happens and asks what tools ask.
struct ChatTurn {
  /// How a turn ends.
  enum Outcome {
    case answered(Response)
    case stopped
  }

  private enum Occurrence: Sendable {
    case event(ResponseEvent)
    case question(Questions.Question)
    case ended((any Error)?)
  }

  let lines: any LineSource
  let questions: Questions
  let stopSwitch: StopSwitch

  /// Runs a turn to its end.
  ///
  /// - Parameter events: begins the answer; called when tools can ask.
  /// - Throws: what the session throws; `TerminalError` if the answer cannot be shown; `CancellationError`.
  func run(
    on screen: inout ChatScreen, events: () -> EventStream<ResponseEvent>
  ) async throws -> Outcome {
    let (occurrences, continuation) = AsyncStream.makeStream(of: Occurrence.self)
    questions.setReceiver { continuation.yield(.question($0)) }
    let events = events()
    let task = Task {
      do {
        for try await event in events { continuation.yield(.event(event)) }
        continuation.yield(.ended(nil))
      } catch {
        continuation.yield(.ended(error))
      }
      continuation.finish()
    }
    let stop: @Sendable () -> Void = { task.cancel() }
    stopSwitch.setAction(stop)
    var waiting: [Questions.Question] = []
    defer {
      stopSwitch.setAction(nil)
      questions.setReceiver(nil)
      task.cancel()
      waiting.forEach { $0.drop() }
    }

    var response: Response?
    var failure: (any Error)?
    for await occurrence in occurrences {
      switch occurrence {
      case .event(.finished(let finished)): response = finished
      case .event(let event): try screen.show(event)
      case .question(let question): waiting.append(question)
      case .ended(let error?) where !task.isCancelled && !(error is CancellationError): failure = error
      case .ended: break
      }
      // A question comes after the call that it is about.
      if screen.hasOpenCall, let question = waiting.first {
        if try await !ask(question, stop) { stop() }
        waiting.removeFirst()
      }
    }
    if Task.isCancelled {
      try screen.breakOff()
      throw CancellationError()
    }
    try screen.finish()
    if let failure { throw failure }
    return response.map { .answered($0) } ?? .stopped
  }

  /// Runs something that takes a while and may ask questions. Ctrl-C cancels its task.
  ///
  /// - Throws: `TerminalError` if a question cannot be asked; `CancellationError`.
  func attend<Result: Sendable>(_ work: @escaping @Sendable () async -> Result) async throws -> Result {
    let (occurrences, continuation) = AsyncStream.makeStream(of: Wait<Result>.self)
    questions.setReceiver { continuation.yield(.question($0)) }
    let task = Task { continuation.yield(.ended(await work())) }
    let stop: @Sendable () -> Void = { task.cancel() }
    stopSwitch.setAction(stop)
    defer {
      stopSwitch.setAction(nil)
      questions.setReceiver(nil)
      task.cancel()
    }
    for await occurrence in occurrences {
      switch occurrence {
      case .ended(let result): return result
      case .question(let question): if try await !ask(question, stop) { stop() }
      }
    }
    throw CancellationError()
  }

  private enum Wait<Result: Sendable>: Sendable {
    case question(Questions.Question)
    case ended(Result)
  }

  /// Asks a question; false if Ctrl-C was the answer.
  ///
  /// - Parameter stop: what Ctrl-C does otherwise.
  private func ask(
    _ question: Questions.Question, _ stop: @escaping @Sendable () -> Void
  ) async throws -> Bool {
    switch try await answer(to: question, stop) {
    case .interrupted:
      question.drop()
      return false
    case .text(let text): question.answer(text)
    case .end: question.answer("")
    }
    return true
  }

  /// What is answered. Ctrl-C is a key where lines are edited, and a signal elsewhere.
  private func answer(
    to question: Questions.Question, _ stop: @escaping @Sendable () -> Void
  ) async throws -> Line {
    let answer = Task { [lines] in try await lines.answer(to: question.text) }
    stopSwitch.setAction { answer.cancel() }
    defer { stopSwitch.setAction(stop) }
    do {
      return try await answer.wantedValue
    } catch is CancellationError where !Task.isCancelled {
      StandardError.write("\n")
      return .interrupted
    }
  }
}

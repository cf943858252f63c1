import GPTOSSHarmony
import Synchronization

/// One answer of a session: rounds of writing and of carrying out calls.
struct Turn {
  private let session: ChatSession
  /// The session's epoch when this answer was asked for: to a later one nothing is added.
  private let epoch: Int
  private let toolbox: Toolbox
  private let options: ActOptions
  private let reportsPreambles: Bool
  private let yield: @Sendable (ResponseEvent) -> Void
  private var answer: Response?
  private var callCount = 0

  /// - Throws: `GPTOSSError` for tools that cannot be declared.
  init(
    _ session: ChatSession, _ epoch: Int, tools: [any Tool]?, _ options: ActOptions, reportsPreambles: Bool,
    _ yield: @escaping @Sendable (ResponseEvent) -> Void
  ) throws(GPTOSSError) {
    self.session = session
    self.epoch = epoch
    toolbox = try Toolbox(tools ?? session.tools)
    self.options = options
    self.reportsPreambles = reportsPreambles
    self.yield = yield
  }

  mutating func run() async throws -> Response {
    var round = 0
    while true {
      try Task.checkCancellation()
      yield(.roundStarted(round))
      let written = try await write(round)
      add(written)
      yield(.roundFinished(round, written.statistics))
      let calls = written.messages.compactMap(\.message.toolCall)
      // A call that a limit cut off is none, and after a limit there is no room for another round.
      guard !calls.isEmpty, written.statistics.stopReason == .stopToken, !isLast(round) else { break }
      try await carryOut(calls)
      round += 1
    }
    guard let answer else { throw CancellationError() }
    return answer
  }

  private func isLast(_ round: Int) -> Bool { options.maximumRounds.map { round + 1 >= $0 } ?? false }

  // MARK: Writing

  private func write(_ round: Int) async throws -> WrittenRound {
    var response = options.response
    response.allowsParallelToolCalls = options.maximumParallelTools > 1
    // Once called, a tool that had to be called need not be called again.
    if round > 0, response.toolChoice != .none { response.toolChoice = .auto }
    if isLast(round), round > 0 || response.toolChoice == .auto { response.toolChoice = .none }
    guard var request = try session.request(toolbox, response, in: epoch) else { throw CancellationError() }
    request.callCount = callCount
    request.followsText = answer?.text.isEmpty == false
    request.reportsPreambles = reportsPreambles
    let channel = ModelChannel(onEvent: yield)
    do { try await session.model.write(request, to: channel) } catch {
      // What the user saw is kept. A call without its result is not: it would only mislead the model.
      session.append(channel.written.messages.filter { $0.message.purpose != .call }, in: epoch)
      throw error
    }
    session.append(channel.written.messages, in: epoch)
    return channel.written
  }

  private mutating func add(_ written: WrittenRound) {
    let messages = written.messages.map(\.message)
    guard let before = answer else {
      answer = Response(written)
      return
    }
    answer = Response(
      messages: before.messages + messages, tokens: before.tokens + written.tokens,
      repairs: before.repairs + written.repairs, rounds: before.rounds + 1,
      statistics: before.statistics.followed(by: written.statistics))
  }

  // MARK: Calls

  /// Carries out the calls of a round, some at a time, and adds the results in the order of the calls.
  private mutating func carryOut(_ calls: [ToolCall]) async throws {
    let first = callCount
    callCount += calls.count
    var results = [ToolResult?](repeating: nil, count: calls.count)
    do {
      try await withThrowingTaskGroup(of: ToolResult.self) { group in
        var waiting = calls.enumerated().makeIterator()
        func start() {
          guard let (index, call) = waiting.next() else { return }
          group.addTask { [toolbox, options] in
            try await toolbox.result(of: call, index: first + index, onFailure: options.onToolFailure)
          }
        }
        for _ in 0..<options.maximumParallelTools { start() }
        for try await result in group {
          results[result.index - first] = result
          yield(.toolResult(result))
          start()
        }
      }
    } catch {
      // A call without a result may still have had an effect; the model should not believe that it had none.
      for (index, call) in calls.enumerated() where results[index] == nil {
        results[index] = ToolResult(
          index: first + index, call: call, text: "Error: stopped before it answered", isError: true)
      }
      add(results.compactMap(\.self))
      throw error
    }
    add(results.compactMap(\.self))
  }

  private mutating func add(_ results: [ToolResult]) {
    let messages = results.map { Message.toolResult($0.text, from: $0.call.recipient) }
    session.update(in: epoch) { state in messages.forEach { state.transcript.append($0) } }
    answer?.messages += messages
  }
}

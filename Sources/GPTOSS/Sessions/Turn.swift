import GPTOSSHarmony

/// One answer: rounds of writing and of carrying out calls.
struct Turn {
  private let history: any TurnHistory
  private let toolbox: Toolbox
  private let options: ActOptions
  private let yield: @Sendable (ResponseEvent) -> Void
  private var answer: Response?
  private var callCount = 0
  private var carriedOutCount = 0
  private var reasoning = ReasoningMeter()

  init(
    _ history: any TurnHistory, _ toolbox: Toolbox, _ options: ActOptions,
    _ yield: @escaping @Sendable (ResponseEvent) -> Void
  ) {
    (self.history, self.toolbox, self.options, self.yield) = (history, toolbox, options, yield)
  }

  /// - Parameter calls: those that the conversation ends with, to be carried out first.
  mutating func run(carryingOut calls: [ToolCall] = []) async throws -> Response {
    if !calls.isEmpty {
      announce(calls)
      try await carryOut(calls) { _ in true }
    }
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
      let isOwn = { [options] (call: ToolCall) in !options.foreignTools.contains(call.recipient) }
      try await carryOut(calls, isOwn)
      // The model goes on when it has the results of all.
      guard calls.allSatisfy(isOwn) else { break }
      round += 1
    }
    guard let answer else { throw CancellationError() }
    return answer
  }

  private func isLast(_ round: Int) -> Bool {
    options.maximumRounds.map { round + 1 >= $0 } ?? false
      || options.maximumCalls.map { carriedOutCount >= $0 } ?? false
  }

  // MARK: Writing

  private mutating func write(_ round: Int) async throws -> WrittenRound {
    var response = options.response
    response.allowsParallelToolCalls = options.maximumParallelTools > 1
    if options.showsSchema { response.addedInstructions = response.format.section(name: options.schemaName) }
    response.reasoningBudget = response.reasoningBudget?.left(after: reasoning)
    // Once called, a tool that had to be called need not be called again.
    if round > 0, response.toolChoice != .none { response.toolChoice = .auto }
    if isLast(round), round > 0 || response.toolChoice == .auto {
      response.allowOnly(options.foreignTools)
    }
    var request = try history.request(response)
    request.callCount = callCount
    request.followsText = history.isOneText && answer?.text.isEmpty == false
    let channel = ModelChannel(onEvent: yield)
    do { try await history.model.write(request, to: channel) } catch {
      // What the user saw is kept. A call without its result is not: it would only mislead the model.
      history.append(channel.written.messages.filter { $0.message.purpose != .call })
      throw error
    }
    // A call that a limit cut off is none.
    let isWhole = channel.written.statistics.stopReason == .stopToken
    history.append(channel.written.messages.filter { isWhole || $0.message.purpose != .call })
    reasoning.add(channel.written.reasoning)
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

  /// Tells of calls that the model wrote earlier.
  private func announce(_ calls: [ToolCall]) {
    for (index, call) in calls.enumerated() {
      yield(.toolCallStarted(index: index, name: call.recipient))
      yield(.toolCallArguments(index: index, call.content))
      yield(.toolCall(index: index, call))
    }
  }

  /// Carries out the calls of a round, some at a time, and adds the results in the order of the calls.
  ///
  /// - Parameter isOwn: whether a call is carried out here.
  private mutating func carryOut(_ calls: [ToolCall], _ isOwn: (ToolCall) -> Bool) async throws {
    let first = callCount
    callCount += calls.count
    let own = calls.enumerated().filter { isOwn($0.element) }
    let room = options.maximumCalls.map { max(0, $0 - carriedOutCount) } ?? own.count
    carriedOutCount += min(room, own.count)
    var results = [ToolResult?](repeating: nil, count: calls.count)
    for (index, call) in own.dropFirst(room) {
      let words = "Error: it was not called, because the answer has all the calls that it may have"
      let result = ToolResult(index: first + index, call: call, text: words, isError: true)
      results[index] = result
      yield(.toolResult(result))
    }
    do {
      try await withThrowingTaskGroup(of: ToolResult.self) { group in
        var waiting = own.prefix(room).makeIterator()
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
      for (index, call) in own where results[index] == nil {
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
    history.append(messages)
    answer?.messages += messages
  }
}

extension ResponseOptions {
  /// Lets the model call no tools but these.
  fileprivate mutating func allowOnly(_ names: Set<String>) {
    let allowed = callableTools.map(names.intersection) ?? names
    if allowed.isEmpty { toolChoice = .none } else { callableTools = allowed }
  }
}

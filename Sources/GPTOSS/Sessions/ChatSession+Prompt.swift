import GPTOSSHarmony
import Synchronization

extension ChatSession {
  /// How often the transcript was set.
  package var epoch: Int { state.withLock(\.epoch) }

  /// Adds what the model wrote, unless the transcript has been set since `epoch`.
  package func append(_ written: [WrittenMessage], in epoch: Int) {
    update(in: epoch) { $0.transcript.append(written) }
  }

  /// What the model is asked in a round: instructions, tools, what was said as far as it fits.
  ///
  /// - Returns: nil if the transcript has been set since `epoch`.
  /// - Throws: `GPTOSSError.conversationTooLong`; `.emptyPrompt` for a conversation in which nothing was
  ///   said.
  package func request(
    _ toolbox: Toolbox, _ options: ResponseOptions, in epoch: Int
  ) throws(GPTOSSError) -> ModelRequest? {
    let profile = model.profile
    return try update(in: epoch) { (state) throws(GPTOSSError) in
      let context = try state.context(
        model, toolbox, options.history, adding: options.addedInstructions, expectsMessage: false)
      guard !context.turns.isEmpty else { throw .emptyPrompt }
      let entries = try state.fit(context, profile.reserve(options.generation), profile)
      return request(entries, toolbox, options)
    }
  }

  /// What stands before the next message, as far as it fits: what can be read before that is known.
  ///
  /// - Returns: nil if the transcript has been set since `epoch`.
  /// - Throws: `GPTOSSError.conversationTooLong`.
  func prefix(_ toolbox: Toolbox, in epoch: Int) throws(GPTOSSError) -> ModelRequest? {
    let profile = model.profile
    return try update(in: epoch) { (state) throws(GPTOSSError) in
      let context = try state.context(model, toolbox, .currentTurn, expectsMessage: true)
      let entries = try state.fit(context, profile.reserve(GenerationOptions()), profile)
      return request(entries, toolbox, ResponseOptions())
    }
  }

  private func request(
    _ entries: [Transcript.Entry], _ toolbox: Toolbox, _ options: ResponseOptions
  ) -> ModelRequest {
    var request = ModelRequest(entries: entries, tools: toolbox.declaredTools, options: options)
    request.conversation = identity
    return request
  }

  /// How much of the context the conversation takes: instructions, tools, and what was said, as the model
  /// will see them when it reads the next message.
  ///
  /// Reasoning of earlier turns does not count, and neither do turns that were left out.
  ///
  /// - Throws: `GPTOSSError` for tools that cannot be declared, or a conversation that cannot be rendered.
  public func contextUsage() throws(GPTOSSError) -> ContextUsage {
    let toolbox = try Toolbox(tools)
    return try state.withLock { (state) throws(GPTOSSError) in
      let context = try state.context(model, toolbox, .currentTurn, expectsMessage: true)
      let turns = context.turns.dropLast()
      let kept = state.overflow.keptTurns(of: turns.count, omitted: state.omittedTurns)
      return ContextUsage(
        tokenCount: kept.reduce(context.opening.tokenCount) { $0 + turns[$1].tokenCount },
        contextLength: model.profile.contextLength, omittedTurnCount: turns.count - kept.count)
    }
  }
}

/// How much of a model's context a conversation takes.
public struct ContextUsage: Sendable, Hashable {
  /// The tokens of the conversation as the model sees it.
  public var tokenCount: Int
  /// The most tokens that the conversation and its next answer may have together.
  public var contextLength: Int
  /// How many turns were left out because they no longer fit (``ContextOverflow``).
  public var omittedTurnCount: Int

  /// What is taken, 0 to 1; more if the conversation no longer fits.
  public var share: Double { Double(tokenCount) / Double(contextLength) }
}

extension ModelProfile {
  /// The tokens that are kept free for an answer: as many as it may have, at most a quarter of the context.
  fileprivate func reserve(_ options: GenerationOptions) -> Int {
    min(options.maximumTokens ?? .max, contextLength / 4)
  }
}

/// What the model may see of a conversation, in pieces.
private struct Context {
  /// What stands before everything that was said.
  var opening: [Transcript.Entry]
  /// What was said, the current turn last.
  var turns: [[Transcript.Entry]]
}

extension [Transcript.Entry] {
  /// How many tokens the messages have together, as far as they were measured.
  fileprivate var tokenCount: Int { reduce(0) { $0 + ($1.tokenCount ?? 0) } }
}

extension ChatSession.State {
  /// - Parameters:
  ///   - addition: what is added to the instructions.
  ///   - expectsMessage: whether a message of the user comes next: the last turn is then an empty one.
  fileprivate mutating func context(
    _ model: any ConversationModel, _ toolbox: Toolbox, _ history: History, adding addition: String? = nil,
    expectsMessage: Bool
  ) throws(GPTOSSError) -> Context {
    try transcript.measure(model)
    var opening = opening(toolbox, adding: addition)
    try model.measure(&opening)
    var turns = transcript.turns(history, expectsMessage: expectsMessage)
    // A transcript's own beginning stays as well.
    if opening.isEmpty, let first = transcript.entries.first, first.message.author.role != .user {
      opening = turns.removeFirst()
    }
    return Context(opening: opening, turns: turns)
  }

  /// The context, without turns for which there is no room.
  fileprivate mutating func fit(
    _ context: Context, _ reserve: Int, _ profile: ModelProfile
  ) throws(GPTOSSError) -> [Transcript.Entry] {
    let limit = profile.contextLength
    let reserve = reserve + profile.openingTokenCount
    let lengths = context.turns.map(\.tokenCount)
    let (omitted, fits) = overflow.turnsToOmit(
      lengths, omitted: omittedTurns, room: limit - context.opening.tokenCount - reserve)
    guard fits else {
      let needed = context.opening.tokenCount + lengths.reduce(reserve, +)
      throw .conversationTooLong(neededTokens: needed, contextLength: limit)
    }
    omittedTurns = omitted
    return context.opening
      + overflow.keptTurns(of: lengths.count, omitted: omitted).flatMap { context.turns[$0] }
  }

  /// The messages before what was said, unless the transcript begins with its own.
  private func opening(_ toolbox: Toolbox, adding addition: String?) -> [Transcript.Entry] {
    let roles = transcript.messages.map(\.author.role)
    guard !roles.contains(.system), !roles.contains(.developer) else { return [] }
    var messages = [Message.system(SystemContent(reasoningEffort: reasoningEffort))]
    let parts = [instructions, addition].compactMap(\.self)
    if !parts.isEmpty || !toolbox.isEmpty {
      let functions = toolbox.isEmpty ? nil : toolbox.descriptions
      let instructions = parts.isEmpty ? nil : parts.joined(separator: "\n\n")
      messages.append(.developer(DeveloperContent(instructions: instructions, functions: functions)))
    }
    return messages.map(Transcript.Entry.init)
  }
}

extension Transcript {
  /// Each turn, without the reasoning that the model does not see again.
  ///
  /// - Parameter expectsMessage: whether a message of the user comes next, and with it a turn.
  fileprivate func turns(_ history: History, expectsMessage: Bool) -> [[Entry]] {
    let next = expectsMessage ? [Message(.user, "")] : []
    let retained = Set(history.retainedIndices(of: messages + next))
    let kept = turns.map { turn in turn.filter(retained.contains).map { entries[$0] } }
    return kept + next.map { _ in [] }
  }
}

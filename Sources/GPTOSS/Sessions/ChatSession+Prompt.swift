import GPTOSSHarmony
import GPTOSSModel
import Synchronization

extension ChatSession {
  /// How often the transcript was set.
  package var epoch: Int { state.withLock(\.epoch) }

  /// Adds what the model wrote, unless the transcript has been set since `epoch`.
  package func append(_ written: [WrittenMessage], in epoch: Int) {
    update(in: epoch) { $0.transcript.append(written) }
  }

  /// What the model goes on from: instructions, tools, what was said as far as it fits, and the opening of an
  /// answer.
  ///
  /// - Returns: nil if the transcript has been set since `epoch`.
  /// - Throws: `GPTOSSError.conversationTooLong`; `.emptyPrompt` for a conversation in which nothing was
  ///   said.
  package func prompt(
    _ toolbox: Toolbox, _ options: ResponseOptions, in epoch: Int
  ) throws(GPTOSSError) -> TokenizedPrompt? {
    let encoding = try model.harmony()
    return try update(in: epoch) { (state) throws(GPTOSSError) in
      let context = try state.context(toolbox, encoding, options.history, expectsMessage: false)
      guard !context.turns.isEmpty else { throw .emptyPrompt }
      var prompt = try state.fit(context, model.reserve(options.generation), model.configuration)
      prompt.append(encoding.assistantOpening, isGenerated: true)
      return prompt
    }
  }

  /// What stands before the next message, as far as it fits: what can be read before that is known.
  ///
  /// - Returns: nil if the transcript has been set since `epoch`.
  /// - Throws: `GPTOSSError.conversationTooLong`.
  func prefix(_ toolbox: Toolbox, in epoch: Int) throws(GPTOSSError) -> TokenizedPrompt? {
    let encoding = try model.harmony()
    return try update(in: epoch) { (state) throws(GPTOSSError) in
      let context = try state.context(toolbox, encoding, .currentTurn, expectsMessage: true)
      return try state.fit(context, model.reserve(GenerationOptions()), model.configuration)
    }
  }

  /// How much of the context the conversation takes: instructions, tools, and what was said, as the model
  /// will see them when it reads the next message.
  ///
  /// Reasoning of earlier turns does not count, and neither do turns that were left out.
  ///
  /// - Throws: `GPTOSSError` for tools that cannot be declared, or a conversation that cannot be rendered.
  public func contextUsage() throws(GPTOSSError) -> ContextUsage {
    let encoding = try model.harmony()
    let toolbox = try Toolbox(tools)
    return try state.withLock { (state) throws(GPTOSSError) in
      let context = try state.context(toolbox, encoding, .currentTurn, expectsMessage: true)
      let turns = context.turns.dropLast()
      let kept = state.overflow.keptTurns(of: turns.count, omitted: state.omittedTurns)
      return ContextUsage(
        tokenCount: kept.reduce(context.opening.tokens.count) { $0 + turns[$1].tokens.count },
        contextLength: model.configuration.contextLength, omittedTurnCount: turns.count - kept.count)
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

extension LanguageModel {
  /// The tokens that are kept free for an answer: as many as it may have, at most a quarter of the context.
  fileprivate func reserve(_ options: GenerationOptions) -> Int {
    min(options.maximumTokens ?? .max, configuration.contextLength / 4)
  }
}

/// What the model may see of a conversation, in pieces.
private struct Context {
  /// What stands before everything that was said.
  var opening: TokenizedPrompt
  /// What was said, the current turn last.
  var turns: [TokenizedPrompt]
  /// The tokens that open an answer.
  var answerOpeningCount: Int
}

extension ChatSession.State {
  /// - Parameter expectsMessage: whether a message of the user comes next: the last turn is then an empty
  ///   one.
  fileprivate mutating func context(
    _ toolbox: Toolbox, _ encoding: HarmonyEncoding, _ history: History, expectsMessage: Bool
  ) throws(GPTOSSError) -> Context {
    do throws(HarmonyError) {
      try transcript.tokenize(encoding)
      return Context(
        opening: try opening(toolbox, encoding),
        turns: transcript.renderedTurns(history, expectsMessage: expectsMessage),
        answerOpeningCount: encoding.assistantOpening.count)
    } catch { throw .harmony(error) }
  }

  /// The context, without turns for which there is no room.
  fileprivate mutating func fit(
    _ context: Context, _ reserve: Int, _ configuration: Configuration
  ) throws(GPTOSSError) -> TokenizedPrompt {
    let limit = configuration.contextLength
    let reserve = reserve + context.answerOpeningCount
    let lengths = context.turns.map(\.tokens.count)
    let (omitted, fits) = overflow.turnsToOmit(
      lengths, omitted: omittedTurns, room: limit - context.opening.tokens.count - reserve)
    guard fits else {
      let needed = context.opening.tokens.count + lengths.reduce(reserve, +)
      throw .conversationTooLong(neededTokens: needed, contextLength: limit)
    }
    omittedTurns = omitted
    var prompt = context.opening
    for turn in overflow.keptTurns(of: lengths.count, omitted: omitted) { prompt.append(context.turns[turn]) }
    return prompt
  }

  /// The messages before what was said, unless the transcript begins with its own.
  private func opening(_ toolbox: Toolbox, _ encoding: HarmonyEncoding) throws(HarmonyError)
    -> TokenizedPrompt
  {
    var prompt = TokenizedPrompt()
    let roles = transcript.messages.map(\.author.role)
    guard !roles.contains(.system), !roles.contains(.developer) else { return prompt }
    let system = Message.system(SystemContent(reasoningEffort: reasoningEffort))
    prompt.append(try encoding.render(system, announcesFunctions: !toolbox.isEmpty))
    if instructions != nil || !toolbox.isEmpty {
      let functions = toolbox.isEmpty ? nil : toolbox.descriptions
      let developer = Message.developer(DeveloperContent(instructions: instructions, functions: functions))
      prompt.append(try encoding.render(developer))
    }
    prompt.markCheckpoint()
    return prompt
  }
}

extension Transcript {
  /// The tokens of each turn, without the reasoning that the model does not see again; every message has its
  /// tokens.
  ///
  /// - Parameter expectsMessage: whether a message of the user comes next, and with it a turn.
  fileprivate func renderedTurns(_ history: History, expectsMessage: Bool) -> [TokenizedPrompt] {
    let next = expectsMessage ? [Message(.user, "")] : []
    let retained = Set(history.retainedIndices(of: messages + next))
    let rendered = turns.map { turn in
      var prompt = TokenizedPrompt()
      for index in turn where retained.contains(index) {
        guard let tokens = entries[index].tokens else { preconditionFailure("a message without tokens") }
        prompt.append(tokens, isGenerated: entries[index].isGenerated)
        prompt.markCheckpoint()
      }
      return prompt
    }
    return rendered + next.map { _ in TokenizedPrompt() }
  }
}

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
    let limit = model.configuration.contextLength
    return try update(in: epoch) { (state) throws(GPTOSSError) in
      let opening: TokenizedPrompt
      do throws(HarmonyError) {
        try state.transcript.tokenize(encoding)
        opening = try state.opening(toolbox, encoding)
      } catch { throw .harmony(error) }
      let turns = state.transcript.renderedTurns(options.history)
      guard !turns.isEmpty else { throw .emptyPrompt }
      // An answer needs room, too: for as many tokens as it may have, at most a quarter of the context.
      let reserve = min(options.generation.maximumTokens ?? .max, limit / 4) + encoding.assistantOpening.count
      let lengths = turns.map(\.tokens.count)
      let (omitted, fits) = state.overflow.turnsToOmit(
        lengths, omitted: state.omittedTurns, room: limit - opening.tokens.count - reserve)
      guard fits else {
        let needed = opening.tokens.count + lengths.reduce(reserve, +)
        throw .conversationTooLong(neededTokens: needed, contextLength: limit)
      }
      state.omittedTurns = omitted
      var prompt = opening
      for turn in state.overflow.keptTurns(of: turns.count, omitted: omitted) { prompt.append(turns[turn]) }
      prompt.append(encoding.assistantOpening, isGenerated: true)
      return prompt
    }
  }
}

extension ChatSession.State {
  /// The messages before what was said, unless the transcript begins with its own.
  fileprivate func opening(_ toolbox: Toolbox, _ encoding: HarmonyEncoding) throws(HarmonyError)
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
  fileprivate func renderedTurns(_ history: History) -> [TokenizedPrompt] {
    let retained = Set(history.retainedIndices(of: messages))
    return turns.map { turn in
      var prompt = TokenizedPrompt()
      for index in turn where retained.contains(index) {
        guard let tokens = entries[index].tokens else { preconditionFailure("a message without tokens") }
        prompt.append(tokens, isGenerated: entries[index].isGenerated)
        prompt.markCheckpoint()
      }
      return prompt
    }
  }
}

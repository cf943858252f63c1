import GPTOSSHarmony
import GPTOSSSampling
import GPTOSSStructuredOutput
import GPTOSSTokenizer

/// Holds what a model writes to the Harmony format, its calls to the declared tools and its answer to a
/// format.
///
///     answer  →  ( <|channel|>analysis<|message|> text <|end|> <|start|>assistant )*
///                ( <|channel|>final<|message|> text or JSON <|return|>
///                | to=tool<|channel|>commentary <|constrain|>json<|message|> JSON <|call|> )
///
/// with preambles on `commentary`, the recipient in either place of the header, and built-in tools on
/// `analysis`. Reasoning is free.
struct ResponseConstraint: TokenConstraining {
  private let encoding: HarmonyEncoding
  private let trie: TokenTrie
  private let rules: ResponseRules
  private var state: State
  private(set) var cutShort: StopReason?
  /// Whether a message of words has ended: where a call is required, it comes now.
  private var hasSpoken = false
  /// Whether words repeated themselves: they end now, and the answer or a call comes next.
  private var hasToConclude = false
  /// How many tokens have come, and how many of the last ones repeated what was before them.
  private var tokenCount = 0
  private var loop = (last: 0, length: 0)

  private enum State {
    /// Before `<|start|>`.
    case between
    /// After `<|start|>`.
    case role(HeaderSection)
    /// After the role: nothing, or a recipient.
    case recipient(HeaderSection)
    /// After `<|channel|>`; the recipient if it came before.
    case channel(HeaderSection, recipient: String?)
    /// After `<|constrain|>`.
    case contentType(HeaderSection, recipient: String)
    /// After `<|message|>`: what the text is held to, nil for nothing, and the markers that may end it.
    case content(TokenConstraint?, ends: [Marker], isAnswer: Bool)
    /// Nothing but these tokens, which bring an answer to its end.
    case closing([TokenID])
    case ended
  }

  /// - Throws: `GPTOSSError.structuredOutput` for a format that cannot be enforced, `.toolSchema`,
  ///   `.undeclaredTool`.
  init(
    _ encoding: HarmonyEncoding, _ trie: TokenTrie, tools: [DeclaredTool], options: ResponseOptions,
    budget: CompilationBudget = CompilationBudget()
  ) throws(GPTOSSError) {
    self.encoding = encoding
    self.trie = trie
    rules = try ResponseRules(trie, tools: tools, options: options, budget: budget)
    state = .recipient(try HeaderSection(rules.recipientTexts, trie))
  }

  /// What of the tools' schemas is not held.
  var notices: [ConstraintNotice] { rules.notices }

  private var vocabulary: Vocabulary { trie.vocabulary }

  // MARK: What may come

  mutating func allowedTokens(remaining: Int) throws(GPTOSSError) -> TokenMask? {
    switch state {
    case .between: return only([.start])
    case .role(let section): return mask(section, then: [])
    case .recipient(let section):
      try checkRoom(remaining)
      return mask(section, then: [.channel])
    case .channel(var section, let recipient):
      // Where there is room for nothing else, the answer begins now.
      if section.text.isEmpty, recipient == nil, rules.isShort(remaining) {
        section = try HeaderSection([Channel.final.rawValue], trie)
        state = .channel(section, recipient: nil)
      }
      return mask(section, then: section.text.hasSuffix(" ") ? [.constrain] : [.message])
    case .contentType(let section, _): return mask(section, then: [.message])
    case .content(let constraint, let ends, let isAnswer):
      let isShort = !isAnswer && constraint == nil && rules.isShort(remaining)
      if isShort || hasToConclude && ends == Self.endOfWords { return only(ends) }
      guard let constraint else { return adding(ends, to: trie.textTokens) }
      if constraint.isComplete { return only(ends) }
      return adding(constraint.canEnd ? ends : [], to: constraint.allowedTokens())
    case .closing(let tokens):
      var mask = TokenMask(count: vocabulary.count)
      if let first = tokens.first { mask[first] = true }
      return mask
    case .ended: return only([.return])
    }
  }

  /// Refuses to begin what cannot come to its end.
  private func checkRoom(_ remaining: Int) throws(GPTOSSError) {
    guard let needed = rules.smallestAnswer, remaining < needed else { return }
    throw .answerDoesNotFit(neededTokens: needed, limit: remaining)
  }

  private func mask(_ section: HeaderSection, then markers: [Marker]) -> TokenMask {
    adding(section.isComplete ? markers : [], to: section.allowedTokens(vocabulary))
  }

  private func only(_ markers: [Marker]) -> TokenMask {
    adding(markers, to: TokenMask(count: vocabulary.count))
  }

  private func adding(_ markers: [Marker], to mask: TokenMask) -> TokenMask {
    var mask = mask
    for marker in markers { mask[encoding.token(of: marker)] = true }
    return mask
  }

  // MARK: What has come

  /// What ends reasoning, and words that are not the answer.
  private static let endOfWords: [Marker] = [.end]

  /// How long JSON may repeat itself beyond what counts as a loop: a thousand tokens in all. Tables of zeros
  /// are longer than refrains.
  private static let patience = 1000 - LoopGuard().minimumTokens

  /// Reasoning that runs in circles ends, and the model answers with what it has: once, so that an answer
  /// which does the same ends the generation.
  ///
  /// JSON is brought to its end in the shortest way, but not where the schema asks for more: what repeats
  /// itself there may have to.
  mutating func leaveLoop() -> Bool {
    switch state {
    case .content(_, Self.endOfWords, _):
      guard !hasToConclude else { return false }
      hasToConclude = true
    case .content(let constraint?, let ends, _):
      loop.length = loop.last == tokenCount - 1 ? loop.length + 1 : 1
      loop.last = tokenCount
      guard loop.length >= Self.patience, !constraint.asksForMore, let end = ends.first else { return true }
      cutShort = .repetition
      state = .closing(ending(constraint, end))
    case .closing, .ended: break
    default: return false
    }
    return true
  }

  /// The tokens that bring JSON, and with it the message, to its end.
  private func ending(_ constraint: TokenConstraint, _ end: Marker) -> [TokenID] {
    constraint.completion() + [encoding.token(of: end)]
  }

  mutating func take(_ token: TokenID, remaining: Int) throws(GPTOSSError) -> TokenID {
    tokenCount += 1
    if let marker = encoding.marker(of: token) {
      if case .content(_, Self.endOfWords, _) = state { hasSpoken = true }
      state = try after(marker)
      return token
    }
    switch state {
    case .role(var section):
      try section.take(token, vocabulary)
      if section.isComplete {
        state = .recipient(try HeaderSection(rules.recipientTexts, trie))
      } else {
        state = .role(section)
      }
    case .recipient(var section):
      try section.take(token, vocabulary)
      state = .recipient(section)
    case .channel(var section, let recipient):
      try section.take(token, vocabulary)
      state = .channel(section, recipient: recipient)
    case .contentType(var section, let recipient):
      try section.take(token, vocabulary)
      state = .contentType(section, recipient: recipient)
    case .content(let constraint?, let ends, let isAnswer):
      return try take(token, constraint, ends, isAnswer, remaining)
    case .content(nil, _, _): break
    case .closing(let tokens):
      state = .closing(Array(tokens.dropFirst()))
      return tokens.first ?? token
    case .between, .ended: throw .structuredOutput(.tokenNotAllowed(token))
    }
    return token
  }

  private mutating func take(
    _ token: TokenID, _ constraint: TokenConstraint, _ ends: [Marker], _ isAnswer: Bool, _ remaining: Int
  ) throws(GPTOSSError) -> TokenID {
    var constraint = constraint
    do throws(StructuredOutputError) {
      // This token and the marker that ends the answer need room beside what completes it.
      guard isAnswer, try !constraint.advance(token, remaining: remaining - 2) else {
        if !isAnswer { try constraint.advance(token) }
        state = .content(constraint, ends: ends, isAnswer: isAnswer)
        return token
      }
    } catch { throw .structuredOutput(error) }
    cutShort = .maximumTokens
    var closing = ending(constraint, .return)
    let first = closing.removeFirst()
    state = closing.isEmpty ? .ended : .closing(closing)
    return first
  }

  /// The state behind a marker.
  private func after(_ marker: Marker) throws(GPTOSSError) -> State {
    switch (state, marker) {
    case (.between, .start): return .role(try HeaderSection([Role.assistant.rawValue], trie))
    case (.recipient(let section), .channel) where section.isComplete:
      let recipient = section.text.isEmpty ? nil : String(section.text.dropFirst(ResponseRules.to.count))
      let texts = rules.channelTexts(
        after: recipient, hasSpoken: hasSpoken, hasToConclude: hasToConclude)
      return .channel(try HeaderSection(texts, trie), recipient: recipient)
    case (.channel(let section, let recipient), .constrain) where section.isComplete:
      let recipient = recipient ?? ResponseRules.recipient(in: section.text) ?? ""
      return .contentType(try HeaderSection(["json"], trie), recipient: recipient)
    case (.channel(let section, let recipient), .message) where section.isComplete:
      let channel = Channel(rawValue: String(section.text.prefix { $0 != " " }))
      return try content(channel, recipient ?? ResponseRules.recipient(in: section.text))
    case (.contentType(let section, let recipient), .message) where section.isComplete:
      return try content(.commentary, recipient)
    case (.content(let constraint, let ends, _), _)
    where ends.contains(marker) && constraint.map(\.canEnd) ?? true:
      return marker == .end ? .between : .ended
    case (.closing, .return), (.closing, .call), (.ended, .return): return .ended
    default: throw .structuredOutput(.tokenNotAllowed(encoding.token(of: marker)))
    }
  }

  private func content(_ channel: Channel, _ recipient: String?) throws(GPTOSSError) -> State {
    if let recipient {
      let ends: [Marker] = rules.allowsParallelToolCalls ? [.call, .end] : [.call]
      return .content(rules.arguments(of: recipient), ends: ends, isAnswer: false)
    }
    let isAnswer = channel == .final
    return .content(
      isAnswer ? rules.answer : nil, ends: isAnswer ? [.return] : Self.endOfWords, isAnswer: isAnswer)
  }
}

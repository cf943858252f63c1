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
/// `analysis`. Reasoning is free, within its budget.
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
  /// How much the model may reason; nil for as much as it likes.
  private let budget: ReasoningBudget?
  private var reasoning = ReasoningMeter()

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
    case content(TokenConstraint?, ends: [Marker], Message.Purpose)
    /// Nothing but these tokens, which bring an answer to its end.
    case closing([TokenID])
    case ended
  }

  /// - Throws: `GPTOSSError.structuredOutput` for a format that cannot be enforced, `.toolSchema`,
  ///   `.undeclaredTool`.
  init(
    _ encoding: HarmonyEncoding, _ trie: TokenTrie, tools: [DeclaredTool], options: ResponseOptions,
    budget compilation: CompilationBudget = CompilationBudget()
  ) throws(GPTOSSError) {
    self.encoding = encoding
    self.trie = trie
    budget = options.reasoningBudget
    rules = try ResponseRules(trie, tools: tools, options: options, budget: compilation)
    state = .recipient(try HeaderSection(rules.recipientTexts, trie))
  }

  /// What of the tools' schemas is not held.
  var notices: [ConstraintNotice] { rules.notices }

  private var vocabulary: Vocabulary { trie.vocabulary }

  // MARK: What may come

  /// Where the format, a name or a schema leaves one way to go on, the tokenizer's own cut of it is allowed
  /// and no other (``forcedToken(remaining:)``).
  mutating func allowedTokens(remaining: Int) throws(GPTOSSError) -> TokenMask? {
    if let token = try forcedToken(remaining: remaining) {
      var mask = TokenMask(count: vocabulary.count)
      mask[token] = true
      return mask
    }
    switch state {
    case .between: return only([.start])
    case .role(let section): return mask(section, then: [])
    case .recipient(let section): return mask(section, then: [.channel])
    case .channel(let section, _): return mask(section, then: [Self.end(of: section)])
    case .contentType(let section, _): return mask(section, then: [.message])
    case .content(let constraint, let ends, let purpose):
      if hasToEnd(constraint, ends, purpose, remaining) { return only(ends) }
      guard let constraint else { return adding(ends, to: trie.textTokens) }
      return adding(constraint.canEnd ? ends : [], to: constraint.allowedTokens())
    case .closing: return only([])
    case .ended: return only([.return])
    }
  }

  mutating func forcedToken(remaining: Int) throws(GPTOSSError) -> TokenID? {
    try prepare(remaining)
    switch state {
    case .between: return encoding.token(of: .start)
    case .role(let section): return section.forcedToken(then: nil)
    case .recipient(let section): return section.forcedToken(then: encoding.token(of: .channel))
    case .channel(let section, _):
      return section.forcedToken(then: encoding.token(of: Self.end(of: section)))
    case .contentType(let section, _): return section.forcedToken(then: encoding.token(of: .message))
    case .content(let constraint, let ends, let purpose):
      if hasToEnd(constraint, ends, purpose, remaining) {
        return ends.count == 1 ? encoding.token(of: ends[0]) : nil
      }
      return constraint.flatMap { $0.canEnd ? nil : $0.forcedToken() }
    case .closing(let tokens): return tokens.first
    case .ended: return encoding.token(of: .return)
    }
  }

  /// Sees to it that the answer has room.
  private mutating func prepare(_ remaining: Int) throws(GPTOSSError) {
    switch state {
    case .recipient: try checkRoom(remaining)
    case .channel(let section, nil) where section.text.isEmpty && rules.isShort(remaining):
      // There is room for nothing else: the answer begins now.
      state = .channel(try HeaderSection([Channel.final.rawValue], trie), recipient: nil)
    default: break
    }
  }

  /// The marker behind what stands between `<|channel|>` and it.
  private static func end(of section: HeaderSection) -> Marker {
    section.text.hasSuffix(" ") ? .constrain : .message
  }

  /// Whether a text has to end here.
  private func hasToEnd(
    _ constraint: TokenConstraint?, _ ends: [Marker], _ purpose: Message.Purpose, _ remaining: Int
  ) -> Bool {
    if purpose == .reasoning, !mayReason { return true }
    if hasToConclude, ends == Self.endOfWords { return true }
    guard let constraint else { return purpose != .answer && rules.isShort(remaining) }
    return constraint.isComplete
  }

  /// Whether the budget of reasoning is not spent.
  private var mayReason: Bool { budget?.isSpent(by: reasoning) != true }

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
      reasoning.pause()
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
    case .content(let constraint?, let ends, let purpose):
      return try take(token, constraint, ends, purpose, remaining)
    case .content(nil, _, let purpose): if purpose == .reasoning { reasoning.count() }
    case .closing(let tokens):
      state = .closing(Array(tokens.dropFirst()))
      return tokens.first ?? token
    case .between, .ended: throw .structuredOutput(.tokenNotAllowed(token))
    }
    return token
  }

  private mutating func take(
    _ token: TokenID, _ constraint: TokenConstraint, _ ends: [Marker], _ purpose: Message.Purpose,
    _ remaining: Int
  ) throws(GPTOSSError) -> TokenID {
    var constraint = constraint
    let isAnswer = purpose == .answer
    do throws(StructuredOutputError) {
      // This token and the marker that ends the answer need room beside what completes it.
      guard isAnswer, try !constraint.advance(token, remaining: remaining - 2) else {
        if !isAnswer { try constraint.advance(token) }
        state = .content(constraint, ends: ends, purpose)
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
        after: recipient, hasSpoken: hasSpoken, hasToConclude: hasToConclude, mayReason: mayReason)
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
      return .content(rules.arguments(of: recipient), ends: ends, .call)
    }
    switch channel {
    case .final: return .content(rules.answer, ends: [.return], .answer)
    case .analysis: return .content(nil, ends: Self.endOfWords, .reasoning)
    default: return .content(nil, ends: Self.endOfWords, .preamble)
    }
  }
}

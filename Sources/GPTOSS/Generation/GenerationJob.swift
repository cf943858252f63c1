import GPTOSSModel
import GPTOSSSampling
import GPTOSSTokenizer
import Synchronization

/// One generation under way: reads its prompt, then chooses one token after another.
///
/// A token is chosen by its logits, or taken at once where the constraint leaves no choice. A pass reads all
/// that were chosen since the last one, and guesses behind them (``PassPart``).
///
/// Used on the model's thread alone, except for ``cancel()``.
final class GenerationJob: @unchecked Sendable {
  /// So many forced tokens are taken before they are read, so that a long text comes in pieces.
  private static let longestRun = 32

  let request: GenerationRequest
  let sequence: CachedSequence
  private(set) var statistics: GenerationStatistics

  private let prompt: [ReadToken]
  private let contextLength: Int
  private let stopTokens: Set<TokenID>
  private let script: [TokenID]?
  private let takesForcedTokens: Bool
  /// Whether a token's logits are the same in a pass with others. A BLAS library orders its sums by their
  /// number.
  private let sharesPasses: Bool
  private let requested: ContinuousClock.Instant
  private let started = ContinuousClock.now
  private var firstToken: ContinuousClock.Instant?
  private var sampler: Sampler
  private var decoder: StreamingDecoder
  private var scorer = LogProbabilities()
  private var constraint: (any TokenConstraining)?
  private var loop: LoopDetector?
  /// Whether the prompt has been read.
  private(set) var isDecoding = false
  /// The tokens that were chosen and not read yet, in order; none while the prompt is read.
  private var unread: [TokenID] = []
  /// Where guesses come from; nil while the prompt is read, and without lookahead.
  private var lookup: PromptLookup?
  private var record = GuessRecord()
  private let isCancelledFlag = Atomic(false)
  private let continuation: CheckedContinuation<Void, any Error>

  init(
    _ request: GenerationRequest, prompt: [ReadToken], sequence: CachedSequence, reuse: PromptReuse,
    model: LoadedModel, requested: ContinuousClock.Instant,
    continuation: CheckedContinuation<Void, any Error>
  ) throws(GPTOSSError) {
    self.request = request
    self.prompt = prompt
    self.sequence = sequence
    self.requested = requested
    self.continuation = continuation
    contextLength = model.configuration.contextLength
    stopTokens = request.options.stopTokens ?? model.vocabulary.endTokens
    script = model.script?(request.prompt.tokens)
    takesForcedTokens = model.takesForcedTokens
    sharesPasses = model.transformer.kernels != .blas
    decoder = StreamingDecoder(vocabulary: model.vocabulary)
    constraint = request.constraint
    loop = request.options.loopGuard.map(LoopDetector.init)
    do throws(SamplingError) {
      sampler = try Sampler(request.options.sampling.filled(by: model.information.recommendedSampling))
    } catch { throw .sampling(error) }
    sampler.acceptPrompt(request.prompt.tokens)
    statistics = GenerationStatistics(
      promptTokens: request.prompt.tokens.count, cachedTokens: sequence.tokens.count,
      recalledTokens: reuse.recalledTokens, difference: reuse.difference, stopReason: .maximumTokens,
      seed: sampler.seed)
  }

  var isCancelled: Bool { isCancelledFlag.load(ordering: .relaxed) }
  /// Asks for the end; from any thread.
  func cancel() { isCancelledFlag.store(true, ordering: .relaxed) }

  /// Tells how much of the prompt is remembered, before any more of it is read.
  func begin() { _ = request.yield(.prompt(read: sequence.tokens.count, total: prompt.count)) }

  // MARK: Passes

  /// Where it stands, for the plan of the next pass.
  var stage: PassPlan.Stage {
    guard isDecoding else { return .prompt(remaining: prompt.count - sequence.tokens.count) }
    return .decoding(tokens: sharesPasses ? unread.count : 1)
  }

  /// The tokens to read next, at least one and at most `limit`, without guesses.
  func part(atMost limit: Int) -> PassPart {
    if isDecoding {
      return PassPart(
        job: self, tokens: unread.prefix(limit).map { ReadToken(id: $0, isFine: true) },
        isAtEnd: unread.count <= limit)
    }
    let read = sequence.tokens.count
    let end = request.options.passEnd.map { $0 > read ? $0 : prompt.count } ?? prompt.count
    let rest = prompt[read...].prefix(min(limit, end - read))
    let tokens = Array(rest.prefix { $0.isFine == rest.first?.isFine })
    return PassPart(
      job: self, tokens: tokens, isAtEnd: read + tokens.count == prompt.count)
  }

  /// Takes note of what a pass has read.
  ///
  /// - Parameter logits: of the part's last tokens; nil unless it is at its end.
  /// - Returns: whether the generation has ended.
  func advance(past part: PassPart, _ logits: PartLogits?) throws(GPTOSSError) -> Bool {
    let wasDecoding = isDecoding
    let hasEnded = try takeNote(of: part, logits)
    if wasDecoding || statistics.generatedTokens > 0 { statistics.passes += 1 }
    if hasEnded { _ = request.yield(.finished(text: decoder.finish(), statistics)) }
    return hasEnded
  }

  private func takeNote(of part: PassPart, _ logits: PartLogits?) throws(GPTOSSError) -> Bool {
    let first = sequence.tokens.count
    sequence.append(part.tokens + part.guesses.map { ReadToken(id: $0.id, isFine: true) })
    var guesses = part.guesses[...]
    // What was not chosen is forgotten.
    defer { if !guesses.isEmpty { sequence.rewind(to: sequence.tokens.count - guesses.count) } }
    if isDecoding {
      unread.removeFirst(part.tokens.count)
    } else if let reason = notePrompt(first..<first + part.tokens.count) {
      return end(reason)
    }
    guard let logits else { return try takeForcedTokens() }
    if !isDecoding { beginDecoding() }
    statistics.draftedTokens += guesses.count { !$0.isForced }
    var hasEnded = try takeForcedTokens()
    confirm(&guesses)
    while !hasEnded, unread.isEmpty {
      hasEnded = try logits.withRow(part.guesses.count - guesses.count) { (row) throws(GPTOSSError) in
        try choose(row)
      }
      if !hasEnded { hasEnded = try takeForcedTokens() }
      confirm(&guesses)
    }
    return hasEnded
  }

  /// Takes note of a part of the prompt that has been read.
  ///
  /// - Returns: a reason to end.
  private func notePrompt(_ positions: Range<Int>) -> StopReason? {
    for point in request.prompt.checkpoints + [prompt.count]
    where point > positions.lowerBound && point <= positions.upperBound {
      sequence.remember(point)
    }
    if positions.upperBound == request.options.passEnd { statistics.passEndTime = .now - started }
    return request.yield(.prompt(read: positions.upperBound, total: prompt.count))
  }

  private func beginDecoding() {
    isDecoding = true
    statistics.prefillTime = .now - started
    guard sharesPasses, request.options.lookahead == .auto, remaining > 1 else { return }
    lookup = PromptLookup(request.prompt.tokens)
  }

  /// Marks those tokens as read that were guessed.
  private func confirm(_ guesses: inout ArraySlice<PassPart.Guess>) {
    while let guess = guesses.first, guess.id == unread.first {
      if !guess.isForced { statistics.acceptedTokens += 1 }
      guesses.removeFirst()
      unread.removeFirst()
    }
  }

  // MARK: Choosing

  /// How many tokens may still be generated.
  private var remaining: Int {
    let limit = request.options.maximumTokens.map { $0 - statistics.generatedTokens } ?? .max
    // The last token needs no position: it is not read.
    return min(limit, contextLength - prompt.count - statistics.generatedTokens + 1)
  }

  private func choose(_ logits: Span<Float>) throws(GPTOSSError) -> Bool {
    guard remaining > 0, let token = try nextToken(logits) else { return end(.maximumTokens) }
    if let lookup, let match = lookup.match {
      record.note(after: match.length, isRight: lookup.guess == token)
    }
    return try accept(token, logits)
  }

  /// Takes the tokens that have to come next, without logits; where log-probabilities are asked for, none.
  ///
  /// - Returns: whether the generation has ended.
  private func takeForcedTokens() throws(GPTOSSError) -> Bool {
    guard isDecoding, request.options.logProbabilities == nil else { return false }
    while unread.count < Self.longestRun, remaining > 0,
      let token = try forcedToken(&constraint)
    {
      sampler.skip()
      statistics.forcedTokens += 1
      let taken = try constraint?.take(token, remaining: remaining) ?? token
      if try accept(taken, nil) { return true }
    }
    return false
  }

  /// The only token that may come next; nil where there is a choice.
  ///
  /// - Parameters:
  ///   - constraint: the generation's, or a copy that is ahead.
  ///   - lead: how many tokens it is ahead.
  private func forcedToken(
    _ constraint: inout (any TokenConstraining)?, ahead lead: Int = 0
  ) throws(GPTOSSError) -> TokenID? {
    guard takesForcedTokens, let token = try constraint?.forcedToken(remaining: remaining - lead),
      // Sampling says that it is forbidden.
      request.options.sampling.logitBias[token] != -.infinity
    else { return nil }
    guard let script else { return token }
    let place = statistics.generatedTokens + lead
    return place < script.count && script[place] == token ? token : nil
  }

  // MARK: Guessing

  /// What may follow the tokens that were chosen.
  struct Outlook {
    var guesses: [PassPart.Guess] = []
    /// The probability that the first guess is right, that the first two are, and so on.
    var chances: [Double] = []
    /// How many of the first guesses are certain.
    var forcedCount: Int { guesses.prefix(while: \.isForced).count }
  }

  /// Guesses at most `limit` tokens: those that are forced, and between them what the text has said before.
  ///
  /// - Parameter copies: false for the forced tokens alone.
  func outlook(atMost limit: Int, copies: Bool) -> Outlook {
    let room = min(limit, remaining - 1)
    var outlook = Outlook()
    guard sharesPasses, room > 0 else { return outlook }
    var constraint = constraint
    var drafts = (copies ? lookup?.guesses(atMost: room) ?? [] : [])[...]
    var length = lookup?.match?.length ?? PromptLookup.shortest
    var chance = 1.0
    while outlook.guesses.count < room {
      let lead = outlook.guesses.count
      do throws(GPTOSSError) {
        let forced = try forcedToken(&constraint, ahead: lead)
        guard let token = forced ?? drafts.first, !stopTokens.contains(token) else { return outlook }
        if forced == nil { chance *= record.chance(after: length) }
        drafts = token == drafts.first ? drafts.dropFirst() : []
        length += 1
        guard try constraint?.take(token, remaining: remaining - lead) ?? token == token else {
          return outlook
        }
        outlook.guesses.append(PassPart.Guess(id: token, isForced: forced != nil))
        outlook.chances.append(chance)
      } catch {
        // A token that the rules refuse is a wrong guess. If all are refused, choosing one says so.
        return outlook
      }
    }
    return outlook
  }

  /// - Returns: whether the generation has ended.
  private func accept(_ token: TokenID, _ logits: Span<Float>?) throws(GPTOSSError) -> Bool {
    sampler.accept(token)
    statistics.generatedTokens += 1
    if firstToken == nil {
      firstToken = .now
      statistics.timeToFirstToken = .now - requested
    }
    unread.append(token)
    lookup?.append(token)
    let reason = request.yield(.token(try report(token, logits)))
    if stopTokens.contains(token) { return end(constraint?.cutShort ?? .stopToken) }
    if let reason { return end(reason) }
    if loop?.isLoop(after: token) == true, constraint?.leaveLoop() != true { return end(.repetition) }
    if statistics.generatedTokens == request.options.maximumTokens { return end(.maximumTokens) }
    if prompt.count + statistics.generatedTokens > contextLength { return end(.contextFull) }
    return false
  }

  /// - Returns: nil at the end of a script.
  private func nextToken(_ logits: Span<Float>) throws(GPTOSSError) -> TokenID? {
    let remaining = remaining
    if let script {
      guard statistics.generatedTokens < script.count else { return nil }
      return try constraint?.take(script[statistics.generatedTokens], remaining: remaining)
        ?? script[statistics.generatedTokens]
    }
    let allowed = try constraint?.allowedTokens(remaining: remaining)
    let token: TokenID
    do throws(SamplingError) {
      token = try sampler.sample(logits, allowed: allowed)
    } catch { throw .sampling(error) }
    return try constraint?.take(token, remaining: remaining) ?? token
  }

  /// - Parameter logits: nil for a token that was not chosen by them.
  private func report(_ token: TokenID, _ logits: Span<Float>?) throws(GPTOSSError) -> GeneratedToken {
    var report = GeneratedToken(id: token, text: "")
    guard !stopTokens.contains(token) else { return report }
    do throws(TokenizerError) { report.text = try decoder.push(token) } catch { throw .tokenizer(error) }
    if let logits, let count = request.options.logProbabilities {
      report.logProbability = scorer.logProbability(of: token, in: logits)
      report.alternatives = scorer.best(count, in: logits)
    }
    return report
  }

  private func end(_ reason: StopReason) -> Bool {
    statistics.stopReason = reason
    if let firstToken { statistics.decodeTime = .now - firstToken }
    return true
  }

  /// Ends the wait of the task that asked for the generation.
  func finish(throwing error: (any Error)? = nil) {
    if let error { continuation.resume(throwing: error) } else { continuation.resume() }
  }
}

extension Vocabulary {
  /// The tokens that end a turn or a document, as far as the vocabulary has them. What a file names is not
  /// trusted: an early published 20b names another token.
  package var endTokens: Set<TokenID> {
    Set(["<|return|>", "<|call|>", "<|endoftext|>"].compactMap { specialToken($0) })
  }
}

/// Carries a task's cancellation to its generation, also when it comes before the generation has begun.
final class Cancellation: Sendable {
  private let state = Mutex<(isCancelled: Bool, job: GenerationJob?)>((false, nil))

  func attach(_ job: GenerationJob) {
    let isCancelled = state.withLock { state in
      state.job = job
      return state.isCancelled
    }
    if isCancelled { job.cancel() }
  }

  func cancel() {
    let job = state.withLock { state in
      state.isCancelled = true
      return state.job
    }
    job?.cancel()
  }
}

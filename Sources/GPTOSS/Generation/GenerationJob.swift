import GPTOSSModel
import GPTOSSSampling
import GPTOSSTokenizer
import Synchronization

/// One generation under way: reads its prompt, then one token after another.
///
/// Used on the model's thread alone, except for ``cancel()``.
final class GenerationJob: @unchecked Sendable {
  let request: GenerationRequest
  let sequence: CachedSequence
  private(set) var statistics: GenerationStatistics

  private let prompt: [ReadToken]
  private let contextLength: Int
  private let stopTokens: Set<TokenID>
  private let script: [TokenID]?
  private let requested: ContinuousClock.Instant
  private let started = ContinuousClock.now
  private var firstToken: ContinuousClock.Instant?
  private var sampler: Sampler
  private var decoder: StreamingDecoder
  private var scorer = LogProbabilities()
  private var constraint: (any TokenConstraining)?
  private var loop: LoopDetector?
  /// The token that was chosen last and not read yet; nil while the prompt is read.
  private var next: TokenID?
  private let isCancelledFlag = Atomic(false)
  private let continuation: CheckedContinuation<Void, any Error>

  init(
    _ request: GenerationRequest, prompt: [ReadToken], sequence: CachedSequence, model: LoadedModel,
    requested: ContinuousClock.Instant,
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
    decoder = StreamingDecoder(vocabulary: model.vocabulary)
    constraint = request.constraint
    loop = request.options.loopGuard.map(LoopDetector.init)
    do throws(SamplingError) {
      sampler = try Sampler(request.options.sampling.filled(by: model.information.recommendedSampling))
    } catch { throw .sampling(error) }
    sampler.acceptPrompt(request.prompt.tokens)
    statistics = GenerationStatistics(
      promptTokens: request.prompt.tokens.count, cachedTokens: sequence.tokens.count,
      stopReason: .maximumTokens, seed: sampler.seed)
  }

  var isCancelled: Bool { isCancelledFlag.load(ordering: .relaxed) }
  /// Asks for the end; from any thread.
  func cancel() { isCancelledFlag.store(true, ordering: .relaxed) }

  /// Tells how much of the prompt is remembered, before any more of it is read.
  func begin() { _ = request.yield(.prompt(read: sequence.tokens.count, total: prompt.count)) }

  /// Whether the prompt has been read.
  var isDecoding: Bool { next != nil }

  /// Where it stands, for the plan of the next pass.
  var stage: PassPlan.Stage {
    isDecoding ? .decoding : .prompt(remaining: prompt.count - sequence.tokens.count)
  }

  /// The tokens to read next, at least one and at most `limit`, all read alike.
  func pending(atMost limit: Int) -> [ReadToken] {
    if let next { return [ReadToken(id: next, isFine: true)] }
    let rest = prompt[sequence.tokens.count...].prefix(limit)
    return Array(rest.prefix { $0.isFine == rest.first?.isFine })
  }

  /// Takes note that tokens have been read.
  ///
  /// - Parameter logits: of the last of them, `[vocabulary]`; nil unless the prompt has come to its end.
  /// - Returns: whether the generation has ended.
  func advance(past tokens: [ReadToken], _ logits: Span<Float>?) throws(GPTOSSError) -> Bool {
    let first = sequence.tokens.count
    sequence.append(tokens)
    if next == nil {
      for point in request.prompt.checkpoints + [prompt.count]
      where point > first && point <= first + tokens.count {
        sequence.remember(point)
      }
      let reason = request.yield(.prompt(read: first + tokens.count, total: prompt.count))
      if let reason { return end(reason) }
    }
    guard let logits else { return false }
    if next == nil { statistics.prefillTime = .now - started }
    return try choose(logits)
  }

  /// How many tokens may still be generated.
  private var remaining: Int {
    let limit = request.options.maximumTokens.map { $0 - statistics.generatedTokens } ?? .max
    // The last token needs no position: it is not read.
    return min(limit, contextLength - sequence.tokens.count + 1)
  }

  private func choose(_ logits: Span<Float>) throws(GPTOSSError) -> Bool {
    guard remaining > 0 else { return end(.maximumTokens) }
    guard let token = try nextToken(logits) else { return end(.maximumTokens) }
    sampler.accept(token)
    statistics.generatedTokens += 1
    if firstToken == nil {
      firstToken = .now
      statistics.timeToFirstToken = .now - requested
    }
    next = token
    let isStop = stopTokens.contains(token)
    let reason = request.yield(.token(try report(token, isStop ? nil : logits)))
    if isStop { return end(constraint?.cutShort ?? .stopToken) }
    if let reason { return end(reason) }
    if loop?.isLoop(after: token) == true, constraint?.leaveLoop() != true { return end(.repetition) }
    if statistics.generatedTokens == request.options.maximumTokens { return end(.maximumTokens) }
    if sequence.tokens.count == contextLength { return end(.contextFull) }
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

  /// - Parameter logits: nil for a token that ends the text.
  private func report(_ token: TokenID, _ logits: Span<Float>?) throws(GPTOSSError) -> GeneratedToken {
    guard let logits else { return GeneratedToken(id: token, text: "") }
    var report = GeneratedToken(id: token, text: "")
    do throws(TokenizerError) { report.text = try decoder.push(token) } catch { throw .tokenizer(error) }
    if let count = request.options.logProbabilities {
      report.logProbability = scorer.logProbability(of: token, in: logits)
      report.alternatives = scorer.best(count, in: logits)
    }
    return report
  }

  private func end(_ reason: StopReason) -> Bool {
    statistics.stopReason = reason
    if let firstToken { statistics.decodeTime = .now - firstToken }
    _ = request.yield(.finished(text: decoder.finish(), statistics))
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

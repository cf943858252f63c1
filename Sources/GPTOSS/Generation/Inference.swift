import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSTokenizer

/// The actor that computes, on a thread of its own.
///
/// All generations under way go forward together, each with its last token and what is forced or guessed
/// behind it (Yu et al., "Orca", 2022; Leviathan et al., "Fast Inference from Transformers via Speculative
/// Decoding", 2023): a batch of them reads the weights once.
actor Inference {
  private let thread = ActorThread()
  private var loaded: LoadedModel?
  private var pool: SequencePool?
  /// What outlives the process; nil without a cache folder.
  private var store: PrefixStore?
  /// The generations under way, in the order in which they came.
  private var jobs: [GenerationJob] = []
  private var pace = PassPace()
  private var costs = PassCosts(expected: { _ in 1 })
  private var isDriving = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  func load(_ path: String, _ options: LoadOptions) throws(GPTOSSError) -> LoadedModel {
    let model = try LoadedModel(path, options)
    // Weights that run from the file want the memory that is free as their cache.
    let byteLimit = options.cacheByteLimit ?? availableMemoryByteCount() / 4
    pool = SequencePool(byteLimit: byteLimit) { model.makeCache() }
    store = model.prefixes.map { PrefixStore($0, log: options.log) }
    costs =
      options.passCost.map { PassCosts(fixed: $0) }
      ?? PassCosts(expected: model.traffic.byteCount(tokenCount:))
    loaded = model
    return model
  }

  /// Gives memory back; what runs ends with an error at its next token.
  func unload() async {
    await finishKeeping()
    loaded = nil
    pool = nil
    store = nil
  }

  func model() throws(GPTOSSError) -> LoadedModel {
    guard let loaded else { throw .unloaded }
    return loaded
  }

  /// Forgets a conversation that is over.
  func release(_ owner: ConversationIdentity) { pool?.release(owner) }

  /// Reads the prompt, then generates until a reason to stop.
  func generate(_ request: GenerationRequest) async throws {
    let requested = ContinuousClock.now
    let cancellation = Cancellation()
    let prompt = try readTokens(request.prompt)
    let recollection = await recall(prompt, request.owner)
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        begin(request, prompt, recollection, requested, cancellation, continuation)
      }
    } onCancel: {
      cancellation.cancel()
    }
  }

  /// The tokens of a prompt as they are read.
  private func readTokens(_ prompt: TokenizedPrompt) throws(GPTOSSError) -> [ReadToken] {
    let model = try model()
    try model.check(prompt.tokens)
    return prompt.readTokens(generatedAreFiner: model.transformer.precision != .precise)
  }

  /// Calls `body` with the logits of each of `positions`.
  func withLogits(
    of tokens: [TokenID], at positions: Range<Int>, _ body: (Int, Span<Float>) throws -> Void
  ) async throws {
    precondition(positions.lowerBound >= 0 && positions.upperBound <= tokens.count)
    try model().check(tokens)
    let cache = try model().makeCache()
    var first = 0
    while first < positions.upperBound {
      try Task.checkCancellation()
      let model = try model()
      let largestBatch = model.transformer.largestBatch
      let isWanted = first >= positions.lowerBound
      let step = isWanted ? min(Self.largestLogitBatch, largestBatch) : largestBatch
      let end = min(first + step, isWanted ? positions.upperBound : positions.lowerBound)
      let chunk = Array(tokens[first..<end])
      let (logits, _) = try model.forward([BatchEntry(cache, chunk, logits: isWanted ? .all : .none)])
      for row in 0..<logits.rowCount { try logits.withRow(row) { try body(first + row, $0) } }
      first = end
      await Task.yield()
    }
  }

  // MARK: Passes

  private func begin(
    _ request: GenerationRequest, _ prompt: [ReadToken], _ recollection: PrefixStore.Recollection?,
    _ requested: ContinuousClock.Instant, _ cancellation: Cancellation,
    _ continuation: CheckedContinuation<Void, any Error>
  ) {
    do throws(GPTOSSError) {
      let model = try model()
      guard var parting = pool?.parting(of: prompt),
        let sequence = pool?.take(for: prompt, owner: request.owner, given: recollection?.sequence)
      else { throw .unloaded }
      if let recollection { parting.join(recollection.parting) }
      let reuse = PromptReuse(
        recalledTokens: recollection?.sequence?.tokens.count ?? 0,
        difference: PromptDifference(parting, request.prompt, model.vocabulary))
      do throws(GPTOSSError) {
        let job = try GenerationJob(
          request, prompt: prompt, sequence: sequence, reuse: reuse, model: model, requested: requested,
          continuation: continuation)
        jobs.append(job)
        cancellation.attach(job)
        job.begin()
      } catch {
        pool?.giveBack(sequence)
        throw error
      }
    } catch { return continuation.resume(throwing: error) }
    guard !isDriving else { return }
    isDriving = true
    Task { await drive() }
  }

  /// Takes passes until nothing is left to do. In between, requests and cancellations get their turn.
  private func drive() async {
    while !jobs.isEmpty {
      takePass()
      await Task.yield()
    }
    isDriving = false
  }

  /// Reads the next tokens of all jobs: those that the model generated in `precise`, those of prompts as
  /// ``LoadOptions/precision`` says.
  private func takePass() {
    for job in jobs where job.isCancelled { end(job, throwing: CancellationError()) }
    let model: LoadedModel
    do throws(GPTOSSError) { model = try self.model() } catch {
      for job in jobs { end(job, throwing: error) }
      return
    }
    let plan = PassPlan(
      jobs.map(\.stage), largestBatch: model.transformer.largestBatch, timePerToken: pace.timePerToken,
      othersWait: Turns.ofProcess.isTaken)
    let running = jobs
    var counts = plan.counts
    var time = Duration.zero
    var promptTokens = 0
    // A prompt ends with the opening of the answer, which is fine: that way both belong to one pass.
    for isFine in [false, true] {
      var parts: [PassPart] = []
      for (place, job) in running.enumerated() where counts[place] > 0 && jobs.contains(where: { $0 === job })
      {
        let part = job.part(atMost: counts[place])
        guard part.tokens[0].isFine == isFine else { continue }
        parts.append(part)
        counts[place] -= part.tokens.count
        if !job.isDecoding { promptTokens += part.tokens.count }
      }
      guard !parts.isEmpty else { continue }
      // What is guessed is read like what was generated.
      if isFine { addGuesses(to: &parts, room: model.transformer.largestBatch) }
      time += read(parts, model, isFine ? .precise : model.transformer.precision)
    }
    pace.note(promptTokens: promptTokens, time)
  }

  /// Adds what may follow: all that is forced, and as many guesses as are worth their time.
  ///
  /// - Parameter room: the most tokens of the pass.
  private func addGuesses(to parts: inout [PassPart], room: Int) {
    var tokenCount = parts.reduce(0) { $0 + $1.tokens.count }
    var drafts: [(part: Int, guesses: ArraySlice<PassPart.Guess>, chances: [Double])] = []
    for place in parts.indices where parts[place].isAtEnd {
      let outlook = parts[place].job.outlook(
        atMost: min(room - tokenCount, PassCosts.mostTokens - 1), copies: tokenCount < PassCosts.mostTokens)
      let forcedCount = outlook.forcedCount
      parts[place].guesses = Array(outlook.guesses.prefix(forcedCount))
      tokenCount += forcedCount
      drafts.append((place, outlook.guesses[forcedCount...], Array(outlook.chances[forcedCount...])))
    }
    let counts = GuessPlan.counts(
      chances: drafts.map(\.chances), tokenCount: tokenCount, room: room - tokenCount, costs: costs)
    for (draft, count) in zip(drafts, counts) { parts[draft.part].guesses += draft.guesses.prefix(count) }
  }

  /// - Returns: how long it took.
  private func read(_ parts: [PassPart], _ model: LoadedModel, _ precision: Precision) -> Duration {
    let logits: Logits
    let time: Duration
    do throws(GPTOSSError) {
      (logits, time) = try model.forward(parts.map(\.entry), precision: precision)
    } catch {
      for part in parts { end(part.job, throwing: error) }
      return .zero
    }
    if parts.allSatisfy(\.job.isDecoding) {
      costs.note(tokenCount: parts.reduce(0) { $0 + $1.tokenCount }, time)
    }
    var row = 0
    for part in parts {
      let rows = row..<row + (part.isAtEnd ? 1 + part.guesses.count : 0)
      row = rows.upperBound
      do throws(GPTOSSError) {
        let isEnd = try part.job.advance(
          past: part, part.isAtEnd ? PartLogits(all: logits, rows: rows) : nil)
        if isEnd { end(part.job) }
      } catch { end(part.job, throwing: error) }
    }
    return time
  }

  private func end(_ job: GenerationJob, throwing error: (any Error)? = nil) {
    jobs.removeAll { $0 === job }
    store?.keep(job.sequence.draft(), from: self)
    pool?.giveBack(job.sequence)
    job.finish(throwing: error)
  }
}

// MARK: - What outlives the process

extension Inference {
  /// What the cache folder has of a prompt beyond what is remembered here. Others are computed meanwhile.
  private func recall(
    _ prompt: [ReadToken], _ owner: ConversationIdentity?
  ) async -> PrefixStore.Recollection? {
    guard let store, let pool, let loaded else { return nil }
    return await store.recall(prompt, beyond: pool.reach(of: prompt, owner: owner)) { loaded.makeCache() }
  }

  /// What the full layers of a sequence have of some positions.
  ///
  /// - Returns: nil if it has been forgotten, or cut before a point.
  func copy(
    _ sequence: CachedSequence?, _ positions: Range<Int>, upTo point: KeyValueCache.Snapshot
  ) -> [KeyValueCopy]? {
    guard let cache = sequence?.cache, cache.holds(point) else { return nil }
    return cache.copyFullLayers(positions)
  }

  /// Waits until what was read is in the cache folder.
  func finishKeeping() async { await store?.finish() }
}

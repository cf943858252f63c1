import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSTokenizer

/// The actor that computes, on a thread of its own.
///
/// All generations under way go forward together, with one token each per pass (Yu et al., "Orca", 2022): a
/// batch of them reads the weights once.
actor Inference {
  private let thread = InferenceThread()
  private var loaded: LoadedModel?
  private var pool: SequencePool?
  /// The generations under way, in the order in which they came.
  private var jobs: [GenerationJob] = []
  private var pace = PassPace()
  private var isDriving = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  func load(_ path: String, _ options: LoadOptions) throws(GPTOSSError) -> LoadedModel {
    let model = try LoadedModel(path, options)
    // Weights that run from the file want the memory that is free as their cache.
    let byteLimit = options.cacheByteLimit ?? availableMemoryByteCount() / 4
    pool = SequencePool(byteLimit: byteLimit) { model.makeCache() }
    loaded = model
    return model
  }

  /// Gives memory back; what runs ends with an error at its next token.
  func unload() {
    loaded = nil
    pool = nil
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
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        begin(request, requested, cancellation, continuation)
      }
    } onCancel: {
      cancellation.cancel()
    }
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
    _ request: GenerationRequest, _ requested: ContinuousClock.Instant, _ cancellation: Cancellation,
    _ continuation: CheckedContinuation<Void, any Error>
  ) {
    do throws(GPTOSSError) {
      let model = try model()
      try model.check(request.prompt.tokens)
      let prompt = request.prompt.readTokens(generatedAreFiner: model.transformer.precision != .precise)
      guard let sequence = pool?.take(for: prompt, owner: request.owner) else { throw .unloaded }
      do throws(GPTOSSError) {
        let job = try GenerationJob(
          request, prompt: prompt, sequence: sequence, model: model, requested: requested,
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
    var time = Duration.zero
    var shares = Array(zip(jobs, plan.counts))
    var promptTokens = 0
    // A prompt ends with the opening of the answer, which is fine: that way both belong to one pass.
    for isFine in [false, true] {
      var parts: [PassPart] = []
      for (place, (job, count)) in shares.enumerated() where count > 0 && jobs.contains(where: { $0 === job })
      {
        let tokens = job.pending(atMost: count)
        guard tokens[0].isFine == isFine else { continue }
        parts.append(PassPart(job: job, tokens: tokens))
        shares[place].1 -= tokens.count
        if !job.isDecoding { promptTokens += tokens.count }
      }
      if !parts.isEmpty { time += read(parts, model, isFine ? .precise : model.transformer.precision) }
    }
    pace.note(promptTokens: promptTokens, time)
  }

  /// - Returns: how long it took.
  private func read(_ parts: [PassPart], _ model: LoadedModel, _ precision: Precision) -> Duration {
    let batch = parts.map {
      BatchEntry($0.job.sequence.cache, $0.tokens.map(\.id), logits: $0.wantsLogits ? .last : .none)
    }
    let logits: Logits
    let time: Duration
    do throws(GPTOSSError) { (logits, time) = try model.forward(batch, precision: precision) } catch {
      for part in parts { end(part.job, throwing: error) }
      return .zero
    }
    var row = 0
    for part in parts {
      do throws(GPTOSSError) {
        let isEnd: Bool
        if part.wantsLogits {
          defer { row += 1 }
          isEnd = try logits.withRow(row) { (row) throws(GPTOSSError) in
            try part.job.advance(past: part.tokens, row)
          }
        } else {
          isEnd = try part.job.advance(past: part.tokens, nil)
        }
        if isEnd { end(part.job) }
      } catch { end(part.job, throwing: error) }
    }
    return time
  }

  private func end(_ job: GenerationJob, throwing error: (any Error)? = nil) {
    jobs.removeAll { $0 === job }
    pool?.giveBack(job.sequence)
    job.finish(throwing: error)
  }
}

/// Tokens that a pass reads of one generation: at least one, all read alike.
private struct PassPart {
  let job: GenerationJob
  let tokens: [ReadToken]

  /// Whether the token after these is to be chosen.
  var wantsLogits: Bool {
    job.isDecoding || job.sequence.tokens.count + tokens.count == job.request.prompt.tokens.count
  }
}

import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSStructuredOutput
import GPTOSSTokenizer

/// The actor that computes, on a thread of its own.
///
/// All generations under way go forward together, with one token each per pass (Yu et al., "Orca", 2022): a
/// batch of them reads the weights once.
actor Inference {
  private let thread = InferenceThread()
  private var loaded: LoadedModel?
  private var pool: SequencePool?
  private var trie: TokenTrie?
  /// The generations under way, in the order in which they came.
  private var jobs: [GenerationJob] = []
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
    trie = nil
  }

  private func model() throws(GPTOSSError) -> LoadedModel {
    guard let loaded else { throw .unloaded }
    return loaded
  }

  /// The vocabulary as constraints see it, made when it is first needed: a tenth of a second for gpt-oss's
  /// 201,088 tokens.
  func tokenTrie() throws(GPTOSSError) -> TokenTrie {
    if let trie { return trie }
    let made = TokenTrie(try model().vocabulary)
    trie = made
    return made
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
      // Logits of 32 positions of 201,088 tokens are 26 MB.
      let step = isWanted ? min(32, largestBatch) : largestBatch
      let end = min(first + step, isWanted ? positions.upperBound : positions.lowerBound)
      let chunk = Array(tokens[first..<end])
      let logits = try model.forward([BatchEntry(cache, chunk, logits: isWanted ? .all : .none)])
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
    let plan = BatchPlan(jobs, largestBatch: model.transformer.largestBatch)
    for isFine in [true, false] {
      let parts = plan.parts.filter { $0.isFine == isFine }
      if !parts.isEmpty { read(parts, model, isFine ? .precise : model.transformer.precision) }
    }
  }

  private func read(_ parts: [BatchPlan.Part], _ model: LoadedModel, _ precision: Precision) {
    let batch = parts.map {
      BatchEntry($0.job.sequence.cache, $0.tokens.map(\.id), logits: $0.wantsLogits ? .last : .none)
    }
    let logits: Logits
    do throws(GPTOSSError) { logits = try model.forward(batch, precision: precision) } catch {
      for part in parts { end(part.job, throwing: error) }
      return
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
  }

  private func end(_ job: GenerationJob, throwing error: (any Error)? = nil) {
    jobs.removeAll { $0 === job }
    pool?.giveBack(job.sequence)
    job.finish(throwing: error)
  }
}

/// Which tokens of which generations the next pass reads.
///
/// Every generation that decodes takes part with its token, so that they share the reading of the weights.
/// The room that is left goes to prompts, the oldest first.
struct BatchPlan {
  /// The most tokens of a pass that go to a prompt while others decode: they wait for it. At 20b on two cores
  /// these take about half a second.
  static let promptShareBesideDecoding = 64

  struct Part {
    let job: GenerationJob
    /// At least one, all read alike.
    let tokens: [ReadToken]

    /// Whether the tokens are read as finely as what the model generates.
    var isFine: Bool { tokens[0].isFine }

    /// Whether the token after these is to be chosen.
    var wantsLogits: Bool {
      job.isDecoding || job.sequence.tokens.count + tokens.count == job.request.prompt.tokens.count
    }
  }

  private(set) var parts: [Part] = []

  /// - Parameters:
  ///   - jobs: in the order in which they came.
  ///   - largestBatch: the most tokens of a pass.
  init(_ jobs: [GenerationJob], largestBatch: Int) {
    var room = largestBatch
    for job in jobs where job.isDecoding && room > 0 {
      add(job, 1)
      room -= 1
    }
    if !parts.isEmpty { room = min(room, Self.promptShareBesideDecoding) }
    for job in jobs where !job.isDecoding && room > 0 {
      add(job, room)
      room -= parts[parts.count - 1].tokens.count
    }
  }

  private mutating func add(_ job: GenerationJob, _ limit: Int) {
    parts.append(Part(job: job, tokens: job.pending(atMost: limit)))
  }
}

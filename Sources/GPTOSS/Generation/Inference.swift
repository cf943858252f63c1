import GGUF
import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSSampling
import GPTOSSTokenizer

/// The actor that computes, on a thread of its own.
///
/// All generations under way go forward together, a token each in one pass (Yu et al., "Orca", 2022): a batch of them reads the
/// weights once.
actor Inference {
  private let thread = InferenceThread()
  private var loaded: Loaded?
  private var pool: SequencePool?
  private var textVocabularyIfMade: TextVocabulary?
  /// The generations under way, in the order in which they came.
  private var jobs: [GenerationJob] = []
  private var isDriving = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// A model that is ready to run.
  struct Loaded: Sendable {
    let transformer: Transformer
    let vocabulary: Vocabulary
    let cacheElement: CacheElement?
    let information: ModelInformation
    let script: (@Sendable ([TokenID]) -> [TokenID]?)?

    var configuration: Configuration { transformer.configuration }
  }

  func load(_ path: String, _ options: LoadOptions) throws(GPTOSSError) -> Loaded {
    let file: GGUFFile
    do { file = try GGUFFile(path: path) } catch { throw .file(error) }
    let transformer: Transformer
    do {
      transformer = try Transformer(
        file, kernels: options.kernels, weights: options.weights, precision: options.precision,
        threadCount: options.threads ?? availableThreadCount(), contextLength: options.contextLength,
        largestBatch: options.largestBatch, progress: options.progress)
    } catch { throw .model(error) }
    let vocabulary = try Vocabulary.read(from: file.metadata)
    guard vocabulary.count == transformer.vocabularySize else {
      throw .vocabularyMismatch(tokens: vocabulary.count, rows: transformer.vocabularySize)
    }
    let loaded = Loaded(
      transformer: transformer, vocabulary: vocabulary, cacheElement: options.cacheElement,
      information: try ModelInformation(file, path, transformer), script: options.script)
    let element = options.cacheElement
    // Weights that run from the file want the memory that is free as their cache.
    let byteLimit = options.cacheByteLimit ?? availableMemoryByteCount() / 4
    pool = SequencePool(byteLimit: byteLimit) { transformer.makeCache(element: element) }
    self.loaded = loaded
    return loaded
  }

  /// Gives memory back; what runs ends with an error at its next token.
  func unload() {
    loaded = nil
    pool = nil
    textVocabularyIfMade = nil
  }

  /// The vocabulary as constraints see it, made when it is first needed.
  func textVocabulary() throws(GPTOSSError) -> TextVocabulary {
    if let textVocabularyIfMade { return textVocabularyIfMade }
    let made = TextVocabulary(try model().vocabulary)
    textVocabularyIfMade = made
    return made
  }

  /// Forgets a conversation that is over.
  func release(_ owner: SequenceOwner) { pool?.release(owner) }

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
    let model = try model()
    precondition(positions.lowerBound >= 0 && positions.upperBound <= tokens.count)
    try check(tokens, model)
    let cache = model.transformer.makeCache(element: model.cacheElement)
    var first = 0
    while first < positions.upperBound {
      try Task.checkCancellation()
      let isWanted = first >= positions.lowerBound
      // Logits of 32 positions of 201,088 tokens are 26 MB.
      let step = isWanted ? min(32, model.transformer.largestBatch) : model.transformer.largestBatch
      let end = min(first + step, isWanted ? positions.upperBound : positions.lowerBound)
      let chunk = Array(tokens[first..<end])
      let logits = try forward([BatchEntry(cache, chunk, logits: isWanted ? .all : .none)])
      for row in 0..<logits.rowCount { try logits.withRow(row) { try body(first + row, $0) } }
      first = end
      await Task.yield()
    }
  }

  // MARK: Generations

  private func begin(
    _ request: GenerationRequest, _ requested: ContinuousClock.Instant, _ cancellation: Cancellation,
    _ continuation: CheckedContinuation<Void, any Error>
  ) {
    do throws(GPTOSSError) {
      let model = try model()
      try check(request.prompt.tokens, model)
      let prompt = request.prompt.readTokens(generatedAreFiner: model.transformer.precision != .precise)
      guard let sequence = pool?.take(for: prompt, owner: request.owner) else { throw .unloaded }
      do throws(GPTOSSError) {
        let job = try GenerationJob(
          request, prompt: prompt, sequence: sequence, model: model, requested: requested,
          continuation: continuation)
        jobs.append(job)
        cancellation.attach(job)
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

  private func takePass() {
    for job in jobs where job.isCancelled { end(job, throwing: CancellationError()) }
    let model: Loaded
    do throws(GPTOSSError) { model = try self.model() } catch {
      for job in jobs { end(job, throwing: error) }
      return
    }
    let plan = BatchPlan(jobs, largestBatch: model.transformer.largestBatch)
    for isFine in [true, false] {
      let parts = plan.parts.filter { $0.isFine == isFine }
      if !parts.isEmpty { read(parts, isFine ? .precise : model.transformer.precision) }
    }
  }

  private func read(_ parts: [BatchPlan.Part], _ precision: Precision) {
    let logits: Logits
    do throws(GPTOSSError) {
      logits = try forward(
        parts.map {
          BatchEntry(
            $0.job.sequence.cache, $0.tokens.map(\.id), logits: $0.wantsLogits ? .last : .none)
        }, precision)
    } catch {
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

  // MARK: The model

  /// Refuses the whole sequence before any of it is read.
  private func check(_ tokens: [TokenID], _ model: Loaded) throws(GPTOSSError) {
    guard !tokens.isEmpty else { throw .emptyPrompt }
    for token in tokens where token < 0 || token >= model.transformer.vocabularySize {
      throw .model(.tokenOutOfRange(token, vocabularySize: model.transformer.vocabularySize))
    }
    guard tokens.count <= model.configuration.contextLength else {
      throw .model(.contextFull(needed: tokens.count, limit: model.configuration.contextLength))
    }
  }

  private func model() throws(GPTOSSError) -> Loaded {
    guard let loaded else { throw .unloaded }
    return loaded
  }

  private func forward(_ batch: [BatchEntry], _ precision: Precision? = nil) throws(GPTOSSError)
    -> Logits
  {
    let transformer = try model().transformer
    do { return try transformer.forward(batch, precision: precision) } catch { throw .model(error) }
  }
}

import GGUF
import GPTOSSKernels
import GPTOSSModel
import GPTOSSSampling
import GPTOSSTokenizer

/// The actor that computes, on a thread of its own. Several generations take turns token by token.
actor Inference {
  private let thread = InferenceThread()
  private var loaded: Loaded?

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// A model that is ready to run.
  struct Loaded: Sendable {
    let transformer: Transformer
    let vocabulary: Vocabulary
    let cacheElement: CacheElement?
    let information: ModelInformation

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
    let name: String
    do { name = try file.metadata.stringIfPresent("general.name") ?? path } catch { throw .file(error) }
    let loaded = Loaded(
      transformer: transformer, vocabulary: vocabulary, cacheElement: options.cacheElement,
      information: ModelInformation(
        name: name, weightByteCount: file.tensors.reduce(0) { $0 + $1.byteCount },
        parameterCount: file.tensors.reduce(0) { $0 + $1.dimensions.reduce(1, *) },
        kernels: transformer.kernels.rawValue, weights: transformer.weightResidency,
        threads: transformer.threadCount))
    self.loaded = loaded
    return loaded
  }

  func unload() { loaded = nil }

  /// Reads `prompt`, then generates until a reason to stop.
  func generate(
    _ prompt: [TokenID], _ options: GenerationOptions, yield: (GenerationEvent) -> Void
  ) async throws {
    let model = try model()
    guard !prompt.isEmpty else { throw GPTOSSError.emptyPrompt }
    try check(prompt, model)
    let clock = ContinuousClock()
    let start = clock.now
    var sampler = try makeSampler(options.sampling, prompt)
    var decoder = StreamingDecoder(vocabulary: model.vocabulary)
    let stopTokens = options.stopTokens ?? model.vocabulary.endTokens
    let cache = model.transformer.makeCache(element: model.cacheElement)

    var logits = try await read(prompt, into: cache) { yield(.prompt(read: $0, total: prompt.count)) }
    var statistics = GenerationStatistics(
      promptTokens: prompt.count, generatedTokens: 0, prefillTime: clock.now - start, timeToFirstToken: .zero,
      decodeTime: .zero, stopReason: .maximumTokens, seed: sampler.seed)
    var firstToken = clock.now
    while statistics.generatedTokens < options.maximumTokens ?? .max {
      let token = try sample(&sampler, logits)
      sampler.accept(token)
      statistics.generatedTokens += 1
      if statistics.generatedTokens == 1 {
        firstToken = clock.now
        statistics.timeToFirstToken = firstToken - start
      }
      if stopTokens.contains(token) {
        yield(.token(token, text: ""))
        statistics.stopReason = .stopToken
        break
      }
      yield(.token(token, text: try text(of: token, &decoder)))
      if statistics.generatedTokens == options.maximumTokens { break }
      if cache.count == model.configuration.contextLength {
        statistics.stopReason = .contextFull
        break
      }
      logits = try await read([token], into: cache, precision: .precise) { _ in }
    }
    statistics.decodeTime = clock.now - firstToken
    yield(.finished(text: decoder.finish(), statistics))
  }

  /// Calls `body` with the logits of each of `positions`.
  func withLogits(
    of tokens: [TokenID], at positions: Range<Int>, _ body: (Int, Span<Float>) throws -> Void
  ) async throws {
    let model = try model()
    guard !tokens.isEmpty else { throw GPTOSSError.emptyPrompt }
    precondition(positions.lowerBound >= 0 && positions.upperBound <= tokens.count)
    try check(tokens, model)
    let cache = model.transformer.makeCache(element: model.cacheElement)
    _ = try await read(Array(tokens[..<positions.lowerBound]), into: cache) { _ in }
    // Logits of 32 positions of 201,088 tokens are 26 MB.
    let step = min(32, model.transformer.largestBatch)
    for first in stride(from: positions.lowerBound, to: positions.upperBound, by: step) {
      try Task.checkCancellation()
      let chunk = first..<min(first + step, positions.upperBound)
      let logits = try forward([GPTOSSModel.Segment(cache, Array(tokens[chunk]), logits: .all)])
      for row in 0..<logits.rowCount { try logits.withRow(row) { try body(first + row, $0) } }
      await Task.yield()
    }
  }

  /// Reads tokens in batches; other generations get their turn in between.
  ///
  /// - Parameter precision: nil for the one that the model was loaded with.
  /// - Returns: the last token's logits.
  private func read(
    _ tokens: [TokenID], into cache: KeyValueCache, precision: Precision? = nil, progress: (Int) -> Void
  ) async throws -> Logits? {
    let model = try model()
    var logits: Logits?
    for first in stride(from: 0, to: tokens.count, by: model.transformer.largestBatch) {
      try Task.checkCancellation()
      let end = min(first + model.transformer.largestBatch, tokens.count)
      let isLast = end == tokens.count
      logits = try forward(
        [GPTOSSModel.Segment(cache, Array(tokens[first..<end]), logits: isLast ? .last : .none)], precision)
      progress(end)
      await Task.yield()
    }
    return logits
  }

  /// Refuses the whole sequence before any of it is read.
  private func check(_ tokens: [TokenID], _ model: Loaded) throws(GPTOSSError) {
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

  private func forward(
    _ segments: [GPTOSSModel.Segment], _ precision: Precision? = nil
  ) throws(GPTOSSError) -> Logits {
    let transformer = try model().transformer
    do { return try transformer.forward(segments, precision: precision) } catch { throw .model(error) }
  }

  private func makeSampler(_ options: SamplingOptions, _ prompt: [TokenID]) throws(GPTOSSError) -> Sampler {
    do throws(SamplingError) {
      var sampler = try Sampler(options)
      sampler.acceptPrompt(prompt)
      return sampler
    } catch { throw .sampling(error) }
  }

  private func sample(_ sampler: inout Sampler, _ logits: Logits?) throws(GPTOSSError) -> TokenID {
    guard let logits else { throw .emptyPrompt }
    do throws(SamplingError) {
      return try logits.withRow(0) { (row) throws(SamplingError) in try sampler.sample(row) }
    } catch { throw .sampling(error) }
  }

  private func text(of token: TokenID, _ decoder: inout StreamingDecoder) throws(GPTOSSError) -> String {
    do { return try decoder.push(token) } catch { throw .tokenizer(error) }
  }
}

extension Vocabulary {
  /// The tokens that end a turn or a document, of those that the vocabulary has. What a file says is not trusted: an
  /// early published 20b names another.
  var endTokens: Set<TokenID> {
    Set(["<|return|>", "<|call|>", "<|endoftext|>"].compactMap { specialToken($0) })
  }
}

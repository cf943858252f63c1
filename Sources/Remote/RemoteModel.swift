public import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSPlatform
import GPTOSSSampling
import GPTOSSStructuredOutput
public import GPTOSSTokenizer

/// A gpt-oss model that a server runs: vLLM on GPUs, or another `gptoss serve`.
///
///     let vocabulary = try Vocabulary(tiktoken: "o200k_base.tiktoken")
///     let model = try await RemoteModel.connect(
///       to: "http://localhost:8000", model: "openai/gpt-oss-20b", vocabulary: vocabulary)
///     let session = ChatSession(model: model, instructions: "Be brief.")
///
/// The Harmony format is rendered and read here; the server gets token ids and returns them. Sessions, tools,
/// typed answers and transcripts are the same as with a model in this process, and so are errors, but for
/// those of the server and the network: `GPTOSSError.engine` with a ``RemoteError``.
///
/// **What is held.** gptoss holds an answer as a model in this process would be held. vLLM gets a structural
/// tag, and what comes back is checked: an answer that is not what it had to be is
/// ``RemoteError/notHeld(server:problem:)``. An answer that a limit cuts off is not completed in the shortest
/// way, as it is here.
///
/// **What is not said.** The temperature and the filters that a request leaves out are those that the model's
/// file recommends where the server is a gptoss. With vLLM they change nothing (temperature 1).
///
/// **What is not there.** A penalty window; with vLLM, a reasoning budget of seconds. Reasoning that repeats
/// itself ends the generation. No request is repeated: whoever gets an error decides.
public final class RemoteModel: TokenModel {
  /// What the server says of its model.
  public let profile: ModelProfile
  /// The model's vocabulary.
  public let tokenizer: Tokenizer
  /// Where it runs: host and port.
  public var server: String { connection.name }

  private let encoding: HarmonyEncoding
  private let connection: RemoteServer
  private let dialect: Dialect
  /// Whether the server is a gptoss: it takes the rules of an answer as we have them, and not as structural
  /// tags, and it knows what its model's file recommends.
  private let isOwn: Bool
  private let trie = SharedTrie()

  /// Finds a server's model, and makes sure that it can be spoken to.
  ///
  /// - Parameters:
  ///   - address: the server's URL, such as `http://localhost:8000`; `/v1` at its end makes no difference.
  ///   - name: what the server calls the model; nil for the one that it has, or has loaded.
  ///   - key: the server's API key; nil if it wants none.
  ///   - vocabulary: the model's: of its GGUF file, or `o200k_base.tiktoken`.
  ///   - limits: how long the server is waited for.
  /// - Throws: ``RemoteError``; `GPTOSSError.harmony` for a vocabulary without Harmony's tokens;
  ///   `CancellationError`.
  public static func connect(
    to address: String, model name: String? = nil, key: String? = nil, vocabulary: Vocabulary,
    limits: RemoteLimits = RemoteLimits()
  ) async throws -> RemoteModel {
    try await connect(to: address, model: name, key: key, limits: limits) { _ in vocabulary }
  }

  /// Refuses what is no address of a server, or no key, without asking anybody.
  ///
  /// - Throws: ``RemoteError/malformedAddress(_:)``, ``RemoteError/malformedKey``.
  package static func check(address: String, key: String?) throws(RemoteError) {
    _ = try RemoteServer.baseURL(address)
    _ = try RemoteServer.headers(key: key)
  }

  /// Finds a server's model and its vocabulary.
  ///
  /// - Parameters:
  ///   - address: as of ``connect(to:model:key:vocabulary:limits:)``.
  ///   - name: as there.
  ///   - key: as there.
  ///   - limits: as there.
  ///   - vocabulary: finds the vocabulary of the model, by the name that the server has for it.
  /// - Throws: the same, and what `vocabulary` throws.
  public static func connect(
    to address: String, model name: String? = nil, key: String? = nil, limits: RemoteLimits = RemoteLimits(),
    vocabulary: (_ name: String) async throws -> Vocabulary
  ) async throws -> RemoteModel {
    let connection = try RemoteServer(address, key: key, limits: limits)
    let listing = try await connection.model(named: name)
    let tokenizer = Tokenizer(vocabulary: try await vocabulary(listing.name))
    let encoding: HarmonyEncoding
    do throws(HarmonyError) { encoding = try HarmonyEncoding(tokenizer: tokenizer) } catch {
      throw GPTOSSError.harmony(error)
    }
    let dialect = try await connection.dialect(listing.name)
    try await connection.compareVocabulary(encoding, listing.name)
    return RemoteModel(connection, listing, dialect, encoding)
  }

  private init(
    _ connection: RemoteServer, _ listing: ModelListing, _ dialect: Dialect, _ encoding: HarmonyEncoding
  ) {
    self.connection = connection
    self.dialect = dialect
    self.encoding = encoding
    tokenizer = encoding.tokenizer
    isOwn = listing.isOwn
    profile = ModelProfile(
      name: listing.name,
      fingerprint: "\(listing.name) with \(encoding.tokenizer.vocabulary.count) tokens, remote",
      contextLength: listing.contextLength, openingTokenCount: encoding.assistantOpening.count,
      vocabularyCount: encoding.tokenizer.vocabulary.count, isRemote: true)
  }

  // MARK: Conversations

  /// Renders the messages that have no tokens in the Harmony format (Docs/Harmony.md).
  ///
  /// - Throws: `GPTOSSError.harmony` for a message that cannot be rendered.
  public func measure(_ entries: inout [Transcript.Entry]) throws(GPTOSSError) {
    try encoding.measure(&entries)
  }

  /// Lets the server write the next messages.
  ///
  /// - Throws: `GPTOSSError`, and `CancellationError` if the task was cancelled, which closes the connection.
  public func write(_ request: ModelRequest, to channel: ModelChannel) async throws {
    let prompt = try await LongWork.run { try encoding.prompt(for: request, opensAnswer: true) }
    let options = request.options.generation
    let reader = Locked(
      ResponseReader(
        encoding, tools: request.tools.map(\.recipient), stopSequences: options.stopSequences,
        reportsTokens: options.logProbabilities != nil, reportsPreambles: request.reportsPreambles,
        firstCall: request.callCount, followsText: request.followsText))
    defer { channel.set(reader.withLock { $0.written() }) }
    let contract = try await contract(request)
    try await run(prompt.tokens, options, structure: try structure(request, contract)) { event in
      let (events, reason) = reader.withLock { $0.read(event) }
      events.forEach(channel.send)
      return reason
    }
    let written = reader.withLock { $0.written() }
    guard let contract, written.statistics.stopReason == .stopToken else { return }
    do throws(ContractFault) { try contract.check(written.messages.map(\.message), written.reasoning) } catch
    {
      throw GPTOSSError.engine(RemoteError.notHeld(server: server, problem: "\(error)"))
    }
  }

  /// - Throws: `GPTOSSError.structuredOutput` for a format that cannot be held, `.toolSchema` for a strict
  ///   tool's schema, `.tooManySchemas`, `.undeclaredTool`; `.engine` for what the server cannot hold.
  public func notices(of request: ModelRequest) async throws(GPTOSSError) -> [ConstraintNotice] {
    let contract = try await contract(request)
    _ = try structure(request, contract)
    return contract?.notices ?? []
  }

  /// What an answer has to be; nil for one that is read tolerantly.
  private func contract(_ request: ModelRequest) async throws(GPTOSSError) -> AnswerContract? {
    guard request.options.generation.stopTokens == nil, request.hasRules else { return nil }
    let trie = self.trie.made(of: tokenizer.vocabulary)
    return try await CompilationQueue.shared.run { (budget) throws(GPTOSSError) in
      try AnswerContract(trie, request, budget: budget)
    }
  }

  /// What the answer is held to, as the server takes it.
  private func structure(
    _ request: ModelRequest, _ contract: AnswerContract?
  ) throws(GPTOSSError) -> JSONValue? {
    if isOwn { return request.options.generation.stopTokens == nil ? ["harmony": request.rules] : nil }
    guard let contract else { return nil }
    do throws(RemoteError) { return try StructuralTag(encoding).structure(contract) } catch {
      throw .engine(error)
    }
  }

  // MARK: Tokens

  /// Continues a sequence of tokens, as a model in this process does.
  public func generate(from prompt: [TokenID], options: GenerationOptions) -> EventStream<GenerationEvent> {
    .generating(stopSequences: options.stopSequences) { yield in
      try await self.run(prompt, options, structure: nil, yield)
    }
  }

  /// Continues the opening of an answer. What the server did not hold is not found out: the tokens are passed
  /// on as they are.
  public func generate(
    from prompt: [TokenID], answering request: ModelRequest
  ) -> EventStream<GenerationEvent> {
    let options = request.options.generation
    return .generating(stopSequences: options.stopSequences) { yield in
      let structure = try self.structure(request, try await self.contract(request))
      try await self.run(prompt, options, structure: structure, yield)
    }
  }

  private func run(
    _ prompt: [TokenID], _ options: GenerationOptions, structure: JSONValue?,
    _ yield: @escaping @Sendable (GenerationEvent) -> StopReason?
  ) async throws {
    let vocabulary = tokenizer.vocabulary
    try check(prompt, options)
    let room = profile.contextLength - prompt.count
    let limit = min(options.maximumTokens ?? room, room)
    // 53 bits: what every JSON reader keeps.
    let seed = options.sampling.seed ?? UInt64.random(in: 0..<1 << 53)
    guard limit > 0 else {
      let statistics = GenerationStatistics(
        promptTokens: prompt.count, stopReason: .maximumTokens, seed: seed)
      _ = yield(.finished(text: "", statistics))
      return
    }
    // The other endpoint leaves out one of the best tokens where another was chosen.
    let dialect = options.logProbabilities == nil ? self.dialect : .completions
    let order = TokenStream.Order(
      server: connection.name, model: profile.name, dialect: dialect, vocabularyCount: vocabulary.count,
      promptCount: prompt.count, limit: limit, isContextLimited: (options.maximumTokens ?? .max) > room,
      stopTokens: options.stopTokens ?? vocabulary.endTokens, logProbabilities: options.logProbabilities)
    let body: JSONValue
    do throws(RemoteError) {
      body = try dialect.body(
        prompt, order, options.sampling, seed: seed, ends: vocabulary.endTokens, structure: structure,
        isOwn: isOwn)
    } catch { throw GPTOSSError.engine(error) }
    let generation = RemoteGeneration(
      order, vocabulary, loopGuard: options.loopGuard, seed: seed, yield: yield)
    try await generation.run(body, on: connection)
  }

  /// Refuses before anything is sent what would be refused, or ignored without a word.
  private func check(_ prompt: [TokenID], _ options: GenerationOptions) throws(GPTOSSError) {
    guard !prompt.isEmpty else { throw .emptyPrompt }
    let count = tokenizer.vocabulary.count
    for token in prompt where token < 0 || token >= count {
      throw .model(.tokenOutOfRange(token, vocabularySize: count))
    }
    guard prompt.count < profile.contextLength || options.maximumTokens == 0 else {
      throw .model(.contextFull(needed: prompt.count + 1, limit: profile.contextLength))
    }
    do throws(SamplingError) { try options.sampling.validate() } catch { throw .sampling(error) }
    for token in options.sampling.logitBias.keys where token >= count {
      throw .sampling(.biasedTokenOutOfRange(token: token, vocabularySize: count))
    }
    do throws(RemoteError) { try options.sampling.checkForRemote() } catch { throw .engine(error) }
  }
}

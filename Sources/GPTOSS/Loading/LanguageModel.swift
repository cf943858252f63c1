public import Foundation
import GGUF
import GPTOSSHarmony
public import GPTOSSModel
import GPTOSSPlatform
import GPTOSSStructuredOutput
public import GPTOSSTokenizer

/// A gpt-oss model in memory, shared by any number of sessions and tasks.
///
///     let model = try await LanguageModel.load(contentsOf: "gpt-oss-20b.gguf")
///     for try await event in model.generate(from: model.tokenizer.encode("Once upon a time")) {
///       if case .token(let token) = event { print(token.text, terminator: "") }
///     }
///
/// Its memory is given back when the last reference to it is gone, or at once by ``unload()``.
public final class LanguageModel: Sendable {
  /// The model's dimensions and constants; `contextLength` as limited at load.
  public let configuration: Configuration
  /// The model's own vocabulary.
  public let tokenizer: Tokenizer
  /// What was loaded, and how.
  public let information: ModelInformation

  let encoding: Result<HarmonyEncoding, HarmonyError>
  let inference: Inference
  private let trie = SharedTrie()

  /// Opens a model.
  ///
  /// - Parameters:
  ///   - path: a GGUF file of architecture `gpt-oss`, or any part of a split one.
  ///   - options: how to load it.
  /// - Returns: the model, ready to generate.
  /// - Throws: `GPTOSSError` if the file cannot be read, is damaged or holds another model, if the CPU lacks
  ///   what the kernels need, or if memory does not suffice; `.unloaded` if the task was cancelled meanwhile.
  public static func load(
    contentsOf path: String, options: LoadOptions = LoadOptions()
  ) async throws(GPTOSSError) -> LanguageModel {
    try await LanguageModel(path, options)
  }

  /// Opens a model that a URL names.
  ///
  /// - Parameters:
  ///   - url: the file; of a split model, any part.
  ///   - options: how to load it.
  /// - Returns: the model, ready to generate.
  /// - Throws: `GPTOSSError` as for a path, and `.file` for the address of something else than a local file.
  public static func load(
    contentsOf url: URL, options: LoadOptions = LoadOptions()
  ) async throws(GPTOSSError) -> LanguageModel {
    let path: String
    do { path = try url.filePath() } catch { throw .file(error) }
    return try await LanguageModel(path, options)
  }

  private init(_ path: String, _ options: LoadOptions) async throws(GPTOSSError) {
    let clock = ContinuousClock()
    let start = clock.now
    BuildWarning.ofProcess.give(to: options.log)
    let inference = Inference()
    let loaded = try await inference.load(path, options)
    self.inference = inference
    configuration = loaded.configuration
    tokenizer = Tokenizer(vocabulary: loaded.vocabulary)
    do throws(HarmonyError) { encoding = .success(try HarmonyEncoding(tokenizer: tokenizer)) } catch {
      encoding = .failure(error)
    }
    var information = loaded.information
    information.loadTime = clock.now - start
    self.information = information
  }

  /// Continues a sequence of tokens.
  ///
  /// The tokens are taken as they are: there is no Harmony format, and nothing is put before them. The work
  /// begins at once, on the model's own threads. ``EventStream`` says how to stop it.
  ///
  /// - Parameters:
  ///   - prompt: token ids below the vocabulary's count, at least one and at most as many as the context
  ///     holds.
  ///   - options: how tokens are chosen and when to stop.
  /// - Returns: events: the prompt's progress, each token, and the end with statistics. The stream throws
  ///   `GPTOSSError`, and `CancellationError` if it was stopped.
  public func generate(
    from prompt: [TokenID], options: GenerationOptions = GenerationOptions()
  ) -> EventStream<GenerationEvent> {
    .generating(stopSequences: options.stopSequences) { yield in
      try await self.inference.generate(
        GenerationRequest(prompt: TokenizedPrompt(prompt), options: options, yield: yield))
    }
  }

  /// Computes logits without generating.
  ///
  /// - Parameters:
  ///   - tokens: token ids below the vocabulary's count, at least one and at most as many as the context
  ///     holds.
  ///   - positions: the positions whose logits are wanted. The logits of a position are about the token that
  ///     follows it.
  ///   - body: called for each wanted position in order, on the model's thread, with the position and its
  ///     logits, `[vocabulary]`.
  /// - Throws: `GPTOSSError` for no token, ids outside the vocabulary or too many tokens,
  ///   `CancellationError`, and what `body` throws.
  /// - Precondition: `positions` are within `0 ..< tokens.count`.
  public func withLogits(
    of tokens: [TokenID], at positions: Range<Int>,
    _ body: @escaping @Sendable (_ position: Int, _ logits: Span<Float>) throws -> Void
  ) async throws {
    try await inference.withLogits(of: tokens, at: positions, body)
  }

  /// Waits until what was read is in the cache folder (``LoadOptions/cacheDirectory``): before a program ends.
  public func finishKeeping() async { await inference.finishKeeping() }

  /// Gives the model's memory back, after ``finishKeeping()``. Generations under way end with
  /// `GPTOSSError.unloaded`, and so does every later request.
  public func unload() async {
    await inference.unload()
    trie.forget()
  }

  /// The vocabulary as constraints see it, made when it is first needed: a tenth of a second for gpt-oss's
  /// 201,088 tokens. Nobody waits for the model's thread to get it.
  func tokenTrie() -> TokenTrie { trie.made(of: tokenizer.vocabulary) }

  /// Generates as a request says; returns when it is done.
  package func generate(_ request: GenerationRequest) async throws { try await inference.generate(request) }
}

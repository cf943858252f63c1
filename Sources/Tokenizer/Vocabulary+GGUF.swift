public import GGUF
import GPTOSSPlatform

#if canImport(FoundationEssentials)
  public import struct FoundationEssentials.URL
#else
  public import struct Foundation.URL
#endif

extension Vocabulary {
  /// The `tokenizer.ggml.model` that gpt-oss files have: byte-level byte-pair encoding.
  private static let modelName = "gpt2"
  /// The `tokenizer.ggml.pre` values under which text is split as o200k splits it.
  private static let splitters: Set<String> = ["gpt-4o", "o200k"]

  /// Reads the vocabulary of a GGUF file; its weights are not touched.
  ///
  ///     let tokenizer = Tokenizer(vocabulary: try Vocabulary(gguf: "gpt-oss-20b.gguf"))
  ///
  /// - Parameter path: the file, or any part of a split one.
  /// - Throws: ``TokenizerError/file(_:)`` for a file that cannot be read or lacks a vocabulary,
  ///   ``TokenizerError/unsupportedVocabulary(model:splitter:)`` for one of another kind, and other cases for
  ///   lists that are no byte-level vocabulary.
  public convenience init(gguf path: String) throws(TokenizerError) {
    let file: GGUFFile
    do { file = try GGUFFile(path: path) } catch { throw .file(error) }
    try self.init(metadata: file.metadata)
  }

  /// Reads the vocabulary of a GGUF file that a URL names.
  ///
  /// - Throws: as ``init(gguf:)`` for a path.
  public convenience init(gguf url: URL) throws(TokenizerError) {
    let file: GGUFFile
    do { file = try GGUFFile(url: url) } catch { throw .file(error) }
    try self.init(metadata: file.metadata)
  }

  /// Reads the vocabulary that a GGUF file carries: its tokens, their types and its merges.
  ///
  /// - Parameter metadata: the file's metadata; keys below `tokenizer.ggml.`. The file need not stay open.
  /// - Throws: as `init(gguf:)`.
  public convenience init(metadata: GGUFMetadata) throws(TokenizerError) {
    let model: String
    let splitter: String
    let tokens: GGUFStrings
    let types: [Int32]
    let merges: GGUFStrings
    do throws(GGUFError) {
      model = try metadata.string("tokenizer.ggml.model")
      splitter = try metadata.string("tokenizer.ggml.pre")
      tokens = try metadata.strings("tokenizer.ggml.tokens")
      types = try metadata.elements("tokenizer.ggml.token_type", as: Int32.self)
      merges = try metadata.strings("tokenizer.ggml.merges")
    } catch { throw .file(error) }
    guard model == Self.modelName, Self.splitters.contains(splitter) else {
      throw .unsupportedVocabulary(model: model, splitter: splitter)
    }
    var builder = VocabularyBuilder(tokenTypes: types)
    for token in tokens {
      try token.withBytes { (bytes) throws(TokenizerError) in try builder.append(token: bytes) }
    }
    for merge in merges {
      try merge.withBytes { (bytes) throws(TokenizerError) in try builder.append(merge: bytes) }
    }
    try self.init(builder.makeVocabularyTables(), specialTokens: builder.specialTokens)
  }
}

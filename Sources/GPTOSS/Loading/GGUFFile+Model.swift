public import GGUF
import GPTOSSModel
public import GPTOSSTokenizer

extension GGUFFile {
  /// Checks that the file holds a model that this package runs: its configuration, every tensor's shape and
  /// format, and its vocabulary.
  ///
  /// - Throws: `GPTOSSError` for the first problem. ``LanguageModel/load(contentsOf:options:)`` would throw
  ///   the same.
  public func checkModel() throws(GPTOSSError) {
    let rows: Int
    do {
      rows = try Transformer(self, weights: .mapped, threadCount: 1, largestBatch: 1).vocabularySize
    } catch { throw .model(error) }
    _ = try Vocabulary.read(from: metadata, rows: rows)
  }
}

extension Vocabulary {
  /// The `tokenizer.ggml.model` that gpt-oss files have: byte-level byte-pair encoding.
  private static let modelName = "gpt2"
  /// The `tokenizer.ggml.pre` values under which text is split as o200k splits it.
  private static let splitters: Set<String> = ["gpt-4o", "o200k"]

  /// Reads the vocabulary that a GGUF file carries: its tokens, their types and its merges.
  ///
  /// - Parameter metadata: the file's metadata; keys below `tokenizer.ggml.`.
  /// - Returns: the vocabulary; the file need not stay open.
  /// - Throws: `GPTOSSError.file` for a missing key or one of the wrong type, `.unsupportedTokenizer` for
  ///   another kind of vocabulary, `.tokenizer` for lists that are no byte-level vocabulary.
  public static func read(from metadata: GGUFMetadata) throws(GPTOSSError) -> Vocabulary {
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
    guard model == modelName, splitters.contains(splitter) else {
      throw .unsupportedTokenizer(model: model, splitter: splitter)
    }
    do throws(TokenizerError) {
      var builder = VocabularyBuilder(tokenTypes: types)
      for token in tokens {
        try token.withBytes { (bytes) throws(TokenizerError) in try builder.append(token: bytes) }
      }
      for merge in merges {
        try merge.withBytes { (bytes) throws(TokenizerError) in try builder.append(merge: bytes) }
      }
      return try builder.finish()
    } catch { throw .tokenizer(error) }
  }

  /// The vocabulary of a model whose output matrix has this many rows.
  ///
  /// - Throws: as ``read(from:)``, and `GPTOSSError.vocabularyMismatch`.
  static func read(from metadata: GGUFMetadata, rows: Int) throws(GPTOSSError) -> Vocabulary {
    let vocabulary = try read(from: metadata)
    guard vocabulary.count == rows else { throw .vocabularyMismatch(tokens: vocabulary.count, rows: rows) }
    return vocabulary
  }
}

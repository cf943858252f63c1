public import GGUF
import GPTOSSModel
import GPTOSSTokenizer

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
  /// The vocabulary of a model whose output matrix has this many rows.
  ///
  /// - Throws: `GPTOSSError.tokenizer` and `.vocabularyMismatch`.
  static func read(from metadata: GGUFMetadata, rows: Int) throws(GPTOSSError) -> Vocabulary {
    let vocabulary: Vocabulary
    do throws(TokenizerError) { vocabulary = try Vocabulary(metadata: metadata) } catch {
      throw .tokenizer(error)
    }
    guard vocabulary.count == rows else { throw .vocabularyMismatch(tokens: vocabulary.count, rows: rows) }
    return vocabulary
  }
}

public import GGUF
import GPTOSSModel
import GPTOSSTokenizer

extension GGUFFile {
  /// Checks that the file holds a model that this package runs: its configuration, every tensor's shape and format,
  /// and its vocabulary.
  ///
  /// - Throws: `GPTOSSError` for the first problem, the one that ``LanguageModel/load(contentsOf:options:)`` would throw.
  public func checkModel() throws(GPTOSSError) {
    let rows: Int
    do {
      rows = try Transformer(self, weights: .mapped, threadCount: 1, largestBatch: 1).vocabularySize
    } catch { throw .model(error) }
    let tokens = try Vocabulary.read(from: metadata).count
    guard tokens == rows else { throw .vocabularyMismatch(tokens: tokens, rows: rows) }
  }
}

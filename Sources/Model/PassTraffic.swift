package import GGUF

/// The bytes of weights that a pass reads, by how many tokens it has.
///
/// Attention and the output are read once, whatever the tokens. An expert is read once for all tokens that
/// choose it: of *E* experts, *n* tokens that choose *k* each at random want *E* · (1 − (1 − *k* / *E*)ⁿ). At
/// 20b a pass of 2 tokens reads 1.43 times as much as one of a single token, one of 4 2.14 times and one of 8
/// 3.1 times.
package struct PassTraffic: Sendable {
  private var shared = 0.0
  private var experts = 0.0
  private let expertsPerToken: Int
  private let expertCount: Int

  /// - Parameters:
  ///   - file: a model's.
  ///   - configuration: the file's own.
  package init(_ file: GGUFFile, _ configuration: Configuration) {
    expertsPerToken = configuration.expertsPerToken
    expertCount = configuration.expertCount
    let isTied = file.tensor(named: "output.weight") == nil
    for tensor in file.tensors {
      if tensor.name.contains("_exps.") {
        experts += Double(tensor.byteCount)
      } else if tensor.name == "token_embd.weight", !isTied {
        // A token reads its row of the embedding.
        shared += Double(tensor.byteCount / max(1, tensor.rowCount))
      } else {
        shared += Double(tensor.byteCount)
      }
    }
  }

  /// The bytes that a pass of `tokenCount` tokens, at least one, is expected to read.
  package func byteCount(tokenCount: Int) -> Double {
    precondition(tokenCount >= 1)
    var missed = 1.0
    for _ in 0..<tokenCount { missed *= 1 - Double(expertsPerToken) / Double(expertCount) }
    return shared + experts * (1 - missed)
  }
}

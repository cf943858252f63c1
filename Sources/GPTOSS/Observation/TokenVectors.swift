public import GPTOSSKernels
public import GPTOSSModel
public import GPTOSSTokenizer

/// What every layer computed for one token of a trace, as vectors.
public struct TokenVectors: Sendable {
  /// The token's position.
  public let position: Int
  /// How finely activations were rounded before weights were multiplied with them, where the kernels do that.
  /// The vectors are those before the rounding.
  public let precision: Precision
  /// The layers, the first one first.
  public let layers: [LayerVectors]
  /// `[vocabulary]`: what the model says of the token that follows.
  public let logits: [Float]

  /// The token with the largest logit but for one; nil where there is no other.
  public func likeliest(besides token: TokenID) -> TokenID? {
    logits.indices.lazy.filter { $0 != token }.max { logits[$0] < logits[$1] }
  }
}

extension LanguageModel {
  /// Reads the beginning of a trace's text again, in the same precision, and keeps the vectors of its last
  /// token.
  ///
  /// - Parameters:
  ///   - trace: a trace of this model.
  ///   - position: the token, below the count of the trace's tokens.
  /// - Returns: the vectors: at 20b 5 MB.
  /// - Throws: `GPTOSSError`; `CancellationError`.
  /// - Precondition: the trace has such a token.
  public func vectors(of trace: Trace, at position: Int) async throws -> TokenVectors {
    precondition(trace.tokens.indices.contains(position), "token \(position) of \(trace.tokens.count)")
    var text = TokenizedPrompt()
    for token in trace.tokens[...position] { text.append([token.id], isGenerated: token.isReadFinely) }
    return try await inference.vectors(text)
  }
}

extension Inference {
  /// Reads a text and keeps the vectors of its last token.
  fileprivate func vectors(_ text: TokenizedPrompt) async throws -> TokenVectors {
    let coarsest = try model().transformer.precision
    let tokens = text.readTokens(generatedAreFiner: coarsest != .precise)
    let precisions = tokens.map { $0.isFine ? .precise : coarsest }
    try model().check(text.tokens)
    let cache = try model().makeCache()
    let layers = VectorLayers()
    let last = tokens.count - 1
    let observer = PassObserver(vectorPositions: [last]) { layer in
      if let vectors = layer.vectors[last] { layers.all.append(vectors) }
    }
    var logits: [Float] = []
    while cache.count < tokens.count {
      try Task.checkCancellation()
      let model = try model()
      let first = cache.count
      let piece = tokens[first...].prefix(model.transformer.largestBatch).prefix {
        $0.isFine == tokens[first].isFine
      }
      let isLast = piece.endIndex == tokens.count
      let (pass, _) = try model.forward(
        [
          BatchEntry(
            cache, piece.map(\.id), logits: isLast ? .last : .none, observer: isLast ? observer : nil)
        ],
        precision: precisions[first])
      if isLast { logits = pass[0] }
      await Task.yield()
    }
    return TokenVectors(position: last, precision: precisions[last], layers: layers.all, logits: logits)
  }
}

/// What an observer was told.
private final class VectorLayers {
  var all: [LayerVectors] = []
}

import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSSampling
import GPTOSSTokenizer

extension Inference {
  /// The most tokens of a pass whose logits are all wanted: at 201,088 tokens those of 32 positions are 26
  /// MB.
  static let largestLogitBatch = 32

  /// Reads a text, observed.
  func trace(_ request: TraceRequest) async throws -> Trace {
    let precision = try model().transformer.precision
    let tokens = request.text.readTokens(generatedAreFiner: precision != .precise)
    try model().check(request.text.tokens)
    let limit = min(request.options.tokenLimit, TracedLayer.largestCount(try model().configuration))
    guard tokens.count <= limit else {
      throw GPTOSSError.traceTooLong(tokens: tokens.count, limit: limit)
    }
    let cache = try model().makeCache()
    var recorder = try TraceRecorder(request, model())
    while cache.count < tokens.count {
      try Task.checkCancellation()
      let model = try model()
      let first = cache.count
      let largestBatch = model.transformer.largestBatch
      let count = request.needsLogits ? min(Self.largestLogitBatch, largestBatch) : largestBatch
      let piece = tokens[first...].prefix(count).prefix { $0.isFine == tokens[first].isFine }
      let passPrecision = piece[first].isFine ? .precise : precision
      let layers = PassLayers()
      let observer = PassObserver(
        residualPositions: recorder.lensPositions(piece.indices), receive: layers.add)
      let (logits, _) = try model.forward(
        [BatchEntry(cache, piece.map(\.id), logits: request.needsLogits ? .all : .none, observer: observer)],
        precision: passPrecision)
      recorder.add(layers.all)
      for row in 0..<logits.rowCount { logits.withRow(row) { recorder.add($0, at: first + row) } }
      for position in observer.residualPositions.sorted() {
        let residuals = layers.all.compactMap { $0.residuals[position] }
        recorder.add(
          lens: Turns.ofProcess.take { model.transformer.readOut(residuals, precision: passPrecision) },
          at: position)
        // At 20b each takes a tenth of a second, for which other sequences wait.
        try Task.checkCancellation()
        await Task.yield()
      }
      request.options.progress(cache.count, tokens.count)
      await Task.yield()
    }
    return recorder.finish()
  }
}

/// What an observer was told in one pass.
private final class PassLayers {
  private(set) var all: [LayerObservation] = []

  func add(_ layer: LayerObservation) { all.append(layer) }
}

import GPTOSSKernels

/// What one forward pass writes to: activations for the largest batch, made once.
final class Workspace: @unchecked Sendable {
  private let launcher: Launcher
  private let rotary: RotaryEmbedding
  /// `[tokens, hiddenSize]`: the residual stream.
  private let residual: Activations
  /// `[tokens, hiddenSize]`: the residual stream, normalized.
  private let normalized: Activations
  private let attention: AttentionRoom
  private let experts: ExpertRoom

  init(_ configuration: Configuration, tokens: Int, launcher: Launcher) {
    self.launcher = launcher
    rotary = RotaryEmbedding(configuration.rope, headDimension: configuration.headDimension)
    residual = Activations(capacity: tokens, columns: configuration.hiddenSize)
    normalized = Activations(capacity: tokens, columns: configuration.hiddenSize)
    attention = AttentionRoom(configuration, tokens: tokens)
    experts = ExpertRoom(configuration, tokens: tokens)
  }

  /// The whole model, top to bottom.
  func forward(
    _ segments: [Segment], _ weights: Weights, _ configuration: Configuration, _ precision: Precision
  ) -> Logits {
    let tokens = segments.flatMap(\.tokens)
    guard !tokens.isEmpty else { return Logits(nil) }
    launcher.precision = precision
    residual.rows = tokens.count
    normalized.rows = tokens.count
    attention.prepare(segments, rotary)
    launcher.lookUp(tokens, in: weights.embedding, output: residual.all)

    for (layer, layerWeights) in weights.layers.enumerated() {
      normalize(layerWeights.attentionNorm, configuration)
      Attention(
        weights: layerWeights, layer: layer, window: configuration.window(ofLayer: layer),
        headDimension: configuration.headDimension
      ).forward(
        normalized.all, segments: segments, into: residual.all, room: attention, launcher: launcher)

      normalize(layerWeights.expertNorm, configuration)
      MixtureOfExperts(layerWeights, expertsPerToken: configuration.expertsPerToken)
        .forward(normalized.all, into: residual.all, room: experts, launcher: launcher)
    }
    for segment in segments { segment.cache.advance(to: segment.cache.count + segment.tokens.count) }
    return logits(rows(wantedBy: segments), weights, configuration)
  }

  private func normalize(_ weight: FloatVector, _ configuration: Configuration) {
    launcher.rmsNorm(
      residual.all, weight: weight, epsilon: configuration.normEpsilon, output: normalized.all)
  }

  /// The rows of the batch whose logits are wanted.
  private func rows(wantedBy segments: [Segment]) -> [Int] {
    var rows: [Int] = []
    var start = 0
    for segment in segments {
      let end = start + segment.tokens.count
      switch segment.request {
      case .none: break
      case .last: rows.append(end - 1)
      case .all: rows.append(contentsOf: start..<end)
      }
      start = end
    }
    return rows
  }

  private func logits(_ rows: [Int], _ weights: Weights, _ configuration: Configuration) -> Logits {
    guard !rows.isEmpty else { return Logits(nil) }
    let logits = Activations(capacity: rows.count, columns: weights.vocabularySize)
    normalize(weights.outputNorm, configuration)
    let wanted = Activations(capacity: rows.count, columns: configuration.hiddenSize)
    launcher.gather(normalized.all, sources: rows, output: wanted.all)
    launcher.multiply([MatrixProduct(weights.output, input: wanted.all, output: logits.all)])
    return Logits(logits)
  }
}

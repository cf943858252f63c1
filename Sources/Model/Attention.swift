import GPTOSSKernels

/// A layer's attention: grouped queries, rotary embedding, learned sinks, and on sliding layers a window.
///
///     x ─┬─ query ── rotate ─────────────┐
///        ├─ key ──── rotate ── cache ─── scores ── softmax with sink ──┐
///        └─ value ──────────── cache ──────────────────────────────── Σ ── output ── added to the residual
///
/// A sink is a learned logit a head that takes part in the softmax and has no value: a head may attend to nothing.
struct Attention {
  let weights: LayerWeights
  let layer: Int
  /// Positions that a token sees, its own included; nil for all.
  let window: Int?
  let headDimension: Int

  /// `residual[t] += output(attention(input[t]))`, and the segments' keys and values go to their caches.
  ///
  /// - Parameters:
  ///   - input: `[tokens, hiddenSize]`, normalized; the segments' tokens one segment after the other.
  ///   - residual: `[tokens, hiddenSize]`.
  ///   - room: scratch activations with cosines and sines of the tokens' positions.
  func forward(
    _ input: ActivationRows, segments: [Segment], into residual: ActivationRows, room: AttentionRoom,
    launcher: Launcher
  ) {
    launcher.multiply([
      weights.query.product(input: input, output: room.queries.all),
      weights.key.product(input: input, output: room.keys.all),
      weights.value.product(input: input, output: room.values.all),
    ])
    for heads in [room.queries, room.keys] {
      launcher.rotate(
        heads.all, headDimension: headDimension, cosines: room.cosines.all, sines: room.sines.all)
    }
    var start = 0
    for segment in segments {
      let rows = start..<(start + segment.tokens.count)
      let cache = segment.cache.layers[layer]
      launcher.store(
        keys: room.keys[rows], values: room.values[rows], at: segment.cache.count, in: cache)
      launcher.attend(
        queries: room.queries[rows], at: segment.cache.count, window: window, sinks: weights.sinks,
        cache: cache, output: room.mixed[rows])
      start = rows.upperBound
    }
    launcher.multiply([weights.attentionOutput.product(input: room.mixed.all, output: room.output.all)])
    launcher.add(room.output.all, into: residual)
  }
}

/// Scratch activations for a layer's attention.
final class AttentionRoom {
  /// `[tokens, queryHeads · headDimension]`.
  let queries: Activations
  /// `[tokens, keyValueHeads · headDimension]`.
  let keys: Activations
  /// `[tokens, keyValueHeads · headDimension]`.
  let values: Activations
  /// `[tokens, queryHeads · headDimension]`: the heads' results.
  let mixed: Activations
  /// `[tokens, hiddenSize]`.
  let output: Activations
  /// `[tokens, headDimension / 2]`.
  let cosines: Activations
  /// `[tokens, headDimension / 2]`.
  let sines: Activations

  init(_ configuration: Configuration, tokens: Int) {
    let queryWidth = configuration.queryHeadCount * configuration.headDimension
    let keyWidth = configuration.keyValueHeadCount * configuration.headDimension
    queries = Activations(capacity: tokens, columns: queryWidth)
    keys = Activations(capacity: tokens, columns: keyWidth)
    values = Activations(capacity: tokens, columns: keyWidth)
    mixed = Activations(capacity: tokens, columns: queryWidth)
    output = Activations(capacity: tokens, columns: configuration.hiddenSize)
    cosines = Activations(capacity: tokens, columns: configuration.headDimension / 2)
    sines = Activations(capacity: tokens, columns: configuration.headDimension / 2)
  }

  /// Sets the number of tokens and their angles.
  func prepare(_ segments: [Segment], _ rotary: RotaryEmbedding) {
    let tokens = segments.reduce(0) { $0 + $1.tokens.count }
    for activations in [queries, keys, values, mixed, output, cosines, sines] { activations.rows = tokens }
    let positions = segments.flatMap { $0.cache.count..<($0.cache.count + $0.tokens.count) }
    for (row, position) in positions.enumerated() {
      cosines.withMutableRow(row) { cosines in
        sines.withMutableRow(row) { sines in
          for pair in cosines.indices {
            let (cosine, sine) = rotary.cosineAndSine(position: position, pair: pair)
            cosines[pair] = Float(cosine)
            sines[pair] = Float(sine)
          }
        }
      }
    }
  }
}

import GPTOSSKernels

/// A layer's attention: grouped queries, rotary embedding, learned sinks, and a window on sliding layers.
///
///     x ─┬─ query ── rotate ─────────────┐
///        ├─ key ──── rotate ── cache ─── scores ── softmax with sink ──┐
///        └─ value ──────────── cache ──────────────────────────────── Σ ── output ── added to the residual
///
/// A sink is a learned logit per head that takes part in the softmax and has no value: a head may attend to
/// nothing. Docs/Attention.md explains it with numbers; the arithmetic is `Launcher.attend` and
/// `PagedAttention` in Kernels.
struct Attention {
  let weights: LayerWeights
  let layer: Int
  /// Positions that a token sees, its own included; nil for all.
  let window: Int?
  let headDimension: Int

  init(_ weights: LayerWeights, layer: Int, _ configuration: Configuration) {
    self.weights = weights
    self.layer = layer
    window = configuration.window(ofLayer: layer)
    headDimension = configuration.headDimension
  }

  /// `residual[t] += output(attention(input[t]))`; the keys and values of the batch go to its caches.
  ///
  /// - Parameters:
  ///   - input: `[tokens, hiddenSize]`, normalized; the tokens of the batch, one entry after the other.
  ///   - residual: `[tokens, hiddenSize]`.
  ///   - workspace: resized to the tokens, with the cosines and sines of their positions.
  func forward(
    _ input: ActivationRows, batch: [BatchEntry], into residual: ActivationRows,
    workspace: AttentionWorkspace, launcher: Launcher
  ) {
    launcher.multiply([
      weights.query.product(input: input, output: workspace.queries.all),
      weights.key.product(input: input, output: workspace.keys.all),
      weights.value.product(input: input, output: workspace.values.all),
    ])
    for heads in [workspace.queries, workspace.keys] {
      launcher.rotate(
        heads.all, headDimension: headDimension, cosines: workspace.cosines.all, sines: workspace.sines.all)
    }
    // All keys and values of an entry are stored before any of its tokens attends.
    for (entry, rows) in batch.withRows {
      let cache = entry.cache.layers[layer]
      launcher.store(
        keys: workspace.keys[rows], values: workspace.values[rows], at: entry.cache.count, in: cache)
      launcher.attend(
        queries: workspace.queries[rows], at: entry.cache.count, window: window, sinks: weights.sinks,
        cache: cache, output: workspace.mixed[rows])
    }
    launcher.multiply([
      weights.attentionOutput.product(input: workspace.mixed.all, output: workspace.output.all)
    ])
    launcher.add(workspace.output.all, into: residual)
  }
}

/// Activations of a layer's attention.
final class AttentionWorkspace {
  /// `[tokens, queryHeads · headDimension]`.
  let queries: Activations
  /// `[tokens, keyValueHeads · headDimension]`.
  let keys: Activations
  /// `[tokens, keyValueHeads · headDimension]`.
  let values: Activations
  /// `[tokens, queryHeads · headDimension]`: the values that each head has mixed.
  let mixed: Activations
  /// `[tokens, hiddenSize]`.
  let output: Activations
  /// `[tokens, headDimension / 2]`, of the tokens' positions; the same for all layers.
  let cosines: Activations
  /// `[tokens, headDimension / 2]`, of the tokens' positions; the same for all layers.
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

  /// Sets the number of tokens in use.
  func resize(tokens: Int) {
    for activations in [queries, keys, values, mixed, output, cosines, sines] { activations.rows = tokens }
  }
}

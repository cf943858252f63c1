/// The kernels that read activations alone.
@usableFromInline
package protocol VectorKernels: Sendable {
  /// `output[i] = input[i] / √(mean(input²) + epsilon) · weight[i]` (Zhang and Sennrich 2019, RMSNorm).
  func rmsNorm(
    _ input: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float,
    output: UnsafeMutablePointer<Float>, count: Int)

  /// Rotates one head in place: each pair `(head[i], head[i + d/2])` by the angle with cosine
  /// `cosines[i]` and sine `sines[i]` (Su et al. 2021, with the pairs of GPT-NeoX).
  func rotate(
    _ head: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>,
    headDimension: Int)

  /// Rounds to half precision, to nearest, ties to even: what a cache of `float16` keeps.
  func roundToHalf(_ input: UnsafePointer<Float>, output: UnsafeMutablePointer<UInt16>, count: Int)

  /// Rounds to integers that share a scale, within `bounds`: what a cache of `int16` keeps.
  ///
  /// - Returns: the scale: `scale · output[i]` is near `input[i]`. NaN, and integers of zero, if some input
  ///   is not finite; zero if no input's magnitude is above 2⁻¹⁰⁰.
  func roundToIntegers(
    _ input: UnsafePointer<Float>, within bounds: IntegerBounds, output: UnsafeMutablePointer<Int16>,
    count: Int
  ) -> Float

  /// Attention of some tokens' query heads that share one key-value head.
  ///
  /// - Parameter scratch: `attentionScratchByteCount` bytes, aligned to 64, this thread's own.
  func attend(_ tile: AttentionTile, scratch: UnsafeMutableRawPointer)

  /// Bytes of scratch memory that attention of a tile needs.
  func attentionScratchByteCount(for tile: AttentionTile) -> Int

  /// What attention of a tile of one token weighs its positions and sinks with; nothing is attended.
  ///
  /// - Parameter scratch: `attentionScratchByteCount` bytes, aligned to 64, this thread's own.
  func weigh(_ tile: AttentionTile, into weights: AttentionWeights, scratch: UnsafeMutableRawPointer)

  /// The same attention in parts that can be computed apart; nil if the set has no such parts.
  var splitAttention: (any SplitAttentionKernels)? { get }

  /// gpt-oss's clamped SwiGLU: `g·σ(1.702·g)·(u + 1)` with `g = min(gate, 7)`, `u = clamp(up, −7, 7)`.
  /// `output` may be `gate` or `up`.
  func gatedActivation(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, count: Int)

  /// `accumulator[i] += scale · vector[i]`.
  func accumulate(
    _ vector: UnsafePointer<Float>, scale: Float, into accumulator: UnsafeMutablePointer<Float>, count: Int)
}

/// Attention whose context is cut into spans (`AttentionLayout.positionsPerSpan`): the spans of a long
/// context can be spread over threads, and the result is to the bit what `attend` computes.
@usableFromInline
package protocol SplitAttentionKernels: Sendable {
  /// Floats of the state that one span of a tile leaves.
  func stateFloats(of tile: AttentionTile) -> Int

  /// Attends to the positions of one span.
  ///
  /// - Parameter state: receives `stateFloats` floats; aligned to 64.
  func attend(
    _ tile: AttentionTile, span: Int, state: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer)

  /// Merges the states of all the spans that the tile sees, in order, and writes the tile's output.
  ///
  /// - Parameter states: `[spanCount, stateFloats]`.
  func combine(
    _ tile: AttentionTile, states: UnsafePointer<Float>, spanCount: Int, scratch: UnsafeMutableRawPointer)
}

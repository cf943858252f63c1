import GPTOSSKernels

/// What one layer did with some tokens of a sequence.
///
/// Arrays are flat; a shape `[tokens, experts]` means that token *t*'s number for expert *e* stands at
/// `t · experts + e`. Token 0 is the one at the first of ``positions``.
public struct LayerObservation: Sendable {
  /// How many positions are kept per head.
  public static let attendedCount = AttentionSight.positionCount

  /// The layer, from 0.
  public let index: Int
  /// The positions of the tokens in their sequence.
  public let positions: Range<Int>
  /// `[tokens, experts]`: the router's logits, before the choice.
  public let routerLogits: [Float]
  /// `[tokens, expertsPerToken]`: the experts that were chosen, the largest logit first.
  public let experts: [Int]
  /// `[tokens, expertsPerToken]`: their weights, which sum to 1 per token.
  public let weights: [Float]
  /// `[tokens, expertsPerToken]`: the norms of what they added to the residual stream, ‖weight · expert(x)‖.
  public let expertNorms: [Float]
  /// `[tokens]`: the norms of the residual stream before the layer; before the first one, of the embedding.
  public let inputNorms: [Float]
  /// `[tokens]`: the norms of what attention added to the residual stream.
  public let attentionNorms: [Float]
  /// `[tokens]`: the norms of the residual stream between attention and experts.
  public let middleNorms: [Float]
  /// `[tokens]`: the norms of the residual stream after the layer.
  public let residualNorms: [Float]
  /// `[tokens, queryHeads]`: the share of a head's attention that went to its sink, 0 to 1.
  public let sinkShares: [Float]
  /// `[tokens, queryHeads, attendedCount]`: the positions with the largest shares of a head's attention,
  /// largest first; −1 where the token sees fewer.
  public let attendedPositions: [Int32]
  /// `[tokens, queryHeads, attendedCount]`: their shares, 0 to 1. With the sink's and those of the positions
  /// that are left out they sum to 1.
  public let attendedShares: [Float]
  /// The residual stream after the layer, `[hiddenSize]`, of those of ``PassObserver/residualPositions`` that
  /// are among ``positions``.
  public let residuals: [Int: [Float]]
  /// The vectors of those of ``PassObserver/vectorPositions`` that are among ``positions``.
  public let vectors: [Int: LayerVectors]
}

/// What one layer computed for one token, as vectors.
public struct LayerVectors: Sendable {
  /// One of the experts that were chosen.
  public struct Expert: Sendable {
    /// The expert.
    public let index: Int
    /// Its share of the token.
    public let weight: Float
    /// `[expertHiddenSize]`: what its down projection read, the activation of gate and up.
    public let activation: [Float]
    /// `[hiddenSize]`: what it wrote, before the weight.
    public let output: [Float]
  }

  /// `[hiddenSize]`: what attention added to the residual stream.
  public let attention: [Float]
  /// `[hiddenSize]`: the residual stream, normalized, as the router and the experts read it.
  public let expertInput: [Float]
  /// The experts in the order of their choice.
  public let experts: [Expert]
  /// `[hiddenSize]`: the residual stream after the layer.
  public let residual: [Float]
}

import GPTOSSModel

/// What one layer did with every token of a trace.
///
/// Numbers are kept flat and small: at 20b a token takes 56 KB in all layers together. Shares of attention
/// are kept in steps of 1/65,535.
public struct TracedLayer: Sendable {
  /// How many positions are kept per head.
  public static let attendedCount = LayerObservation.attendedCount

  /// Positions that a token sees, its own included; nil for all.
  public let window: Int?
  /// `[tokens, experts]`: the router's logits, before the choice.
  public private(set) var routerLogits: [Float] = []
  /// `[tokens, expertsPerToken]`: the experts that were chosen, the largest logit first.
  public private(set) var experts: [UInt16] = []
  /// `[tokens, expertsPerToken]`: their weights, which sum to 1 per token.
  public private(set) var weights: [Float] = []
  /// `[tokens, expertsPerToken]`: the norms of what they added to the residual stream.
  public private(set) var expertNorms: [Float] = []
  /// `[tokens]`: the norms of the residual stream before the layer; before the first one, of the embedding.
  public private(set) var inputNorms: [Float] = []
  /// `[tokens]`: the norms of what attention added to the residual stream.
  public private(set) var attentionNorms: [Float] = []
  /// `[tokens]`: the norms of the residual stream between attention and experts.
  public private(set) var middleNorms: [Float] = []
  /// `[tokens]`: the norms of the residual stream after the layer.
  public private(set) var residualNorms: [Float] = []
  /// `[tokens, heads]`: the sink's share of each head, 0 to 1.
  public private(set) var sinkShares: [Float] = []
  /// `[tokens, heads, attendedCount]`, filled up with zeros.
  private var positions: [UInt16] = []
  /// `[tokens, heads, attendedCount]`: 0 where there is no position.
  private var shares: [UInt16] = []

  private let expertCount: Int
  private let slots: Int
  private let headCount: Int

  /// The most tokens of a trace: positions are kept in 16 bits, and all layers take no more than a GiB.
  static func largestCount(_ configuration: Configuration) -> Int {
    let (slots, heads) = (configuration.expertsPerToken, configuration.queryHeadCount)
    let bytes = 4 * configuration.expertCount + 10 * slots + 16 + heads * (4 + 4 * attendedCount)
    return min(1 << 16, (1 << 30) / (bytes * configuration.layerCount))
  }

  init(_ configuration: Configuration, layer: Int, tokens: Int) {
    window = configuration.window(ofLayer: layer)
    expertCount = configuration.expertCount
    slots = configuration.expertsPerToken
    headCount = configuration.queryHeadCount
    routerLogits.reserveCapacity(tokens * expertCount)
    experts.reserveCapacity(tokens * slots)
    weights.reserveCapacity(tokens * slots)
    expertNorms.reserveCapacity(tokens * slots)
    inputNorms.reserveCapacity(tokens)
    attentionNorms.reserveCapacity(tokens)
    middleNorms.reserveCapacity(tokens)
    residualNorms.reserveCapacity(tokens)
    sinkShares.reserveCapacity(tokens * headCount)
    positions.reserveCapacity(tokens * headCount * Self.attendedCount)
    shares.reserveCapacity(tokens * headCount * Self.attendedCount)
  }

  /// The tokens that have been recorded.
  public var tokenCount: Int { residualNorms.count }

  /// The router's logits of a token, `[experts]`.
  public func routerLogits(of token: Int) -> ArraySlice<Float> { row(token, expertCount, of: routerLogits) }

  /// The experts of a token, `[expertsPerToken]`.
  public func experts(of token: Int) -> [Int] { row(token, slots, of: experts).map { Int($0) } }

  /// Their weights, `[expertsPerToken]`.
  public func weights(of token: Int) -> ArraySlice<Float> { row(token, slots, of: weights) }

  /// The norms of what they added, `[expertsPerToken]`.
  public func expertNorms(of token: Int) -> ArraySlice<Float> { row(token, slots, of: expertNorms) }

  /// The sink's shares of a token's heads, `[heads]`.
  public func sinkShares(of token: Int) -> ArraySlice<Float> { row(token, headCount, of: sinkShares) }

  /// The positions that got most of a head's attention, the largest share first; shares below 1/131,070 are
  /// left out.
  public func attended(of token: Int, head: Int) -> [(position: Int, share: Float)] {
    precondition(head >= 0 && head < headCount, "head \(head) of \(headCount)")
    let first = (token * headCount + head) * Self.attendedCount
    return (first..<first + Self.attendedCount).filter { shares[$0] > 0 }
      .map { (Int(positions[$0]), Float(shares[$0]) / 65_535) }
  }

  private func row<Element>(_ token: Int, _ width: Int, of values: [Element]) -> ArraySlice<Element> {
    precondition(token >= 0 && token < tokenCount, "token \(token) of \(tokenCount)")
    return values[token * width..<(token + 1) * width]
  }

  /// Adds what was observed of the next tokens.
  mutating func append(_ observation: LayerObservation) {
    precondition(observation.positions.lowerBound == tokenCount, "tokens come in order")
    precondition(observation.positions.upperBound <= 1 << 16)
    routerLogits += observation.routerLogits
    experts += observation.experts.map { UInt16($0) }
    weights += observation.weights
    expertNorms += observation.expertNorms
    inputNorms += observation.inputNorms
    attentionNorms += observation.attentionNorms
    middleNorms += observation.middleNorms
    sinkShares += observation.sinkShares
    // Filled up with −1; a share that is no number counts as none.
    positions += observation.attendedPositions.lazy.map { UInt16(max($0, 0)) }
    shares += observation.attendedShares.lazy.map {
      $0.isFinite ? UInt16((min(max($0, 0), 1) * 65_535).rounded()) : 0
    }
    residualNorms += observation.residualNorms
  }
}

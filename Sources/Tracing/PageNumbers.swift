import GPTOSS

/// The arrays of numbers of a page, `[layers, tokens, …]`, little-endian.
struct PageNumbers {
  /// The arrays, in the order in which they stand in the page.
  enum Section: String, CaseIterable {
    /// UInt16 `[layers, tokens, slots]`.
    case experts
    /// UInt16 `[layers, tokens, slots]` in 65,535ths.
    case weights
    /// Float `[layers, tokens, slots]`.
    case norms
    /// Float `[layers, tokens, 4]`: of the residual stream before the layer, of what attention wrote, of the
    /// residual stream after it and after the layer.
    case residual
    /// Float `[layers, tokens, experts]`.
    case router
    /// UInt8 `[layers, tokens, heads]` in 255ths.
    case sinks
    /// UInt16 `[layers, tokens, heads, kept]`.
    case positions
    /// UInt8 `[layers, tokens, heads, kept]` in 255ths.
    case shares
  }

  /// The most entries of `positions`.
  private static let largestPositionCount = 4 << 20

  private let trace: Trace
  /// How many positions a head keeps, 1 to 8.
  let keptPositions: Int

  init(_ trace: Trace) {
    self.trace = trace
    let heads = max(1, trace.layers.count * trace.tokens.count * trace.configuration.queryHeadCount)
    keptPositions = max(1, min(TracedLayer.attendedCount, Self.largestPositionCount / heads))
  }

  /// Hands out the bytes of an array, in pieces whose lengths, but for the last one's, are multiples of
  /// three: so that their texts in base64 can be put together.
  func write<Failure>(
    _ section: Section, to write: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var bytes: [UInt8] = []
    for layer in trace.layers {
      for token in 0..<layer.tokenCount {
        append(section, layer, token, to: &bytes)
        guard bytes.count >= 3 << 18 else { continue }
        let whole = bytes.count / 3 * 3
        try write(Array(bytes[..<whole]))
        bytes.removeFirst(whole)
      }
    }
    if !bytes.isEmpty { try write(bytes) }
  }

  private func append(_ section: Section, _ layer: TracedLayer, _ token: Int, to bytes: inout [UInt8]) {
    switch section {
    case .experts: for expert in layer.experts(of: token) { bytes.append(UInt16(expert)) }
    case .weights: for weight in layer.weights(of: token) { bytes.append(weight.steps(UInt16.max)) }
    case .norms: for norm in layer.expertNorms(of: token) { bytes.append(norm.bitPattern) }
    case .residual:
      for norms in [layer.inputNorms, layer.attentionNorms, layer.middleNorms, layer.residualNorms] {
        bytes.append(norms[token].bitPattern)
      }
    case .router: for logit in layer.routerLogits(of: token) { bytes.append(logit.bitPattern) }
    case .sinks: for share in layer.sinkShares(of: token) { bytes.append(share.steps(UInt8.max)) }
    case .positions, .shares:
      for head in 0..<trace.configuration.queryHeadCount {
        let attended = layer.attended(of: token, head: head)
        for place in 0..<keptPositions {
          let (position, share) = place < attended.count ? attended[place] : (0, 0)
          if section == .shares {
            bytes.append(share.steps(UInt8.max))
          } else {
            bytes.append(UInt16(position))
          }
        }
      }
    }
  }
}

extension Float {
  /// A number 0 … 1 in steps of the largest integer; 0 for what is no number.
  fileprivate func steps<Steps: FixedWidthInteger>(_ largest: Steps) -> Steps {
    isFinite ? Steps((min(max(self, 0), 1) * Float(largest)).rounded()) : 0
  }
}

extension [UInt8] {
  fileprivate mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    for byte in 0..<Number.bitWidth / 8 { append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
  }
}

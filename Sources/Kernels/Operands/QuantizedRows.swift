/// The input of a product, quantized: what integer dot products read in place of `FloatRows`.
///
/// Every 32 columns of a token share a scale, `x[c] ≈ scale · q[c]`. With *m*, the largest magnitude of the
/// 32:
///
/// | precision | scale | q | error of x |
/// | --- | --- | --- | --- |
/// | `precise` | m / 32,512 | 16 bits, −32,512 … 32,512 | 1.5e-5 · m |
/// | `fast` | m / 127 | 8 bits, −127 … 127 | 3.9e-3 · m |
///
/// Tokens come in *panels* of 32, the last with as many as are left. A panel holds, for its n tokens,
///
///     quants    [blocks, n] of 64 bytes, arranged as the instruction set likes them
///     factors   [blocks, n] of (scale: Float, correction: Int32, lowerCorrection: Int32)
///
/// Weights are multiplied with an offset that makes them unsigned, u = w + offset, so `Σ w·q = Σ u·q − offset
/// · Σ q`. The correction is `−16 · Σ q`, which is right for MXFP4's offset of 16, and shifted left by three
/// for Q8_0's of 128. Sums of 32 products fit in 32 bits: 255 · 32,512 · 32 < 2³¹. Where the halves of a
/// block have scales of their own, their sums need corrections of their own: the lower half's is stored, the
/// upper half's is what is left.
///
/// A token with a NaN or an infinity has NaN for the scale of that block, so all its results are NaN. Where
/// 1/scale would overflow (all 32 below 1e-34) the scale and `q` are zero.
@usableFromInline
package struct QuantizedRows: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutableRawPointer
  @usableFromInline let tokens: Int
  @usableFromInline let columns: Int
  @usableFromInline let precision: Precision

  /// - Parameter base: `byteCount(tokens:columns:)` bytes, aligned to 64.
  init(base: UnsafeMutableRawPointer, tokens: Int, columns: Int, precision: Precision) {
    precondition(columns % InterleavedFormat.columnsPerBlock == 0)
    self.base = base
    self.tokens = tokens
    self.columns = columns
    self.precision = precision
  }

  /// Bytes of memory for so many tokens; a multiple of 64.
  static func byteCount(tokens: Int, columns: Int) -> Int {
    tokens.dividedUp(by: QuantizedPanel.tokens) * panelByteCount(columns: columns)
  }

  @inlinable @inline(__always)
  static func panelByteCount(columns: Int) -> Int {
    columns / InterleavedFormat.columnsPerBlock * QuantizedPanel.tokens * QuantizedPanel.bytesPerTokenAndBlock
  }

  @inlinable @inline(__always)
  var panelCount: Int { tokens.dividedUp(by: QuantizedPanel.tokens) }

  @inlinable @inline(__always)
  func tokens(ofPanel panel: Int) -> Range<Int> {
    panel &* QuantizedPanel.tokens..<Swift.min((panel &+ 1) &* QuantizedPanel.tokens, tokens)
  }

  @inlinable @inline(__always)
  func panel(_ panel: Int) -> QuantizedPanel {
    QuantizedPanel(
      quants: base + panel &* Self.panelByteCount(columns: columns),
      tokenCount: Swift.min(QuantizedPanel.tokens, tokens &- panel &* QuantizedPanel.tokens),
      blockCount: columns / InterleavedFormat.columnsPerBlock)
  }
}

/// Up to 32 tokens of `QuantizedRows`.
@usableFromInline
package struct QuantizedPanel: @unchecked Sendable {
  /// Tokens of a panel. Enough that unpacking a weight is little work beside using it; few enough that the
  /// sums of 32 rows and a block's activations stay in the first-level cache.
  @inlinable package static var tokens: Int { 32 }
  /// Bytes of one token's quants of 32 columns.
  @inlinable package static var quantBytes: Int { 64 }
  @inlinable static var bytesPerTokenAndBlock: Int { quantBytes + MemoryLayout<QuantizedFactor>.stride }

  /// `[blocks, tokens]` of 64 bytes.
  @usableFromInline package let quants: UnsafeMutableRawPointer
  /// `[blocks, tokens]`.
  @usableFromInline package let factors: UnsafeMutablePointer<QuantizedFactor>
  /// Tokens in this panel.
  @usableFromInline package let tokenCount: Int
  /// Blocks of 32 columns.
  @usableFromInline package let blockCount: Int

  @inlinable @inline(__always)
  init(quants: UnsafeMutableRawPointer, tokenCount: Int, blockCount: Int) {
    self.quants = quants
    factors = (quants + blockCount &* tokenCount &* QuantizedPanel.quantBytes)
      .assumingMemoryBound(to: QuantizedFactor.self)
    self.tokenCount = tokenCount
    self.blockCount = blockCount
  }
}

/// What a block's sum of integers is corrected and multiplied by.
@usableFromInline
package struct QuantizedFactor: Sendable {
  /// The value of one step of `q`.
  @usableFromInline package var scale: Float
  /// `−16 · Σ q`.
  @usableFromInline package var correction: Int32
  /// The same of columns 0 … 15 alone.
  @usableFromInline package var lowerCorrection: Int32

  /// The sum of the 32 activations as they were rounded: what a row's minimum is multiplied by.
  @inlinable @inline(__always)
  package var sum: Float { Float(correction / -InterleavedFormat.mxfp4.offset) * scale }

  /// - Parameters:
  ///   - scale: the value of one step of `q`.
  ///   - lowerSum: `Σ q` of columns 0 … 15.
  ///   - upperSum: that of columns 16 … 31.
  @inlinable @inline(__always)
  package init(scale: Float, lowerSum: Int32, upperSum: Int32) {
    let offset = InterleavedFormat.mxfp4.offset
    self.scale = scale
    correction = 0 &- offset &* (lowerSum &+ upperSum)
    lowerCorrection = 0 &- offset &* lowerSum
  }

  /// A block whose `q` are zero: too small to have a scale, or not finite.
  @inlinable @inline(__always)
  package init(ofZeros scale: Float) { self.init(scale: scale, lowerSum: 0, upperSum: 0) }

  /// The correction of the columns that share a row's scale, for an offset of 16.
  ///
  /// - Parameter index: which of the `format.scaleCount` scales.
  @inlinable @inline(__always)
  package func correction(_ format: InterleavedFormat, ofScale index: Int) -> Int32 {
    guard format.scaleCount == 2 else { return correction }
    return index == 0 ? lowerCorrection : correction &- lowerCorrection
  }
}

/// One token of a panel, in one block.
@usableFromInline
package struct PanelToken {
  @usableFromInline package let quants: UnsafePointer<Int32>
  @usableFromInline package let factor: UnsafePointer<QuantizedFactor>
  /// What earlier blocks gave, of the rows that are multiplied.
  @usableFromInline package let sums: UnsafeMutablePointer<Float>

  /// Names the three.
  @inlinable @inline(__always)
  package init(
    _ quants: UnsafePointer<Int32>, _ factor: UnsafePointer<QuantizedFactor>,
    _ sums: UnsafeMutablePointer<Float>
  ) {
    (self.quants, self.factor, self.sums) = (quants, factor, sums)
  }
}

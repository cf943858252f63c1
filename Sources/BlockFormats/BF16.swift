/// BF16: the upper half of a float32, little-endian.
///
///     bit   15   14      7   6        0
///          ┌───┬──────────┬───────────┐
///          │ s │ exponent │ fraction  │      2 bytes, 16 bits per weight
///          └───┴──────────┴───────────┘
///
/// The range of float32 with eight bits of precision.
///
/// - SeeAlso: ggml tensor type 30.
public enum BF16: BlockDecoding, BlockEncoding {
  /// A block is a weight.
  public static let layout = BlockLayout(weightsPerBlock: 1, bytesPerBlock: 2, ggmlTypeID: 30)

  /// Widens the weight: exact.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    weights[0] = Float(bfloat16Bits: block.uint16(at: 0))
  }

  /// Rounds to nearest, ties to even.
  ///
  /// Never throws: magnitudes half a step past the largest bfloat16 become infinity, NaN stays NaN.
  @inlinable
  public static func encodeBlock(_ weights: Span<Float>, into block: consuming MutableRawSpan) {
    block.storeBytes(of: weights[0].bfloat16Bits.littleEndian, as: UInt16.self)
  }
}

extension Float {
  /// The value of a bfloat16 given by its bits: exact, signalling NaNs and NaN payloads kept.
  @inlinable
  public init(bfloat16Bits bits: UInt16) {
    self.init(bitPattern: UInt32(bits) << 16)
  }

  /// The bits of the nearest bfloat16, ties to even.
  ///
  /// Magnitudes half a step past the largest bfloat16 become infinity. NaN keeps its sign and the upper
  /// bits of its payload and becomes quiet, as in ggml.
  @inlinable
  public var bfloat16Bits: UInt16 {
    let isNaN = bitPattern & 0x7FFF_FFFF > 0x7F80_0000
    let rounded = isNaN ? bitPattern | 0x0040_0000 : bitPattern + 0x7FFF + (bitPattern >> 16 & 1)
    return UInt16(truncatingIfNeeded: rounded >> 16)
  }
}

/// F32: weights as they are, IEEE 754 single precision, little-endian.
///
///     bit   31   30      23   22                    0
///          ┌───┬───────────┬────────────────────────┐
///          │ s │ exponent  │        fraction        │      4 bytes, 32 bits per weight
///          └───┴───────────┴────────────────────────┘
///
/// - SeeAlso: IEEE 754-2019 binary32; ggml tensor type 0.
public enum F32: BlockDecoding {
  /// A block is a weight.
  public static let layout = BlockLayout(weightsPerBlock: 1, bytesPerBlock: 4, ggmlTypeID: 0)

  /// Copies the bits.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    weights[0] = Float(bitPattern: block.uint32(at: 0))
  }
}

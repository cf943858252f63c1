/// Q8_0: 32 signed bytes that share one float16 scale.
///
///     byte   0     2    3          33
///          ┌─────┬────┬────┬─ ─ ─┬─────┐
///          │  d  │ q0 │ q1 │     │ q31 │      34 bytes, 8.5 bits per weight
///          └─────┴────┴────┴─ ─ ─┴─────┘
///             └ float16 scale
///
/// Weight *j* is `d · q[j]`.
///
/// - SeeAlso: ggml tensor type 8.
public enum Q8_0: BlockDecoding, BlockEncoding {
  /// The scale and one byte per weight.
  public static let layout = BlockLayout(weightsPerBlock: 32, bytesPerBlock: 34, ggmlTypeID: 8)

  /// Decodes one block: `w = d · q`.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scale = block.float16(at: 0)
    for j in 0..<32 {
      weights[j] = scale * Float(Int8(bitPattern: block.byte(at: 2 + j)))
    }
  }

  /// Chooses the scale `d = max |w| / 127`, so that the largest weight becomes ±127, and rounds each
  /// `w / d` to the nearest integer, ties away from zero.
  ///
  /// The same bytes as ggml's: the division is a product with `1 / d` of the scale before it is rounded
  /// to float16. Where that inverse overflows (weights below 4e-37) the scale is zero and so are all bytes.
  ///
  /// - Throws: ``BlockFormatError/unencodable(weight:index:format:)`` for infinity, NaN, and magnitudes
  ///   from `127 · 65,520` on, whose scale would be infinite.
  @inlinable
  public static func encodeBlock(
    _ weights: Span<Float>, into block: consuming MutableRawSpan
  ) throws(BlockFormatError) {
    precondition(weights.count == weightsPerBlock && block.byteCount == bytesPerBlock)
    let limit = (127 * 65_520 as Float).nextDown
    let largest = try largestMagnitude(of: weights, limit: limit, format: .q8_0)
    let scale = largest / 127
    let inverse = 1 / scale
    block.storeBytes(of: scale.float16Bits.littleEndian, as: UInt16.self)
    for j in 0..<32 {
      let quotient = inverse.isFinite ? weights[j] * inverse : 0
      let truncated = Int8(quotient)
      let rest = quotient - Float(truncated)
      let rounded = truncated + (rest >= 0.5 ? 1 : 0) - (rest <= -0.5 ? 1 : 0)
      block.storeBytes(of: rounded, toByteOffset: 2 + j, as: Int8.self)
    }
  }
}

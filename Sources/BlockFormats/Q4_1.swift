/// Q4_1: 32 four-bit integers that share one float16 scale and one float16 minimum.
///
///     byte   0     2     4        5              19
///          ┌─────┬─────┬────────┬────────┬─ ─ ─┬─────────┐
///          │  d  │  m  │ q16 q0 │ q17 q1 │     │ q31 q15 │      20 bytes, 5 bits per weight
///          └─────┴─────┴────────┴────────┴─ ─ ─┴─────────┘
///             │     │  high nibble ┘└ low nibble
///             │     └ float16 minimum
///             └ float16 scale
///
/// Weight *j* is `d · q[j] + m`.
///
/// - SeeAlso: ggml tensor type 3.
public enum Q4_1: BlockDecoding {
  /// The scale, the minimum and sixteen bytes with two weights each.
  public static let layout = BlockLayout(weightsPerBlock: 32, bytesPerBlock: 20, ggmlTypeID: 3)

  /// Decodes one block: `w = d · q + m`, the product rounded before the sum.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scale = block.float16(at: 0)
    let minimum = block.float16(at: 2)
    for j in 0..<16 {
      let pair = block.byte(at: 4 + j)
      weights[j] = scale * Float(pair & 0x0F) + minimum
      weights[j + 16] = scale * Float(pair >> 4) + minimum
    }
  }
}

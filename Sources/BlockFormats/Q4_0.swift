/// Q4_0: 32 four-bit integers that share one float16 scale.
///
///     byte   0     2        3              17
///          ┌─────┬────────┬────────┬─ ─ ─┬─────────┐
///          │  d  │ q16 q0 │ q17 q1 │     │ q31 q15 │      18 bytes, 4.5 bits per weight
///          └─────┴────────┴────────┴─ ─ ─┴─────────┘
///             │  high nibble ┘└ low nibble
///             └ float16 scale
///
/// Weight *j* is `d · (q[j] − 8)`.
///
/// - SeeAlso: ggml tensor type 2.
public enum Q4_0: BlockDecoding {
  /// The scale and sixteen bytes with two weights each.
  public static let layout = BlockLayout(weightsPerBlock: 32, bytesPerBlock: 18, ggmlTypeID: 2)

  /// Decodes one block: `w = d · (q − 8)`.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scale = block.float16(at: 0)
    for j in 0..<16 {
      let pair = block.byte(at: 2 + j)
      weights[j] = scale * Float(Int(pair & 0x0F) - 8)
      weights[j + 16] = scale * Float(Int(pair >> 4) - 8)
    }
  }
}

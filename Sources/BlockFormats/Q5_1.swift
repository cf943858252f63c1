/// Q5_1: 32 five-bit integers that share one float16 scale and one float16 minimum.
///
///     byte   0     2     4      8        9              23
///          ┌─────┬─────┬──────┬────────┬────────┬─ ─ ─┬─────────┐
///          │  d  │  m  │  h   │ q16 q0 │ q17 q1 │     │ q31 q15 │      24 bytes, 6 bits per weight
///          └─────┴─────┴──────┴────────┴────────┴─ ─ ─┴─────────┘
///             │     │     │   high nibble ┘└ low nibble: bits 0…3 of q
///             │     │     └ 32 bits: bit j is bit 4 of q[j]
///             │     └ float16 minimum
///             └ float16 scale
///
/// Weight *j* is `d · q[j] + m`.
///
/// - SeeAlso: ggml tensor type 7.
public enum Q5_1: BlockDecoding {
  /// The scale, the minimum, 32 high bits and sixteen bytes with the low bits of two weights each.
  public static let layout = BlockLayout(weightsPerBlock: 32, bytesPerBlock: 24, ggmlTypeID: 7)

  /// Decodes one block: `w = d · q + m`, the product rounded before the sum.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scale = block.float16(at: 0)
    let minimum = block.float16(at: 2)
    let highBits = block.uint32(at: 4)
    for j in 0..<16 {
      let pair = UInt32(block.byte(at: 8 + j))
      let low = pair & 0x0F | (highBits >> j & 1) << 4
      let high = pair >> 4 | (highBits >> (j + 16) & 1) << 4
      weights[j] = scale * Float(low) + minimum
      weights[j + 16] = scale * Float(high) + minimum
    }
  }
}

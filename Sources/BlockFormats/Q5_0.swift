/// Q5_0: 32 five-bit integers that share one float16 scale.
///
///     byte   0     2      6        7              21
///          ┌─────┬──────┬────────┬────────┬─ ─ ─┬─────────┐
///          │  d  │  h   │ q16 q0 │ q17 q1 │     │ q31 q15 │      22 bytes, 5.5 bits per weight
///          └─────┴──────┴────────┴────────┴─ ─ ─┴─────────┘
///             │     │   high nibble ┘└ low nibble: bits 0…3 of q
///             │     └ 32 bits: bit j is bit 4 of q[j]
///             └ float16 scale
///
/// Weight *j* is `d · (q[j] − 16)`.
///
/// - SeeAlso: ggml tensor type 6.
public enum Q5_0: BlockDecoding {
  /// The scale, 32 high bits and sixteen bytes with the low bits of two weights each.
  public static let layout = BlockLayout(weightsPerBlock: 32, bytesPerBlock: 22, ggmlTypeID: 6)

  /// Decodes one block: `w = d · (q − 16)`.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scale = block.float16(at: 0)
    let highBits = block.uint32(at: 2)
    for j in 0..<16 {
      let pair = UInt32(block.byte(at: 6 + j))
      let low = pair & 0x0F | (highBits >> j & 1) << 4
      let high = pair >> 4 | (highBits >> (j + 16) & 1) << 4
      weights[j] = scale * Float(Int(low) - 16)
      weights[j + 16] = scale * Float(Int(high) - 16)
    }
  }
}

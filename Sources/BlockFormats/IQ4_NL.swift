/// IQ4_NL: 32 four-bit indices into a table of unevenly spaced integers, and one float16 scale.
///
///     byte   0     2        3              17
///          ┌─────┬────────┬────────┬─ ─ ─┬─────────┐
///          │  d  │ i16 i0 │ i17 i1 │     │ i31 i15 │      18 bytes, 4.5 bits per weight
///          └─────┴────────┴────────┴─ ─ ─┴─────────┘
///             │  high nibble ┘└ low nibble
///             └ float16 scale
///
/// Weight *j* is `d · values[i[j]]`. The steps are finer around zero, where most weights are.
///
/// - SeeAlso: ggml tensor type 20.
public enum IQ4_NL: BlockDecoding {
  /// The scale and sixteen bytes with two weights each.
  public static let layout = BlockLayout(weightsPerBlock: 32, bytesPerBlock: 18, ggmlTypeID: 20)

  /// The sixteen values, from ggml's `kvalues_iq4nl`.
  public static let values: [Float] = [
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
  ]

  /// Decodes one block: `w = d · values[i]`.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scale = block.float16(at: 0)
    for j in 0..<16 {
      let pair = block.byte(at: 2 + j)
      weights[j] = scale * values[Int(pair & 0x0F)]
      weights[j + 16] = scale * values[Int(pair >> 4)]
    }
  }
}

/// IQ4_XS: 256 four-bit indices into the table of ``IQ4_NL`` in 8 groups of 32, each with a six-bit scale.
///
///     byte   0     2     4         8
///          ┌─────┬─────┬─────────┬───────────┐
///          │  d  │  h  │ 4 bytes │ 128 bytes │      136 bytes, 4.25 bits per weight
///          └─────┴─────┴─────────┴───────────┘
///             │     │     │         └ indices: 16 bytes per group
///             │     │     └ bits 0…3 of the scales: byte k holds scale 2k low, scale 2k + 1 high
///             │     └ 16 bits: two per group, from the lowest: bits 4 and 5 of its scale
///             └ float16 scale of the scales
///
/// In a group, byte *j* holds weight *j* in its low nibble and weight *j + 16* in its high nibble.
///
/// A weight of group *g* is `(d · (scale[g] − 32)) · values[i]`.
///
/// - SeeAlso: ggml tensor type 23.
public enum IQ4_XS: BlockDecoding {
  /// The scale of scales, scales of 8 groups in two parts, 128 bytes with two weights each.
  public static let layout = BlockLayout(weightsPerBlock: 256, bytesPerBlock: 136, ggmlTypeID: 23)

  /// Decodes one block: `w = (d · (scale − 32)) · values[i]`, every operation rounded.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scaleOfScales = block.float16(at: 0)
    let highBits = block.uint16(at: 2)
    for group in 0..<8 {
      let low = block.byte(at: 4 + group / 2) >> UInt8(group % 2 * 4) & 0x0F
      let high = UInt8(highBits >> UInt16(2 * group) & 0x03)
      let scale = scaleOfScales * Float(Int(low | high << 4) - 32)
      for j in 0..<16 {
        let pair = block.byte(at: 8 + group * 16 + j)
        weights[group * 32 + j] = scale * IQ4_NL.values[Int(pair & 0x0F)]
        weights[group * 32 + j + 16] = scale * IQ4_NL.values[Int(pair >> 4)]
      }
    }
  }
}

/// Q2_K: 256 two-bit integers in 16 groups of 16, each group with a four-bit scale and minimum.
///
///     byte   0          16         80    82
///          ┌──────────┬──────────┬─────┬──────┐
///          │ s0 … s15 │ 64 bytes │  d  │ dmin │      84 bytes, 2.625 bits per weight
///          └──────────┴──────────┴─────┴──────┘
///             │          │          │     └ float16 scale of the minimums
///             │          │          └ float16 scale of the scales
///             │          └ q: 32 bytes per half of the block
///             └ one byte per group: scale in the low nibble, minimum in the high one
///
/// Byte *i* of a half (*i* from 0 to 31) holds four weights that stand 32 apart:
///
///     bit   7   6 | 5   4 | 3   2 | 1   0
///          q[i+96] q[i+64] q[i+32]  q[i]
///
/// A weight of group *g* is `(d · scale[g]) · q − dmin · minimum[g]`.
///
/// - SeeAlso: ggml tensor type 10.
public enum Q2_K: BlockDecoding {
  /// Scales and minimums of 16 groups, 64 bytes with four weights each, two scales.
  public static let layout = BlockLayout(weightsPerBlock: 256, bytesPerBlock: 84, ggmlTypeID: 10)

  /// Decodes one block: `w = (d · scale) · q − dmin · minimum`, every operation rounded.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scaleOfScales = block.float16(at: 80)
    let scaleOfMinimums = block.float16(at: 82)
    for group in 0..<16 {
      let packed = block.byte(at: group)
      let scale = scaleOfScales * Float(packed & 0x0F)
      let minimum = scaleOfMinimums * Float(packed >> 4)
      // Eight groups per half; two neighbors share a bit position, one in each half of the 32 bytes.
      let byteOffset = 16 + group / 8 * 32 + group % 2 * 16
      let shift = UInt8(group % 8 / 2 * 2)
      for j in 0..<16 {
        let quant = block.byte(at: byteOffset + j) >> shift & 0x03
        weights[group * 16 + j] = scale * Float(quant) - minimum
      }
    }
  }
}

/// Q4_K: 256 four-bit integers in 8 groups of 32, each group with a six-bit scale and minimum.
///
///     byte   0     2      4          16
///          ┌─────┬──────┬──────────┬───────────┐
///          │  d  │ dmin │ 12 bytes │ 128 bytes │      144 bytes, 4.5 bits per weight
///          └─────┴──────┴──────────┴───────────┘
///             │     │      │          └ q: 32 bytes per pair of groups
///             │     │      └ scales and minimums
///             │     └ float16 scale of the minimums
///             └ float16 scale of the scales
///
/// Each 32 bytes hold an even group in their low nibbles and the next group in their high ones. Scales
/// and minimums are as ``KScales`` draws them.
///
/// A weight of group *g* is `(d · scale[g]) · q − dmin · minimum[g]`.
///
/// - SeeAlso: ggml tensor type 12.
public enum Q4_K: BlockDecoding {
  /// Two scales, scales and minimums of 8 groups, 128 bytes with two weights each.
  public static let layout = BlockLayout(weightsPerBlock: 256, bytesPerBlock: 144, ggmlTypeID: 12)

  /// Decodes one block: `w = (d · scale) · q − dmin · minimum`, every operation rounded.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scaleOfScales = block.float16(at: 0)
    let scaleOfMinimums = block.float16(at: 2)
    for group in 0..<8 {
      let packed = KScales.unpack(group, from: block, at: 4)
      let scale = scaleOfScales * Float(packed.scale)
      let minimum = scaleOfMinimums * Float(packed.minimum)
      let byteOffset = 16 + group / 2 * 32
      let shift = UInt8(group % 2 * 4)
      for j in 0..<32 {
        let quant = block.byte(at: byteOffset + j) >> shift & 0x0F
        weights[group * 32 + j] = scale * Float(quant) - minimum
      }
    }
  }
}

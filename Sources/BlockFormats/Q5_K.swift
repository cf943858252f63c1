/// Q5_K: 256 five-bit integers in 8 groups of 32, each group with a six-bit scale and minimum.
///
///     byte   0     2      4          16         48
///          ┌─────┬──────┬──────────┬──────────┬───────────┐
///          │  d  │ dmin │ 12 bytes │ 32 bytes │ 128 bytes │      176 bytes, 5.5 bits per weight
///          └─────┴──────┴──────────┴──────────┴───────────┘
///             │     │      │          │          └ bits 0…3 of q: 32 bytes per pair of groups
///             │     │      │          └ bit 4 of q: bit g of byte j belongs to weight j of group g
///             │     │      └ scales and minimums
///             │     └ float16 scale of the minimums
///             └ float16 scale of the scales
///
/// Each 32 of the last bytes hold an even group in their low nibbles and the next group in their high
/// ones. Scales and minimums are as ``KScales`` draws them.
///
/// A weight of group *g* is `(d · scale[g]) · q − dmin · minimum[g]`.
///
/// - SeeAlso: ggml tensor type 13.
public enum Q5_K: BlockDecoding {
  /// Two scales, scales and minimums of 8 groups, high bits, 128 bytes with the low bits of two weights each.
  public static let layout = BlockLayout(weightsPerBlock: 256, bytesPerBlock: 176, ggmlTypeID: 13)

  /// Decodes one block: `w = (d · scale) · q − dmin · minimum`, every operation rounded.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scaleOfScales = block.float16(at: 0)
    let scaleOfMinimums = block.float16(at: 2)
    for group in 0..<8 {
      let packed = KScales.unpack(group, from: block, at: 4)
      let scale = scaleOfScales * Float(packed.scale)
      let minimum = scaleOfMinimums * Float(packed.minimum)
      let byteOffset = 48 + group / 2 * 32
      let shift = UInt8(group % 2 * 4)
      for j in 0..<32 {
        let low = block.byte(at: byteOffset + j) >> shift & 0x0F
        let high = block.byte(at: 16 + j) >> UInt8(group) & 0x01
        weights[group * 32 + j] = scale * Float(low | high << 4) - minimum
      }
    }
  }
}

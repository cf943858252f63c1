/// Q3_K: 256 three-bit integers in 16 groups of 16, each group with a six-bit scale.
///
///     byte   0          32         96         108
///          ┌──────────┬──────────┬──────────┬─────┐
///          │ 32 bytes │ 64 bytes │ 12 bytes │  d  │      110 bytes, 3.4375 bits per weight
///          └──────────┴──────────┴──────────┴─────┘
///             │          │          │          └ float16 scale of the scales
///             │          │          └ scales
///             │          └ bits 0 and 1 of q: 32 bytes per half of the block
///             └ bit 2 of q: bit k of byte i belongs to weight 32 k + i
///
/// Byte *i* of a half holds two bits each of weights *i*, *i + 32*, *i + 64*, *i + 96*, from the lowest.
/// Scale *g* has its low four bits in byte *g mod 8*, in the low nibble for the first eight groups and
/// in the high one for the others; its high two bits are in byte *8 + g mod 4* at bit *2 · (g div 4)*.
///
/// A weight of group *g* is `(d · (scale[g] − 32)) · (q − 4)`.
///
/// - SeeAlso: ggml tensor type 11.
public enum Q3_K: BlockDecoding {
  /// High bits, low bits, scales of 16 groups, the scale of scales.
  public static let layout = BlockLayout(weightsPerBlock: 256, bytesPerBlock: 110, ggmlTypeID: 11)

  /// Decodes one block: `w = (d · (scale − 32)) · (q − 4)`, every operation rounded.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scaleOfScales = block.float16(at: 108)
    for group in 0..<16 {
      let scale = scaleOfScales * Float(Int(packedScale(of: group, in: block)) - 32)
      let byteOffset = group % 2 * 16
      let lowShift = UInt8(group % 8 / 2 * 2)
      let highShift = UInt8(group / 2)
      for j in 0..<16 {
        let low = block.byte(at: 32 + group / 8 * 32 + byteOffset + j) >> lowShift & 0x03
        let high = block.byte(at: byteOffset + j) >> highShift & 0x01
        weights[group * 16 + j] = scale * Float(Int(low | high << 2) - 4)
      }
    }
  }

  /// The six bits of a group's scale.
  @inlinable
  static func packedScale(of group: Int, in block: RawSpan) -> UInt8 {
    let low = block.byte(at: 96 + group % 8) >> UInt8(group / 8 * 4) & 0x0F
    let high = block.byte(at: 104 + group % 4) >> UInt8(group / 4 * 2) & 0x03
    return low | high << 4
  }
}

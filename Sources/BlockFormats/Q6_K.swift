/// Q6_K: 256 six-bit integers in 16 groups of 16, each group with a signed eight-bit scale.
///
///     byte   0           128        192        208
///          ┌───────────┬──────────┬──────────┬─────┐
///          │ 128 bytes │ 64 bytes │ s0 … s15 │  d  │      210 bytes, 6.5625 bits per weight
///          └───────────┴──────────┴──────────┴─────┘
///             │           │          │          └ float16 scale of the scales
///             │           │          └ signed bytes, one per group
///             │           └ bits 4 and 5 of q: 32 bytes per half of the block
///             └ bits 0…3 of q: 64 bytes per half of the block
///
/// In a half, byte *i* of the 64 holds weight *i* in its low nibble and weight *i + 64* in its high
/// nibble; byte *i* of the 32 holds two bits each of weights *i*, *i + 32*, *i + 64*, *i + 96*, from
/// the lowest.
///
/// A weight of group *g* is `(d · scale[g]) · (q − 32)`.
///
/// - SeeAlso: ggml tensor type 14.
public enum Q6_K: BlockDecoding {
  /// Low bits, high bits, scales of 16 groups, the scale of scales.
  public static let layout = BlockLayout(weightsPerBlock: 256, bytesPerBlock: 210, ggmlTypeID: 14)

  /// Decodes one block: `w = (d · scale) · (q − 32)`, every operation rounded.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let scaleOfScales = block.float16(at: 208)
    for group in 0..<16 {
      let scale = scaleOfScales * Float(Int8(bitPattern: block.byte(at: 192 + group)))
      let lowOffset = group / 8 * 64 + group % 4 * 16
      let lowShift = UInt8(group % 8 / 4 * 4)
      let highOffset = 128 + group / 8 * 32 + group % 2 * 16
      let highShift = UInt8(group % 8 / 2 * 2)
      for j in 0..<16 {
        let low = block.byte(at: lowOffset + j) >> lowShift & 0x0F
        let high = block.byte(at: highOffset + j) >> highShift & 0x03
        weights[group * 16 + j] = scale * Float(Int(low | high << 4) - 32)
      }
    }
  }
}

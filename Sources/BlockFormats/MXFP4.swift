/// MXFP4: 32 four-bit floats that share one power-of-two scale.
///
///     byte   0      1        2              16
///          ┌───┬────────┬────────┬─ ─ ─┬─────────┐
///          │ e │ w16 w0 │ w17 w1 │     │ w31 w15 │      17 bytes, 4.25 bits per weight
///          └───┴────────┴────────┴─ ─ ─┴─────────┘
///            │   high nibble ┘└ low nibble
///            └ E8M0 scale: 2^(e − 127)
///
/// Weight *j* is `2^(e − 127) · E2M1(nibble j)`. The halves interleave: a byte holds weights *j* and
/// *j + 16*, not two neighbors.
///
/// As in ggml, the table is doubled and the scale halved. That makes every value an integer, and it
/// settles two cases in which ggml's bits, which we give, are not what the specification says: nibble 8
/// is 0 where the specification has −0, and the scale 255 is 2^128 where it has NaN.
///
/// - SeeAlso: OCP Microscaling Formats (MX) Specification v1.0, the element format E2M1 and the scale
///   format E8M0; ggml tensor type 39. Docs/MXFP4.md takes a block apart by hand.
public enum MXFP4: BlockDecoding, BlockEncoding {
  /// The scale and sixteen bytes with two weights each.
  public static let layout = BlockLayout(weightsPerBlock: 32, bytesPerBlock: 17, ggmlTypeID: 39)

  /// Twice the sixteen E2M1 values, each a sign bit, two exponent bits and a mantissa bit.
  ///
  /// There are no infinities and no NaN.
  public static let doubledValues: [Float] = [
    0, 1, 2, 3, 4, 6, 8, 12,
    0, -1, -2, -3, -4, -6, -8, -12,
  ]

  /// Half the scale that an E8M0 byte stands for: `2^(e − 128)`, exact for every byte.
  @inlinable
  public static func halfScale(e8m0 e: UInt8) -> Float {
    // 2^−128 and 2^−127 are subnormal; from 2^−126 on the exponent has its own bits.
    Float(bitPattern: e < 2 ? 0x0020_0000 << UInt32(e) : UInt32(e - 1) << 23)
  }

  /// Decodes one block: `w = 2^(e − 128) · doubledValues[nibble]`.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    let halfScale = halfScale(e8m0: block.byte(at: 0))
    for j in 0..<16 {
      let pair = block.byte(at: 1 + j)
      weights[j] = halfScale * doubledValues[Int(pair & 0x0F)]
      weights[j + 16] = halfScale * doubledValues[Int(pair >> 4)]
    }
  }
}

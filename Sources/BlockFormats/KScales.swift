/// The twelve bytes in which Q4_K and Q5_K keep eight scales and eight minimums of six bits each.
///
///     bit           7  6    5        0
///                 ┌───────┬───────────┐
///     byte 0…3    │ s[k+4]│   s[k]    │      s: the upper two bits, all six bits
///                 ├───────┼───────────┤
///     byte 4…7    │ m[k+4]│   m[k]    │      m: the upper two bits, all six bits
///                 ├───────┴─┬─────────┤
///     byte 8…11   │ m[k+4]  │ s[k+4]  │      the lower four bits of both
///                 └─────────┴─────────┘
///     bit           7     4   3     0
///
/// *k* counts the bytes of a row from 0 to 3: groups 0 to 3 have their scale *s* and minimum *m* in one
/// piece, groups 4 to 7 in two.
public enum KScales {
  /// The scale and the minimum of one group.
  ///
  /// - Parameters:
  ///   - group: 0 to 7.
  ///   - block: the bytes of a block.
  ///   - byteOffset: where the twelve bytes begin in it.
  /// - Returns: two integers from 0 to 63.
  @inlinable
  public static func unpack(
    _ group: Int, from block: RawSpan, at byteOffset: Int
  ) -> (scale: UInt8, minimum: UInt8) {
    let k = group % 4
    let scales = block.byte(at: byteOffset + k)
    let minimums = block.byte(at: byteOffset + 4 + k)
    if group < 4 {
      return (scales & 0x3F, minimums & 0x3F)
    }
    let low = block.byte(at: byteOffset + 8 + k)
    return (low & 0x0F | scales >> 2 & 0x30, low >> 4 | minimums >> 2 & 0x30)
  }
}

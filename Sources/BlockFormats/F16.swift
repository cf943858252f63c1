/// F16: IEEE 754 half precision, little-endian.
///
///     bit   15   14     10   9              0
///          ┌───┬──────────┬─────────────────┐
///          │ s │ exponent │    fraction     │      2 bytes, 16 bits per weight
///          └───┴──────────┴─────────────────┘
///
/// Largest finite value 65,504; smallest positive one 2^−24, a subnormal. Every half is a float, so
/// decoding is exact.
///
/// - SeeAlso: IEEE 754-2019 binary16; ggml tensor type 1.
public enum F16: BlockDecoding, BlockEncoding {
  /// A block is a weight.
  public static let layout = BlockLayout(weightsPerBlock: 1, bytesPerBlock: 2, ggmlTypeID: 1)

  /// Widens the weight: exact.
  @inlinable @inline(__always)
  public static func decodeBlock(_ block: RawSpan, into weights: consuming MutableSpan<Float>) {
    weights[0] = Float(float16Bits: block.uint16(at: 0))
  }

  /// Rounds to nearest, ties to even.
  ///
  /// Never throws: magnitudes of 65,520 and more become infinity, NaN stays NaN.
  @inlinable
  public static func encodeBlock(_ weights: Span<Float>, into block: consuming MutableRawSpan) {
    block.storeBytes(of: weights[0].float16Bits.littleEndian, as: UInt16.self)
  }
}

// `Float16` would do this, but Swift does not have it on every platform (macOS on x86-64).
extension Float {
  /// The value of a float16 given by its bits: exact, signalling NaNs and NaN payloads kept.
  @inlinable
  public init(float16Bits bits: UInt16) {
    let sign = UInt32(bits & 0x8000) << 16
    let magnitude = UInt32(bits & 0x7FFF)
    let widened: UInt32
    if magnitude < 0x0400 {
      // Zero or subnormal: so many times 2^−24.
      widened = (Float(magnitude) * 0x1p-24).bitPattern
    } else {
      // The exponent's bias goes from 15 to 127; all ones (infinity, NaN) stay all ones.
      let rebias: UInt32 = magnitude < 0x7C00 ? 127 - 15 : 255 - 31
      widened = magnitude << 13 + rebias << 23
    }
    self.init(bitPattern: sign | widened)
  }

  /// The bits of the nearest float16, ties to even.
  ///
  /// Magnitudes of 65,520 and more become infinity. NaN keeps its sign and the upper ten bits of its
  /// payload; where those are all zero the lowest is set, since infinity would be left otherwise.
  @inlinable
  public var float16Bits: UInt16 {
    let sign = UInt16(truncatingIfNeeded: bitPattern >> 16) & 0x8000
    let magnitude = bitPattern & 0x7FFF_FFFF
    let narrowed: UInt32
    if magnitude < 0x3880_0000 {
      // Below 2^−14 halves are multiples of 2^−24, and so are floats from 0.5 to 1: the sum rounds.
      narrowed = (Float(bitPattern: magnitude) + 0.5).bitPattern - Float(0.5).bitPattern
    } else if magnitude < 0x477F_F000 {
      let rebiased = magnitude - (127 - 15) << 23
      narrowed = (rebiased + 0x0FFF + (rebiased >> 13 & 1)) >> 13
    } else if magnitude <= 0x7F80_0000 {
      narrowed = 0x7C00
    } else {
      narrowed = 0x7C00 | max(magnitude >> 13 & 0x03FF, 1)
    }
    return sign | UInt16(truncatingIfNeeded: narrowed)
  }
}

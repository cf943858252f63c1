import GPTOSSBlockFormats
import Testing

/// If these fail, weights stored as BF16 are read or written wrongly.
@Suite("BF16")
struct BF16Tests {
  @Test("Every pattern decodes to the upper half of a float and encodes to itself, NaN quieted")
  func everyPattern() throws {
    let patterns = (0...UInt16.max).map(\.self)
    let weights = BF16.weights(of: patterns.littleEndianBytes)
    #expect(weights.bits == patterns.map { UInt32($0) << 16 })
    let quieted = zip(patterns, weights).map { $1.isNaN ? $0 | 0x0040 : $0 }
    #expect(try BF16.bytes(of: weights) == quieted.littleEndianBytes)
  }

  @Test("Between neighbors the nearest is taken, at the midpoint the even one")
  func midpoints() {
    // Neighboring bfloat16 values differ by 2^16 in the bits of the float, infinity included.
    for lower in UInt16(0)..<0x7F80 {
      let midpoint = UInt32(lower) << 16 | 0x8000
      #expect(Float(bitPattern: midpoint - 1).bfloat16Bits == lower)
      #expect(Float(bitPattern: midpoint).bfloat16Bits == lower + lower % 2)
      #expect(Float(bitPattern: midpoint + 1).bfloat16Bits == lower + 1)
      #expect(Float(bitPattern: midpoint | 1 << 31).bfloat16Bits == 0x8000 | lower + lower % 2)
    }
  }

  @Test(
    "NaN stays NaN",
    arguments: [
      (0x7F80_0001, 0x7FC0, "a payload that is cut off"),
      (0xFF80_0001, 0xFFC0, "the same, negative"),
      (0x7FFF_FFFF, 0x7FFF, "a payload that rounding would carry out of"),
      (0xFFFF_FFFF, 0xFFFF, "the same, negative"),
    ] as [(UInt32, UInt16, String)])
  func notANumber(float: UInt32, bfloat: UInt16, why: String) {
    #expect(Float(bitPattern: float).bfloat16Bits == bfloat, "\(why)")
  }
}

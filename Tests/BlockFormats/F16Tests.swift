import GPTOSSBlockFormats
import Testing

/// If these fail, every format with a float16 scale is read wrongly.
@Suite("F16")
struct F16Tests {
  /// The value of a float16 from its definition, in arithmetic that is exact.
  private func value(of bits: UInt16) -> Double {
    let sign: Double = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x03FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1024 + fraction) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
    }
  }

  @Test("Every pattern decodes to its definition and encodes to itself")
  func everyPattern() throws {
    let patterns = (0...UInt16.max).map(\.self)
    let weights = F16.weights(of: patterns.littleEndianBytes)
    for (pattern, weight) in zip(patterns, weights) {
      let expected = value(of: pattern)
      if expected.isNaN {
        // Sign and payload move up; a signalling NaN stays one.
        let payload = UInt32(pattern & 0x8000) << 16 | 0x7F80_0000 | UInt32(pattern & 0x03FF) << 13
        #expect(weight.bitPattern == payload, "pattern \(pattern)")
      } else {
        #expect(Double(weight) == expected && weight.sign == expected.sign, "pattern \(pattern)")
      }
    }
    #expect(try F16.bytes(of: weights) == patterns.littleEndianBytes)
  }

  @Test("Between neighbors the nearest is taken, at the midpoint the even one")
  func midpoints() {
    for lower in UInt16(0)..<0x7C00 {
      // Past the largest finite value the next one would be 65,536: infinity begins at the midpoint.
      let upperValue = lower == 0x7BFF ? 65_536 : value(of: lower + 1)
      let midpoint = Float((value(of: lower) + upperValue) / 2)
      #expect(midpoint.nextDown.float16Bits == lower)
      #expect(midpoint.float16Bits == lower + lower % 2)
      #expect(midpoint.nextUp.float16Bits == lower + 1)
      #expect((-midpoint).float16Bits == 0x8000 | lower + lower % 2)
    }
  }

  @Test(
    "Special values",
    arguments: [
      (0x7F80_0000, 0x7C00, "infinity"),
      (0xFF80_0000, 0xFC00, "minus infinity"),
      (0x7F7F_FFFF, 0x7C00, "the largest float overflows"),
      (0x0000_0001, 0x0000, "the smallest float underflows"),
      (0x8000_0001, 0x8000, "and keeps its sign"),
      (0x7FC0_0000, 0x7E00, "quiet NaN"),
      (0x7F80_0001, 0x7C01, "a NaN whose payload is cut off is still NaN"),
      (0xFF80_1FFF, 0xFC01, "the same, negative"),
      (0x7FFF_FFFF, 0x7FFF, "all of the payload"),
    ] as [(UInt32, UInt16, String)])
  func specialValues(float: UInt32, half: UInt16, why: String) {
    #expect(Float(bitPattern: float).float16Bits == half, "\(why)")
  }
}

import GPTOSSBlockFormats
import GPTOSSKernels
import Testing

/// The numbers that the kernels have written out, derived from the formats that they stand for.
struct InterleavedFormatTests {
  /// What VPSHUFB and VPERMB look up.
  @Test func unsignedE2M1IsTheFormatsTablePlusTheOffset() {
    let table = InterleavedFormat.unsignedE2M1
    for nibble in 0..<16 {
      #expect(
        Int(table[nibble]) == Int(MXFP4.doubledValues[nibble]) + Int(InterleavedFormat.mxfp4.offset),
        "\(nibble)")
    }
  }

  @Test func sizesAreTheFormats() {
    #expect(InterleavedFormat.mxfp4.fileBytesPerBlock == MXFP4.bytesPerBlock)
    #expect(InterleavedFormat.q8_0.fileBytesPerBlock == Q8_0.bytesPerBlock)
    #expect(InterleavedFormat.columnsPerBlock == MXFP4.weightsPerBlock)
    #expect(InterleavedFormat.columnsPerBlock == Q8_0.weightsPerBlock)
    for format in [InterleavedFormat.mxfp4, .q8_0] {
      #expect(format.recordByteCount == 16 * format.fileBytesPerBlock)
    }
  }

  /// An offset makes every weight an unsigned byte, and MXFP4's is shifted to become the other's.
  @Test func offsetsMakeWeightsUnsigned() {
    for (format, lowest, highest) in [(InterleavedFormat.mxfp4, -12, 12), (.q8_0, -128, 127)] {
      #expect(lowest + Int(format.offset) >= 0 && highest + Int(format.offset) <= 255)
      #expect(InterleavedFormat.mxfp4.offset << format.offsetShift == format.offset)
    }
    #expect(MXFP4.doubledValues.min() == -12 && MXFP4.doubledValues.max() == 12)
    // Inverting the highest bit of a signed byte adds 128.
    #expect(InterleavedFormat.q8_0.signBits == 0x8080_8080 && InterleavedFormat.mxfp4.signBits == 0)
    for weight in Int8.min...Int8.max {
      let byte = UInt8(bitPattern: weight) ^ UInt8(truncatingIfNeeded: InterleavedFormat.q8_0.signBits)
      #expect(Int(byte) == Int(weight) + Int(InterleavedFormat.q8_0.offset))
    }
  }

  /// `256 · high + low` with two signed bytes reaches the largest quant, and no sum of 32 products leaves 32
  /// bits.
  @Test func quantsFit() {
    #expect(Precision.precise.largestQuant == 256 * 127 && Precision.fast.largestQuant == 127)
    #expect(255 * Int(Precision.precise.largestQuant) * InterleavedFormat.columnsPerBlock < 1 << 31)
  }
}

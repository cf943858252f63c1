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
    for format in InterleavedFormat.allCases where format.headerByteCount == 0 {
      #expect(format.fileBytesPerBlock == format.blockFormat.bytesPerBlock)
      #expect(InterleavedFormat.columnsPerBlock == format.blockFormat.weightsPerBlock)
      #expect(format.recordByteCount == 16 * format.fileBytesPerBlock)
    }
    let longBlock = InterleavedFormat.recordsPerHeader * InterleavedFormat.columnsPerBlock
    for format in InterleavedFormat.allCases where format.headerByteCount > 0 {
      #expect(format.blockFormat.weightsPerBlock == longBlock)
      // A byte for each scale and minimum of six bits in place of twelve for all.
      let bytes = format.blockFormat.bytesPerBlock + (format.scales == .sixBits ? 16 - 12 : 0)
      #expect(format.groupByteCount(columns: longBlock) == 16 * bytes)
    }
  }

  /// An offset makes every weight an unsigned byte, or one of five bits, and MXFP4's is shifted to become the
  /// others'.
  @Test func offsetsMakeWeightsUnsigned() {
    for (format, lowest, highest) in [
      (InterleavedFormat.mxfp4, -12, 12), (.q8_0, -128, 127), (.q5_0, -16, 15), (.q5_1, -16, 15),
      (.q4_K, -16, -1), (.q5_K, -16, 15), (.q6_K, -32, 31),
    ] {
      #expect(lowest + Int(format.offset) >= 0)
      #expect(highest + Int(format.offset) <= (format.hasFiveBits ? 31 : format == .q6_K ? 63 : 255))
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

  /// What AVX2 adds up in 16 bits: four results of VPMADDUBSW with any bytes; with the offset taken off,
  /// eight with the bytes of `fast`.
  @Test func sumsOfFiveBitsFit() {
    #expect(4 * 2 * 31 * 128 <= Int(Int16.max))
    let largest = Int(InterleavedFormat.q5_0.offset)
    #expect(8 * 2 * largest * Int(Precision.fast.largestQuant) <= Int(Int16.max))
  }

  /// `256 · high + low` with two signed bytes reaches the largest quant, and no sum of 32 products leaves 32
  /// bits.
  @Test func quantsFit() {
    #expect(Precision.precise.largestQuant == 256 * 127 && Precision.fast.largestQuant == 127)
    #expect(255 * Int(Precision.precise.largestQuant) * InterleavedFormat.columnsPerBlock < 1 << 31)
    // A half of Q6_K's columns is exact even as a float.
    #expect(32 * Int(Precision.precise.largestQuant) * InterleavedFormat.columnsPerBlock / 2 < 1 << 24)
  }
}

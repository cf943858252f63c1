public import GPTOSSKernels
public import _Builtin_intrinsics.intel

/// Products with records by an instruction that multiplies four bytes of each row and adds them up in 32
/// bits: VPDPBUSD, 32 multiply-adds in a 256-bit register.
///
/// A set names that instruction and its `dotPairs`, VPDPWSSD. The rest is the same whatever they are made of,
/// so that the tests can compile it with others (`Tests/KernelTwins`).
@usableFromInline
package protocol YMMDotProducts: YMMByteRecords, RecordKernels {
  /// In each 32-bit lane: `sum + u[0] · x[0] + … + u[3] · x[3]`, bytes, `u` unsigned and `x` signed.
  static func dotBytes(_ u: __m256i, _ x: __m256i, _ sum: __m256i) -> __m256i
}

extension YMMDotProducts {
  @inlinable @inline(__always)
  package static func quantize(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer
  ) -> QuantizedFactor {
    quantizeToBytes(input, precision, quants: quants)
  }

  @inlinable @inline(__always)
  package static func multiply(
    _ format: InterleavedFormat, _ precision: Precision, _ operands: RecordOperands
  ) {
    multiplyBytes(format, precision, operands)
  }

  @inlinable @inline(__always)
  package static func addProducts(_ weights: __m256i, _ x: __m256i, _ sum: __m256i) -> __m256i {
    dotBytes(weights, x, sum)
  }

  @inlinable @inline(__always)
  package static func total(_ sum: __m256i) -> __m256i { sum }

  @inlinable @inline(__always)
  package static func total256(_ sum: __m256i) -> __m256i { _mm256_slli_epi32(sum, 8) }

  @inlinable @inline(__always)
  package static func blockStart(
    _ format: InterleavedFormat, ofScale index: Int, _ factor: QuantizedFactor,
    _ quants: UnsafePointer<Int32>
  ) -> __m256i { start(format, ofScale: index, factor) }
}

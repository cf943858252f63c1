public import GPTOSSKernels
public import _Builtin_intrinsics.arm.neon

/// The scales and minimums of a record's sixteen rows.
@usableFromInline
package typealias NEONRowFactors = (
  RowFactors<float32x4_t>, RowFactors<float32x4_t>, RowFactors<float32x4_t>, RowFactors<float32x4_t>
)

/// One token's sums of a record's sixteen rows.
@usableFromInline
package struct NEONRowSums {
  @usableFromInline package var s0, s1, s2, s3: int32x4_t

  @inlinable @inline(__always)
  package init(_ s0: int32x4_t, _ s1: int32x4_t, _ s2: int32x4_t, _ s3: int32x4_t) {
    (self.s0, self.s1, self.s2, self.s3) = (s0, s1, s2, s3)
  }

  /// Turns the sums into floats and adds them to what earlier blocks gave.
  @inlinable @inline(__always)
  func accumulate(
    _ format: InterleavedFormat, ofScale index: Int, _ factor: QuantizedFactor, _ rows: NEONRowFactors,
    _ totals: UnsafeMutablePointer<Float>
  ) {
    NEON.accumulate(format, ofScale: index, s0, factor, rows.0, totals)
    NEON.accumulate(format, ofScale: index, s1, factor, rows.1, totals + 4)
    NEON.accumulate(format, ofScale: index, s2, factor, rows.2, totals + 8)
    NEON.accumulate(format, ofScale: index, s3, factor, rows.3, totals + 12)
  }
}

public import _Builtin_intrinsics.arm.neon

/// The scales of a record's sixteen rows.
@usableFromInline
package struct NEONRowScales {
  @usableFromInline let s0, s1, s2, s3: float32x4_t

  @inlinable @inline(__always)
  init(_ s0: float32x4_t, _ s1: float32x4_t, _ s2: float32x4_t, _ s3: float32x4_t) {
    (self.s0, self.s1, self.s2, self.s3) = (s0, s1, s2, s3)
  }
}

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
  func accumulate(_ scale: Float, _ rows: NEONRowScales, _ totals: UnsafeMutablePointer<Float>) {
    let scale = vdupq_n_f32(scale)
    func add(_ sum: int32x4_t, _ rowScale: float32x4_t, _ total: UnsafeMutablePointer<Float>) {
      let product = vmulq_f32(vcvtq_f32_s32(sum), scale)
      NEON.store(vfmaq_f32(NEON.load(UnsafePointer(total)), product, rowScale), total)
    }
    add(s0, rows.s0, totals)
    add(s1, rows.s1, totals + 4)
    add(s2, rows.s2, totals + 8)
    add(s3, rows.s3, totals + 12)
  }
}

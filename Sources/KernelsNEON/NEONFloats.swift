public import GPTOSSKernels
public import _Builtin_intrinsics.arm.neon

/// Dot products of floats in four registers at a time: sixteen sums per row, added up in AVX-512's order, so
/// the two give the same bits.
///
/// Sixteen sums of four lanes, four rows by one token, are also what it takes to start four multiply-adds in
/// each cycle (``NEON/rowsPerBlock``). One register per row would leave half of that unused.
@usableFromInline
package enum NEONFloats: FloatInstructions {
  @usableFromInline
  package struct Vector {
    @usableFromInline var a, b, c, d: float32x4_t

    @inlinable @inline(__always)
    init(_ a: float32x4_t, _ b: float32x4_t, _ c: float32x4_t, _ d: float32x4_t) {
      (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }
  }

  @inlinable @inline(__always) package static var laneCount: Int { 16 }
  @inlinable @inline(__always) package static var tokensAtOnce: Int { 1 }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<Float>) -> Vector {
    Vector(NEON.load(pointer), NEON.load(pointer + 4), NEON.load(pointer + 8), NEON.load(pointer + 12))
  }

  @inlinable @inline(__always) package static func broadcast(_ value: Float) -> Vector {
    let x = vdupq_n_f32(value)
    return Vector(x, x, x, x)
  }

  @inlinable @inline(__always) package static func multiplyAdd(_ x: Vector, _ y: Vector, _ z: Vector)
    -> Vector
  {
    Vector(
      vfmaq_f32(z.a, x.a, y.a), vfmaq_f32(z.b, x.b, y.b), vfmaq_f32(z.c, x.c, y.c), vfmaq_f32(z.d, x.d, y.d))
  }

  @inlinable @inline(__always) package static func sum(_ x: Vector) -> Float {
    NEON.sum(vaddq_f32(vaddq_f32(x.a, x.c), vaddq_f32(x.b, x.d)))
  }
}

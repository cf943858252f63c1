import _Builtin_intrinsics.intel

/// Multiply-adds of 32-bit floats of one round of `multiplyAdd16`.
public let multiplyAddsPerRound16 = 16 * 16

/// Does nothing but multiply and add, in 16 independent sums of 16 lanes: what the CPU can do at most.
public func multiplyAdd16(rounds: Int) -> Float {
  let x = _mm512_set1_ps(0.5)
  let y = _mm512_set1_ps(1)
  var s0 = _mm512_set1_ps(Float(0))
  var s1 = _mm512_set1_ps(Float(1))
  var s2 = _mm512_set1_ps(Float(2))
  var s3 = _mm512_set1_ps(Float(3))
  var s4 = _mm512_set1_ps(Float(4))
  var s5 = _mm512_set1_ps(Float(5))
  var s6 = _mm512_set1_ps(Float(6))
  var s7 = _mm512_set1_ps(Float(7))
  var s8 = _mm512_set1_ps(Float(8))
  var s9 = _mm512_set1_ps(Float(9))
  var s10 = _mm512_set1_ps(Float(10))
  var s11 = _mm512_set1_ps(Float(11))
  var s12 = _mm512_set1_ps(Float(12))
  var s13 = _mm512_set1_ps(Float(13))
  var s14 = _mm512_set1_ps(Float(14))
  var s15 = _mm512_set1_ps(Float(15))
  for _ in 0..<rounds {
    s0 = _mm512_fmadd_ps(s0, x, y)
    s1 = _mm512_fmadd_ps(s1, x, y)
    s2 = _mm512_fmadd_ps(s2, x, y)
    s3 = _mm512_fmadd_ps(s3, x, y)
    s4 = _mm512_fmadd_ps(s4, x, y)
    s5 = _mm512_fmadd_ps(s5, x, y)
    s6 = _mm512_fmadd_ps(s6, x, y)
    s7 = _mm512_fmadd_ps(s7, x, y)
    s8 = _mm512_fmadd_ps(s8, x, y)
    s9 = _mm512_fmadd_ps(s9, x, y)
    s10 = _mm512_fmadd_ps(s10, x, y)
    s11 = _mm512_fmadd_ps(s11, x, y)
    s12 = _mm512_fmadd_ps(s12, x, y)
    s13 = _mm512_fmadd_ps(s13, x, y)
    s14 = _mm512_fmadd_ps(s14, x, y)
    s15 = _mm512_fmadd_ps(s15, x, y)
  }
  var sum = s0
  for vector in [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15] {
    sum = _mm512_add_ps(sum, vector)
  }
  return sum[0]
}

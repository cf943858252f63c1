import _Builtin_intrinsics.intel

/// Multiply-adds of 32-bit floats of one round of `multiplyAdd8`.
public let multiplyAddsPerRound8 = 12 * 8

/// Does nothing but multiply and add, in 12 independent sums of 8 lanes: what the CPU can do at most.
public func multiplyAdd8(rounds: Int) -> Float {
  let x = _mm256_set1_ps(0.5)
  let y = _mm256_set1_ps(1)
  var s0 = _mm256_set1_ps(Float(0))
  var s1 = _mm256_set1_ps(Float(1))
  var s2 = _mm256_set1_ps(Float(2))
  var s3 = _mm256_set1_ps(Float(3))
  var s4 = _mm256_set1_ps(Float(4))
  var s5 = _mm256_set1_ps(Float(5))
  var s6 = _mm256_set1_ps(Float(6))
  var s7 = _mm256_set1_ps(Float(7))
  var s8 = _mm256_set1_ps(Float(8))
  var s9 = _mm256_set1_ps(Float(9))
  var s10 = _mm256_set1_ps(Float(10))
  var s11 = _mm256_set1_ps(Float(11))
  for _ in 0..<rounds {
    s0 = _mm256_fmadd_ps(s0, x, y)
    s1 = _mm256_fmadd_ps(s1, x, y)
    s2 = _mm256_fmadd_ps(s2, x, y)
    s3 = _mm256_fmadd_ps(s3, x, y)
    s4 = _mm256_fmadd_ps(s4, x, y)
    s5 = _mm256_fmadd_ps(s5, x, y)
    s6 = _mm256_fmadd_ps(s6, x, y)
    s7 = _mm256_fmadd_ps(s7, x, y)
    s8 = _mm256_fmadd_ps(s8, x, y)
    s9 = _mm256_fmadd_ps(s9, x, y)
    s10 = _mm256_fmadd_ps(s10, x, y)
    s11 = _mm256_fmadd_ps(s11, x, y)
  }
  var sum = s0
  for vector in [s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11] { sum = _mm256_add_ps(sum, vector) }
  return sum[0]
}

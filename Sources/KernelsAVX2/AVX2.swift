import GPTOSSKernels
package import _Builtin_intrinsics.intel

/// AVX2 with FMA and F16C.
package enum AVX2: YMMInstructions {
  @inline(__always) package static func dotPairs(_ x: __m256i, _ y: __m256i, _ sum: __m256i) -> __m256i {
    _mm256_add_epi32(sum, _mm256_madd_epi16(x, y))
  }
}

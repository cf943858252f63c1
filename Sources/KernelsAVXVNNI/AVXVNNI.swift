import GPTOSSCInstructions
import GPTOSSKernels
import GPTOSSKernelsAVX2
package import _Builtin_intrinsics.intel

/// AVX2 and the dot products of AVX-VNNI, which are VNNI's in 256-bit registers and in the encoding of AVX2.
package enum AVXVNNI: YMMDotProducts {
  @inline(__always)
  package static func dotBytes(_ u: __m256i, _ x: __m256i, _ sum: __m256i) -> __m256i {
    dpbusd256(sum, u, x)
  }

  @inline(__always)
  package static func dotPairs(_ x: __m256i, _ y: __m256i, _ sum: __m256i) -> __m256i {
    dpwssd256(sum, x, y)
  }
}

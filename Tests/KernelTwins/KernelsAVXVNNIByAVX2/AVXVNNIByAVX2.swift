package import GPTOSSKernels
import GPTOSSKernelsAVX2
package import _Builtin_intrinsics.intel

/// The bodies of the set `avxvnni` with its dot products made of AVX2's instructions: what they compute can
/// be tested on CPUs that have no AVX-VNNI.
package enum AVXVNNIByAVX2: YMMDotProducts {
  /// Bytes 0 and 2, then bytes 1 and 3, widened to 16 bits.
  @inline(__always)
  package static func dotBytes(_ u: __m256i, _ x: __m256i, _ sum: __m256i) -> __m256i {
    let evenU = _mm256_and_si256(u, _mm256_set1_epi16(0x00FF))
    let evenX = _mm256_srai_epi16(_mm256_slli_epi16(x, 8), 8)
    let even = _mm256_madd_epi16(evenU, evenX)
    let odd = _mm256_madd_epi16(_mm256_srli_epi16(u, 8), _mm256_srai_epi16(x, 8))
    return _mm256_add_epi32(sum, _mm256_add_epi32(even, odd))
  }

  @inline(__always)
  package static func dotPairs(_ x: __m256i, _ y: __m256i, _ sum: __m256i) -> __m256i {
    _mm256_add_epi32(sum, _mm256_madd_epi16(x, y))
  }

  /// - Precondition: `KernelSetName.avx2.isSupported`.
  package static var kernels: KernelSet { KernelSet(.avxvnni, products: Products(), vectors: Vectors()) }

  struct Products: InstructionProducts {
    typealias Floats = AVXVNNIByAVX2
    typealias Records = AVXVNNIByAVX2
  }

  struct Vectors: InstructionVectors {
    typealias Instructions = AVXVNNIByAVX2
  }
}

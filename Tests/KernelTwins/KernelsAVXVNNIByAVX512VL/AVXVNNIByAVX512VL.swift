import GPTOSSCInstructions
package import GPTOSSKernels
import GPTOSSKernelsAVX2
package import _Builtin_intrinsics.intel

/// The bodies of the set `avxvnni` with the same dot products in AVX-512's encoding (VNNI and VL): CPUs that
/// have that and no AVX-VNNI can run and time them.
package enum AVXVNNIByAVX512VL: YMMDotProducts {
  @inline(__always)
  package static func dotBytes(_ u: __m256i, _ x: __m256i, _ sum: __m256i) -> __m256i {
    dpbusd256VL(sum, u, x)
  }

  @inline(__always)
  package static func dotPairs(_ x: __m256i, _ y: __m256i, _ sum: __m256i) -> __m256i {
    dpwssd256VL(sum, x, y)
  }

  /// - Precondition: `KernelSetName.avx512.isSupported`.
  package static var kernels: KernelSet { KernelSet(.avxvnni, products: Products(), vectors: Vectors()) }

  struct Products: InstructionProducts {
    typealias Floats = AVXVNNIByAVX512VL
    typealias Records = AVXVNNIByAVX512VL
  }

  struct Vectors: InstructionVectors {
    typealias Instructions = AVXVNNIByAVX512VL
  }
}

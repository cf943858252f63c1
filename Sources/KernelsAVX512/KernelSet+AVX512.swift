package import GPTOSSKernels

extension KernelSet {
  /// The kernels for x86-64 CPUs with AVX-512, VNNI and VBMI.
  ///
  /// - Precondition: `KernelSetName.avx512.isSupported`.
  package static var avx512: KernelSet {
    KernelSet(.avx512, products: AVX512Products(), vectors: AVX512Vectors())
  }
}

/// The kernels that read weights.
struct AVX512Products: InstructionProducts {
  typealias Floats = AVX512
  typealias Records = AVX512
}

/// The kernels that read activations alone.
struct AVX512Vectors: InstructionVectors {
  typealias Instructions = AVX512
}

package import GPTOSSKernels

extension KernelSet {
  /// The kernels for x86-64 CPUs with AVX-512, VNNI and VBMI.
  ///
  /// - Precondition: `KernelSetName.avx512.isSupported`.
  package static var avx512: KernelSet {
    KernelSet(
      .avx512, RawInterleavedKernels(multiply: multiplyAVX512, quantise: quantiseAVX512),
      vectors: AVX512Vectors())
  }
}

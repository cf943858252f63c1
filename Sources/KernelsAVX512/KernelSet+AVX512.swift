package import GPTOSSKernels

extension KernelSet {
  /// The kernels for x86-64 CPUs with AVX-512, VNNI and VBMI.
  ///
  /// - Precondition: `KernelSetName.avx512.isSupported`.
  package static var avx512: KernelSet {
    KernelSet(
      .avx512,
      RawProductKernels(
        multiply: multiplyAVX512, quantize: quantizeAVX512, multiplyFloats: multiplyFloatsAVX512,
        widen: widenAVX512,
        interleave: interleaveAVX512),
      vectors: AVX512Vectors())
  }
}

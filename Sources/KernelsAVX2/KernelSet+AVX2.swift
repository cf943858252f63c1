package import GPTOSSKernels

extension KernelSet {
  /// The kernels for x86-64 CPUs with AVX2 and FMA.
  ///
  /// - Precondition: `KernelSetName.avx2.isSupported`.
  package static var avx2: KernelSet {
    KernelSet(
      .avx2,
      RawProductKernels(
        multiply: multiplyAVX2, quantize: quantizeAVX2, multiplyFloats: multiplyFloatsAVX2, widen: widenAVX2,
        interleave: interleaveAVX2),
      vectors: AVX2Vectors())
  }
}

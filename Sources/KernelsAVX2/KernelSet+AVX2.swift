package import GPTOSSKernels

extension KernelSet {
  /// The kernels for x86-64 CPUs with AVX2 and FMA.
  ///
  /// - Precondition: `KernelSetName.avx2.isSupported`.
  package static let avx2 = KernelSet(
    .avx2, products: KernelSet.portable.products, vectors: AVX2Vectors())
}

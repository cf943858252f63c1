package import GPTOSSKernels

extension KernelSet {
  /// The kernels for x86-64 CPUs with AVX-512, VNNI and VBMI.
  ///
  /// - Precondition: `KernelSetName.avx512.isSupported`.
  package static let avx512 = KernelSet(
    .avx512, products: KernelSet.portable.products, vectors: AVX512Vectors())
}

package import GPTOSSKernels

extension KernelSet {
  /// The kernels for x86-64 CPUs with AVX2, FMA and AVX-VNNI.
  ///
  /// - Precondition: `KernelSetName.avxvnni.isSupported`.
  package static var avxvnni: KernelSet {
    KernelSet(.avxvnni, products: AVXVNNIProducts(), vectors: AVXVNNIVectors())
  }
}

/// The kernels that read weights.
struct AVXVNNIProducts: InstructionProducts {
  typealias Floats = AVXVNNI
  typealias Records = AVXVNNI
}

/// The kernels that read activations alone.
struct AVXVNNIVectors: InstructionVectors {
  typealias Instructions = AVXVNNI
}

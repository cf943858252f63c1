package import GPTOSSKernels

extension KernelSet {
  /// The kernels for AArch64 CPUs with dot products of bytes.
  ///
  /// - Precondition: `KernelSetName.neon.isSupported`.
  package static var neon: KernelSet {
    KernelSet(.neon, products: NEONProducts(), vectors: NEONVectors())
  }
}

/// The kernels that read weights.
struct NEONProducts: InstructionProducts {
  typealias Floats = NEON
  typealias Records = NEON
}

/// The kernels that read activations alone.
package struct NEONVectors: InstructionVectors {
  package typealias Instructions = NEON

  package init() {}
}

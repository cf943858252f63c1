package import GPTOSSKernels
import GPTOSSKernelsNEON

extension KernelSet {
  /// The kernels for AArch64 CPUs with products of matrices of bytes.
  ///
  /// - Precondition: `KernelSetName.neonI8MM.isSupported`.
  package static var neonI8MM: KernelSet {
    KernelSet(.neonI8MM, products: NEONI8MMProducts(), vectors: NEONVectors())
  }
}

/// The kernels that read weights.
struct NEONI8MMProducts: InstructionProducts {
  typealias Floats = NEON
  typealias Records = NEONI8MM
}

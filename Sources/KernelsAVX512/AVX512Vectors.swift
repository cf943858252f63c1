import GPTOSSKernels

/// The kernels on activations for AVX-512.
package struct AVX512Vectors: InstructionVectors {
  package typealias Instructions = AVX512

  package init() {}
}

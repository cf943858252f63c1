import GPTOSSKernels

/// The kernels on activations for AVX2.
package struct AVX2Vectors: InstructionVectors {
  package typealias Instructions = AVX2

  package init() {}
}

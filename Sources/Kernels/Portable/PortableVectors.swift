/// The kernels on activations for any CPU.
struct PortableVectors: InstructionVectors {
  typealias Instructions = Portable
}

/// The same for `blas`.
struct BaselineVectors: InstructionVectors {
  typealias Instructions = BaselineInstructions
}

/// The kernels on activations for any CPU.
struct PortableVectors: InstructionVectors {
  typealias Instructions = PortableInstructions
}

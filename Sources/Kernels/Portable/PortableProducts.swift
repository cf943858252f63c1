/// Matrix products on Swift's SIMD types: any CPU that Swift runs on, no instruction beyond its baseline.
struct PortableProducts: InstructionProducts {
  typealias Floats = Portable
  typealias Records = Portable
}

/// The products of floats that `blas` has beside BLAS.
struct BaselineProducts: InstructionProducts {
  typealias Floats = BaselineInstructions
  typealias Records = Portable
}

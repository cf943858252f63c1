public import GPTOSSKernels

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
  typealias Floats = NEONFloats
  typealias Records = NEON
}

extension InstructionProducts where Floats == NEONFloats {
  @inlinable @inline(never)
  package func widen(_ halves: UnsafePointer<UInt16>, output: UnsafeMutablePointer<Float>, count: Int) -> Int
  {
    let whole = count / NEON.laneCount &* NEON.laneCount
    for i in stride(from: 0, to: whole, by: NEON.laneCount) { NEON.store(NEON.load(halves + i), output + i) }
    return whole
  }
}

/// The kernels that read activations alone.
package struct NEONVectors: InstructionVectors {
  package typealias Instructions = NEON

  package init() {}
}

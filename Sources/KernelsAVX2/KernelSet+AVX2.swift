package import GPTOSSKernels

extension KernelSet {
  /// The kernels for x86-64 CPUs with AVX2 and FMA.
  ///
  /// - Precondition: `KernelSetName.avx2.isSupported`.
  package static var avx2: KernelSet {
    KernelSet(.avx2, products: AVX2Products(), vectors: AVX2Vectors())
  }
}

/// The kernels that read weights.
struct AVX2Products: InstructionProducts {
  typealias Floats = AVX2
  typealias Records = AVX2

  @inline(never)
  func quantizeForFiveBits(
    _ input: FloatRows, firstToken: Int, _ panel: QuantizedPanel, _ precision: Precision
  ) {
    let tokenCount = panel.tokenCount
    switch precision {
    case .precise:
      quantizeEach(input, firstToken: firstToken, panel) {
        AVX2.quantizeForFiveBits($0, .precise, tokenCount: tokenCount, quants: $1)
      }
    case .fast:
      quantizeEach(input, firstToken: firstToken, panel) {
        AVX2.quantizeForFiveBits($0, .fast, tokenCount: tokenCount, quants: $1)
      }
    }
  }
}

/// The kernels that read activations alone.
struct AVX2Vectors: InstructionVectors {
  typealias Instructions = AVX2
}

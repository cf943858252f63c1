import GPTOSSKernels

#if arch(x86_64)
  import GPTOSSKernelsAVX2
  import GPTOSSKernelsAVX512
#endif

extension KernelSetName {
  /// The sets that run on any CPU.
  static let everywhere: [KernelSetName] = [.reference, .portable, .blas]

  /// The sets that this CPU runs.
  static let here = allCases.filter(\.isSupported)

  /// The sets that this CPU runs and that compute attention and norms in a way of their own, the reference
  /// apart.
  static let vectorSets = here.filter { $0 != .reference && $0 != .blas }

  /// The kernels of a set that this CPU runs.
  var kernels: KernelSet {
    switch self {
    case .reference: .reference
    case .portable: .portable
    case .blas: .blas
    #if arch(x86_64)
      case .avx2: .avx2
      case .avx512: .avx512
    #else
      default: preconditionFailure("\(self) needs an x86-64 CPU")
    #endif
    }
  }
}

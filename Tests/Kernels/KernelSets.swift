import GPTOSSKernels
import Testing

#if arch(x86_64)
  import GPTOSSKernelsAVX2
  import GPTOSSKernelsAVX512
  import GPTOSSKernelsAVXVNNI
  import GPTOSSKernelsAVXVNNIByAVX2
  import GPTOSSKernelsAVXVNNIByAVX512VL
#elseif arch(arm64)
  import GPTOSSKernelsNEON
  import GPTOSSKernelsNEONI8MM
#endif

/// What the tests run: the kernel sets, and the bodies of `avxvnni` with the instructions of other CPUs,
/// because hardly a machine that tests has AVX-VNNI.
enum TestedKernels: String, CaseIterable {
  case reference, portable, blas, avx2, avxvnni, avx512, neon, neonI8MM
  case avxvnniByAVX2, avxvnniByAVX512VL

  /// The set whose code it is.
  var name: KernelSetName {
    switch self {
    case .reference: .reference
    case .portable: .portable
    case .blas: .blas
    case .avx2: .avx2
    case .avxvnni, .avxvnniByAVX2, .avxvnniByAVX512VL: .avxvnni
    case .avx512: .avx512
    case .neon: .neon
    case .neonI8MM: .neonI8MM
    }
  }

  /// Whether this CPU runs it.
  var isSupported: Bool {
    switch self {
    case .avxvnniByAVX2: KernelSetName.avx2.isSupported
    case .avxvnniByAVX512VL: KernelSetName.avx512.isSupported
    default: name.isSupported
    }
  }

  /// Those that this CPU runs.
  static let here = allCases.filter(\.isSupported)

  /// Those that this CPU runs and that compute attention and norms in a way of their own, the reference
  /// apart.
  static let vectorSets = here.filter { $0 != .reference && $0 != .blas }

  /// The kernels, on a CPU that runs them.
  var kernels: KernelSet {
    switch self {
    case .reference: .reference
    case .portable: .portable
    case .blas: .blas
    #if arch(x86_64)
      case .avx2: .avx2
      case .avxvnni: .avxvnni
      case .avx512: .avx512
      case .avxvnniByAVX2: AVXVNNIByAVX2.kernels
      case .avxvnniByAVX512VL: AVXVNNIByAVX512VL.kernels
      case .neon, .neonI8MM: preconditionFailure("\(self) needs an ARM CPU")
    #elseif arch(arm64)
      case .neon: .neon
      case .neonI8MM: .neonI8MM
      default: preconditionFailure("\(self) needs an x86-64 CPU")
    #else
      default: preconditionFailure("\(self) needs another CPU")
    #endif
    }
  }
}

@Test func everyKernelSetIsTested() {
  #expect(Set(TestedKernels.allCases.map(\.name)) == Set(KernelSetName.allCases))
}

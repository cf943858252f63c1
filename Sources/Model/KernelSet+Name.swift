package import GPTOSSKernels
import GPTOSSPlatform

#if arch(x86_64)
  import GPTOSSKernelsAVX2
  import GPTOSSKernelsAVX512
  import GPTOSSKernelsAVXVNNI
#elseif arch(arm64)
  import GPTOSSKernelsNEON
  import GPTOSSKernelsNEONI8MM
#endif
extension KernelSet {
  /// The set of this name.
  ///
  /// - Throws: `ModelError.unsupportedKernels` if this CPU cannot run it.
  package init(_ name: KernelSetName) throws(ModelError) {
    guard name.isSupported else { throw .unsupportedKernels(name) }
    switch name {
    case .reference: self = .reference
    case .portable: self = .portable
    case .blas: self = .blas
    #if arch(x86_64)
      case .avx2: self = .avx2
      case .avxvnni: self = .avxvnni
      case .avx512: self = .avx512
      case .neon, .neonI8MM: throw .unsupportedKernels(name)
    #elseif arch(arm64)
      case .neon: self = .neon
      case .neonI8MM: self = .neonI8MM
      case .avx2, .avxvnni, .avx512: throw .unsupportedKernels(name)
    #else
      case .avx2, .avxvnni, .avx512, .neon, .neonI8MM: throw .unsupportedKernels(name)
    #endif
    }
  }

  /// The set of ``KernelSetName/chosen()``.
  ///
  /// - Throws: `ModelError.unknownKernels` or `.unsupportedKernels`.
  static func ofEnvironment() throws(ModelError) -> KernelSet { try KernelSet(KernelSetName.chosen()) }
}

extension KernelSetName {
  /// The set that is used unless a caller asks for another: the one that the environment variable
  /// `GPTOSS_CPU` names, or else the fastest that this CPU runs.
  ///
  /// - Throws: `ModelError.unknownKernels` or `.unsupportedKernels`.
  package static func chosen() throws(ModelError) -> KernelSetName {
    guard let value = getenv("GPTOSS_CPU").map({ String(cString: $0) }), !value.isEmpty else {
      return .fastest
    }
    guard let name = KernelSetName(rawValue: value) else { throw .unknownKernels(value) }
    guard name.isSupported else { throw .unsupportedKernels(name) }
    return name
  }
}

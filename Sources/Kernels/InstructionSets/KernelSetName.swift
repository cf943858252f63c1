/// The names of the kernel sets, as `GPTOSS_CPU` and `--kernels` spell them.
///
/// All give the same logits to the bit but ``reference``, which computes in double precision, and ``blas``.
public enum KernelSetName: String, Sendable, CaseIterable {
  /// Scalar, plain, exact: what every other set is tested against.
  case reference
  /// Swift's SIMD types; any CPU.
  case portable
  /// Like `portable`, with the matrix products of prefill done by BLAS: the fastest where the CPU has none of the
  /// others, and near them, but not equal.
  case blas
  /// x86-64 with AVX2 and FMA.
  case avx2
  /// x86-64 with AVX-512, VNNI and VBMI.
  case avx512
  /// x86-64 with AVX2, FMA and AVX-VNNI: Intel Core from the 12th generation on.
  case avxvnni
  /// AArch64 with dot products of bytes: Apple silicon, Graviton 2, Raspberry Pi 5, and what came after them.
  case neon
  /// `neon` with products of matrices of bytes: Apple's M2, Graviton 3, and what came after them.
  case neonI8MM = "neon-i8mm"
}

extension KernelSetName {
  /// What the CPU must have.
  var requiredFeatures: CPUFeatures {
    switch self {
    case .reference, .portable, .blas: []
    case .avx2: .avx2
    case .avxvnni: .avxvnni
    case .avx512: .avx512
    case .neon: .neon
    case .neonI8MM: .neonI8MM
    }
  }

  /// Whether this CPU can run the set.
  public var isSupported: Bool { CPUFeatures.current.isSuperset(of: requiredFeatures) }

  /// The set that is fastest on this CPU.
  public static var fastest: KernelSetName {
    [.avx512, .avxvnni, .avx2, .neonI8MM, .neon].first { $0.isSupported } ?? .blas
  }
}

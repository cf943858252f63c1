#if arch(x86_64)
  import GPTOSSCInstructions
#endif

/// What the CPU that runs this process can do, as far as a kernel set depends on it.
package struct CPUFeatures: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// What the target `KernelsAVX2` is compiled for: x86-64-v3, with registers that the operating system
  /// saves.
  package static let avx2 = CPUFeatures(rawValue: 1 << 0)
  /// What the target `KernelsAVX512` is compiled for: x86-64-v4, VNNI and VBMI, with registers that the
  /// operating system saves.
  package static let avx512 = CPUFeatures(rawValue: 1 << 1)

  /// The features of this CPU.
  package static let current = detect()

  #if arch(x86_64)
    /// Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, CPUID; volume 1, chapter 13
    /// (XCR0).
    private static func detect() -> CPUFeatures {
      let lastLeaf = cpuid(0, 0).eax
      let lastExtendedLeaf = cpuid(0x8000_0000, 0).eax
      guard lastLeaf >= 7, lastExtendedLeaf >= 0x8000_0001 else { return [] }
      let basic = cpuid(1, 0).ecx
      let extended = cpuid(0x8000_0001, 0).ecx
      let structured = cpuid(7, 0)
      guard basic.has(12, 22, 23, 27, 28, 29) else { return [] }  // FMA MOVBE POPCNT OSXSAVE AVX F16C
      let saved = xgetbv0()
      let savesYMM = saved & 0b110 == 0b110
      let savesZMM = saved & 0b1110_0110 == 0b1110_0110
      // LZCNT; BMI1 AVX2 BMI2
      guard savesYMM, extended.has(5), structured.ebx.has(3, 5, 8) else { return [] }
      // AVX-512 F DQ CD BW VL; VBMI VNNI
      let hasAVX512 = savesZMM && structured.ebx.has(16, 17, 28, 30, 31) && structured.ecx.has(1, 11)
      return hasAVX512 ? [.avx2, .avx512] : [.avx2]
    }
  #else
    private static func detect() -> CPUFeatures { [] }
  #endif
}

extension UInt32 {
  /// Whether all of these bits are set.
  fileprivate func has(_ bits: UInt32...) -> Bool { bits.allSatisfy { self & (1 << $0) != 0 } }
}

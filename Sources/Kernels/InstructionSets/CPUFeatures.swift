/// What a CPU can do, as far as a kernel set depends on it.
package struct CPUFeatures: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// What the target `KernelsAVX2` is compiled for: x86-64-v3, with registers that the operating system
  /// saves.
  package static let avx2 = CPUFeatures(rawValue: 1 << 0)
  /// What the target `KernelsAVX512` is compiled for: x86-64-v4, VNNI and VBMI, with registers that the
  /// operating system saves.
  package static let avx512 = CPUFeatures(rawValue: 1 << 1)
  /// What the target `KernelsAVXVNNI` is compiled for: `avx2` and AVX-VNNI.
  package static let avxvnni = CPUFeatures(rawValue: 1 << 2)
  /// What the target `KernelsNEON` is compiled for: ARMv8.2-A with FEAT_DotProd.
  package static let neon = CPUFeatures(rawValue: 1 << 3)
  /// What the target `KernelsNEONI8MM` is compiled for: `neon` and FEAT_I8MM.
  package static let neonI8MM = CPUFeatures(rawValue: 1 << 4)

  /// The features of this CPU.
  package static let current = CPUFeatures(CPUIdentification.current).union(
    CPUFeatures(HardwareCapabilities.current))

  /// The features of an x86-64 CPU that identifies itself so.
  ///
  /// Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, CPUID; volume 1, chapter 13
  /// (XCR0).
  package init(_ cpu: CPUIdentification) {
    // FMA MOVBE POPCNT OSXSAVE AVX F16C; LZCNT; BMI1 AVX2 BMI2. XCR0: the halves of YMM registers.
    let hasAVX2 =
      cpu.lastLeaf >= 7 && cpu.leaf1.ecx.has(12, 22, 23, 27, 28, 29)
      && cpu.lastExtendedLeaf >= 0x8000_0001 && cpu.extendedLeaf1.ecx.has(5)
      && cpu.leaf7.ebx.has(3, 5, 8) && cpu.xcr0.has(1, 2)
    guard hasAVX2 else {
      self = []
      return
    }
    self = .avx2
    // AVX-512 F DQ CD BW VL; VBMI VNNI. XCR0: mask registers, halves of ZMM registers, ZMM16 to 31.
    if cpu.leaf7.ebx.has(16, 17, 28, 30, 31), cpu.leaf7.ecx.has(1, 11), cpu.xcr0.has(5, 6, 7) {
      insert(.avx512)
    }
    // Leaf 7 tells its last subleaf. What a CPU answers to a further one is undefined.
    if cpu.leaf7.eax >= 1, cpu.leaf7Subleaf1.eax.has(4) { insert(.avxvnni) }
  }

  /// The features of an ARM CPU of which the system says so.
  ///
  /// A compiler that may assume ARMv8.2-A may use atomic instructions, CRC32 and rounding multiply-adds as well
  /// as NEON, so all of them are asked for.
  package init(_ cpu: HardwareCapabilities) {
    guard cpu.hwcap.isSuperset(of: [.asimd, .crc32, .atomics, .asimdrdm, .asimddp]) else {
      self = []
      return
    }
    self = cpu.hwcap2.contains(.i8mm) ? [.neon, .neonI8MM] : .neon
  }
}

extension FixedWidthInteger {
  /// Whether all of these bits are set.
  fileprivate func has(_ bits: Int...) -> Bool { bits.allSatisfy { self & (1 << $0) != 0 } }
}

import GPTOSSPlatform

#if arch(arm64) && os(Linux)
  import GPTOSSCInstructions
#endif

/// What the system says of an ARM CPU, as far as a kernel set depends on it, as Linux says it. Empty on another
/// CPU.
///
/// Linux: Documentation/arch/arm64/elf_hwcaps.rst and arch/arm64/include/uapi/asm/hwcap.h. Apple: "Determining
/// Instruction Set Characteristics".
package struct HardwareCapabilities: Sendable {
  /// The bits of `AT_HWCAP`.
  package struct First: OptionSet, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// FEAT_AdvSIMD: NEON.
    package static let asimd = First(rawValue: 1 << 1)
    /// FEAT_CRC32.
    package static let crc32 = First(rawValue: 1 << 7)
    /// FEAT_LSE: atomic instructions.
    package static let atomics = First(rawValue: 1 << 8)
    /// FEAT_RDM: rounding multiply-adds.
    package static let asimdrdm = First(rawValue: 1 << 12)
    /// FEAT_DotProd: SDOT, four products of bytes in each lane.
    package static let asimddp = First(rawValue: 1 << 20)
  }

  /// The bits of `AT_HWCAP2`.
  package struct Second: OptionSet, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// FEAT_I8MM: SMMLA, products of matrices of bytes.
    package static let i8mm = Second(rawValue: 1 << 13)
  }

  package var hwcap: First = []
  package var hwcap2: Second = []

  package init() {}

  /// The same bits by the names that Apple's systems have for them.
  ///
  /// - Parameter isSet: whether the system has the value of this name, and it is not zero.
  package init(appleNames isSet: (String) -> Bool) {
    if isSet("hw.optional.AdvSIMD") { hwcap.insert(.asimd) }
    if isSet("hw.optional.armv8_crc32") { hwcap.insert(.crc32) }
    if isSet("hw.optional.arm.FEAT_LSE") { hwcap.insert(.atomics) }
    if isSet("hw.optional.arm.FEAT_RDM") { hwcap.insert(.asimdrdm) }
    if isSet("hw.optional.arm.FEAT_DotProd") { hwcap.insert(.asimddp) }
    if isSet("hw.optional.arm.FEAT_I8MM") { hwcap2.insert(.i8mm) }
  }

  /// This CPU's.
  static var current: HardwareCapabilities {
    #if arch(arm64) && canImport(Darwin)
      return HardwareCapabilities { systemNumber($0) ?? 0 != 0 }
    #else
      var cpu = HardwareCapabilities()
      #if arch(arm64) && os(Linux)
        cpu.hwcap = First(rawValue: UInt64(GPTOSSCInstructions.hwcap()))
        cpu.hwcap2 = Second(rawValue: UInt64(GPTOSSCInstructions.hwcap2()))
      #endif
      return cpu
    #endif
  }
}

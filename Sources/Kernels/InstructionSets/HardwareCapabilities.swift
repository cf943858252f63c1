import GPTOSSPlatform

#if arch(arm64) && os(Linux)
  import GPTOSSCInstructions
#endif

/// What the system says of an ARM CPU, as far as a kernel set depends on it: Linux's `HWCAP` bits. Empty on
/// another CPU.
///
/// Linux: Documentation/arch/arm64/elf_hwcaps.rst and arch/arm64/include/uapi/asm/hwcap.h. Apple: "Determining
/// Instruction Set Characteristics". (A program cannot read the identification registers itself on Apple's
/// systems.)
package struct HardwareCapabilities: OptionSet, Sendable {
  /// `AT_HWCAP`.
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// FEAT_AdvSIMD: NEON.
  package static let asimd = HardwareCapabilities(rawValue: 1 << 1)
  /// FEAT_CRC32.
  package static let crc32 = HardwareCapabilities(rawValue: 1 << 7)
  /// FEAT_LSE: atomic instructions.
  package static let atomics = HardwareCapabilities(rawValue: 1 << 8)
  /// FEAT_RDM: rounding multiply-adds.
  package static let asimdrdm = HardwareCapabilities(rawValue: 1 << 12)
  /// FEAT_DotProd: SDOT, four products of bytes in each lane.
  package static let asimddp = HardwareCapabilities(rawValue: 1 << 20)

  /// The capabilities under the names that Apple's systems give them.
  ///
  /// - Parameter isSet: whether the system has the value of this name, and it is not zero.
  package init(appleNames isSet: (String) -> Bool) {
    let names: [(String, HardwareCapabilities)] = [
      ("hw.optional.AdvSIMD", .asimd), ("hw.optional.armv8_crc32", .crc32),
      ("hw.optional.arm.FEAT_LSE", .atomics), ("hw.optional.arm.FEAT_RDM", .asimdrdm),
      ("hw.optional.arm.FEAT_DotProd", .asimddp),
    ]
    self.init(names.filter { isSet($0.0) }.map(\.1))
  }

  /// This CPU's.
  static var current: HardwareCapabilities {
    #if arch(arm64) && os(Linux)
      HardwareCapabilities(rawValue: UInt64(hwcap()))
    #elseif arch(arm64) && canImport(Darwin)
      HardwareCapabilities { name in
        // 32 or 64 bits, the lower ones first.
        var value: Int64 = 0
        var size = MemoryLayout<Int64>.size
        return sysctlbyname(name, &value, &size, nil, 0) == 0 && value != 0
      }
    #else
      []
    #endif
  }
}

#if arch(x86_64)
  import GPTOSSCInstructions
#endif

/// What an x86-64 CPU says of itself: the registers that CPUID fills, and XCR0. All are zero on another CPU.
package struct CPUIdentification: Sendable {
  /// The registers that CPUID fills.
  package struct Registers: Sendable {
    package var eax: UInt32 = 0
    package var ebx: UInt32 = 0
    package var ecx: UInt32 = 0

    package init(eax: UInt32 = 0, ebx: UInt32 = 0, ecx: UInt32 = 0) {
      self.eax = eax
      self.ebx = ebx
      self.ecx = ecx
    }
  }

  /// The highest leaf of the basic range, and of the extended one, which begins at `8000_0000`.
  package var lastLeaf: UInt32 = 0
  package var lastExtendedLeaf: UInt32 = 0
  package var leaf1 = Registers()
  /// Leaf 7 and its subleaf 1. What a CPU says of leaves past the last one means nothing.
  package var leaf7 = Registers()
  package var leaf7Subleaf1 = Registers()
  /// `8000_0001`.
  package var extendedLeaf1 = Registers()
  /// Which registers the operating system saves; zero where it does not say so.
  package var xcr0: UInt64 = 0

  package init() {}

  /// The family, as AMD and Intel count them: the extended one is added where the base is full.
  var family: Int {
    let base = Int(leaf1.eax >> 8 & 0xF)
    return base == 0xF ? base + Int(leaf1.eax >> 20 & 0xFF) : base
  }

  /// This CPU's.
  static var current: CPUIdentification {
    var cpu = CPUIdentification()
    #if arch(x86_64)
      cpu.lastLeaf = cpuid(0, 0).eax
      cpu.lastExtendedLeaf = cpuid(0x8000_0000, 0).eax
      cpu.leaf1 = Registers(cpuid(1, 0))
      cpu.leaf7 = Registers(cpuid(7, 0))
      cpu.leaf7Subleaf1 = Registers(cpuid(7, 1))
      cpu.extendedLeaf1 = Registers(cpuid(0x8000_0001, 0))
      // Without OSXSAVE the instruction faults.
      if cpu.leaf1.ecx & (1 << 27) != 0 { cpu.xcr0 = xgetbv0() }
    #endif
    return cpu
  }
}

#if arch(x86_64)
  extension CPUIdentification.Registers {
    fileprivate init(_ registers: CPUIDRegisters) {
      self.init(eax: registers.eax, ebx: registers.ebx, ecx: registers.ecx)
    }
  }
#endif

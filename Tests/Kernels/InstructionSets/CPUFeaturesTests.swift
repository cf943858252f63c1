import GPTOSSKernels
import GPTOSSPlatform
import Testing

/// Which kernel sets a CPU runs, from what it says of itself.
struct CPUFeaturesTests {
  struct Row: CustomTestStringConvertible {
    let testDescription: String
    let cpu: CPUIdentification
    let features: CPUFeatures

    init(_ name: String, _ cpu: CPUIdentification, _ features: CPUFeatures) {
      (testDescription, self.cpu, self.features) = (name, cpu, features)
    }
  }

  static let rows = [
    Row("no x86-64 CPU", CPUIdentification(), []),
    Row("Zen 3", zen3, .avx2),
    Row("Zen 4", zen4, [.avx2, .avx512]),
    Row("Zen 5", zen5, [.avx2, .avx512, .avxvnni]),
    Row("Alder Lake", alderLake, [.avx2, .avxvnni]),
    // AVX-512 alone is held back with its registers.
    Row("Zen 5 without ZMM state", zen5.with(\.xcr0, saved(1, 2)), [.avx2, .avxvnni]),
    Row("Zen 5 without ZMM16 to 31", zen5.with(\.xcr0, saved(1, 2, 5, 6)), [.avx2, .avxvnni]),
    Row("Zen 5 without YMM state", zen5.with(\.xcr0, saved(1)), []),
    Row("Zen 5 without OSXSAVE", zen5.with(\.leaf1.ecx, zen5.leaf1.ecx & ~bits(27)), []),
    // Highest subleaf 0: what subleaf 1 answers means nothing.
    Row("Alder Lake, one subleaf", alderLake.with(\.leaf7.eax, 0), .avx2),
    Row("Alder Lake, more subleaves", alderLake.with(\.leaf7.eax, 2), [.avx2, .avxvnni]),
    Row("Alder Lake, last leaf 6", alderLake.with(\.lastLeaf, 6), []),
    Row("Alder Lake, no extended leaf", alderLake.with(\.lastExtendedLeaf, 0x8000_0000), []),
    Row("Alder Lake without AVX2", alderLake.with(\.leaf7.ebx, bits(3, 8)), []),
    Row("Zen 4 without VBMI", zen4.with(\.leaf7.ecx, bits(11)), .avx2),
    Row("Zen 4 without VNNI", zen4.with(\.leaf7.ecx, bits(1)), .avx2),
  ]

  @Test(arguments: rows)
  func featuresOf(_ row: Row) { #expect(CPUFeatures(row.cpu) == row.features) }

  /// Families 25, 26 and 6: the extended family counts where the base is 15.
  @Test(arguments: [
    (zen3, StreamPrefetch.secondLevel), (zen4, .secondLevel), (zen5, .firstLevel), (alderLake, .secondLevel),
    (CPUIdentification(), .secondLevel),
  ])
  func streamPrefetch(_ cpu: CPUIdentification, _ expected: StreamPrefetch) {
    #expect(StreamPrefetch(cpu) == expected)
  }

  /// The words of Linux's `/proc/cpuinfo`, a hyphen before what is taken away, and what the kernel sets make of
  /// them.
  static let armRows: [(name: String, words: String, features: CPUFeatures)] = [
    ("no ARM CPU", "", []),
    ("Cortex-A72, Raspberry Pi 4", "fp asimd evtstrm crc32 cpuid", []),
    ("Cortex-A76, Raspberry Pi 5", cortexA76, .neon),
    (
      "Neoverse V1, Graviton 3", cortexA76 + " sm4 sha512 sve asimdfhm svei8mm i8mm bf16", [.neon, .neonI8MM]
    ),
    ("I8MM's neighbors", cortexA76 + " svei8mm svef32mm svef64mm svebf16 bf16 dgh", .neon),
    ("I8MM without dot products", cortexA76 + " i8mm -asimddp", []),
    ("dot products alone", "asimddp", []),
    ("no dot products, and their neighbors", cortexA76 + " sm4 sha512 -asimddp", []),
    ("no atomics", cortexA76 + " -atomics", []),
    ("no rounding multiply-adds", cortexA76 + " -asimdrdm", []),
    ("no CRC32", cortexA76 + " -crc32", []),
  ]

  @Test(arguments: armRows.map(\.name))
  func featuresOfARM(_ name: String) throws {
    let row = try #require(Self.armRows.first { $0.name == name })
    var (hwcap, hwcap2): (UInt64, UInt64) = (0, 0)
    for word in row.words.split(separator: " ") {
      let name = String(word.drop { $0 == "-" })
      if let bit = linuxCapabilities.firstIndex(of: name) {
        hwcap = word == name ? hwcap | 1 << UInt64(bit) : hwcap & ~(1 << UInt64(bit))
      } else {
        hwcap2 |= 1 << UInt64(try #require(linuxCapabilities2.firstIndex(of: name), "\(word)"))
      }
    }
    var cpu = HardwareCapabilities()
    cpu.hwcap = HardwareCapabilities.First(rawValue: hwcap)
    cpu.hwcap2 = HardwareCapabilities.Second(rawValue: hwcap2)
    #expect(CPUFeatures(cpu) == row.features)
  }

  /// Every name must be set; one that the system does not know counts as not set.
  @Test func featuresByAppleNames() {
    var asked: [String] = []
    let all = HardwareCapabilities { name in
      asked.append(name)
      return true
    }
    #expect(CPUFeatures(all) == [.neon, .neonI8MM])
    let further = "hw.optional.arm.FEAT_I8MM"
    #expect(asked.contains(further) && asked.contains("hw.optional.arm.FEAT_DotProd"))
    for absent in asked {
      let features = CPUFeatures(HardwareCapabilities { $0 != absent })
      #expect(features == (absent == further ? .neon : []), "without \(absent)")
    }
  }

  /// The system reads the same registers and knows what it saves.
  @Test(.enabled(if: flags != nil, "the system does not say what the CPU has"))
  func theSystemSaysTheSame() throws {
    let flags = try #require(Self.flags)
    var features: CPUFeatures = []
    if flags.isSuperset(of: ["asimd", "crc32", "atomics", "asimdrdm", "asimddp"]) { features.insert(.neon) }
    if flags.contains("i8mm") { features.insert(.neonI8MM) }
    if flags.isSuperset(of: ["avx2", "fma", "f16c"]) { features.insert(.avx2) }
    if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512vl", "avx512vbmi", "avx512_vnni"]) {
      features.insert(.avx512)
    }
    if flags.contains("avx_vnni") { features.insert(.avxvnni) }
    #expect(CPUFeatures.current == features)
  }

  /// The flags of the first processor in Linux's `/proc/cpuinfo`: of this architecture, because an emulator
  /// may pass on another one's.
  private static let flags = systemText("/proc/cpuinfo").flatMap { text in
    #if arch(arm64)
      let key = "Features"
    #else
      let key = "flags"
    #endif
    return text.split(separator: "\n").first { $0.hasPrefix(key) }.map {
      Set($0.split(separator: " ").map(String.init))
    }
  }

  private static let cortexA76 =
    "fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp"

  /// What the kernel sets ask for, and neighbors that must not be taken for it.
  private static let zen3 = {
    var cpu = CPUIdentification()
    cpu.lastLeaf = 0x10
    cpu.lastExtendedLeaf = 0x8000_0023
    cpu.leaf1.eax = 0x00A2_0F10
    cpu.leaf1.ecx = bits(0, 1, 9, 12, 13, 19, 20, 22, 23, 25, 26, 27, 28, 29, 30)
    cpu.extendedLeaf1.ecx = bits(0, 1, 2, 4, 5, 6, 7, 8)
    cpu.leaf7.ebx = bits(0, 3, 5, 7, 8, 9, 18, 19, 20, 23, 24, 29)
    cpu.leaf7.ecx = bits(2, 3, 9, 10)
    cpu.xcr0 = saved(1, 2, 9)
    return cpu
  }()

  /// AVX-512 in EBX, VBMI and VNNI in ECX, BF16 in subleaf 1.
  private static let zen4 = {
    var cpu = zen3
    cpu.leaf1.eax = 0x00A1_0F11
    cpu.leaf7.eax = 1
    cpu.leaf7.ebx |= bits(16, 17, 21, 28, 30, 31)
    cpu.leaf7.ecx |= bits(1, 6, 8, 11, 12, 14)
    cpu.leaf7Subleaf1.eax = bits(5)
    cpu.xcr0 = saved(1, 2, 5, 6, 7, 9)
    return cpu
  }()

  private static let zen5 = {
    var cpu = zen4
    cpu.leaf1.eax = 0x00B0_0F21
    cpu.leaf7Subleaf1.eax |= bits(4)
    return cpu
  }()

  private static let alderLake = {
    var cpu = zen3
    cpu.lastLeaf = 0x20
    cpu.leaf1.eax = 0x0009_0672
    cpu.lastExtendedLeaf = 0x8000_0008
    cpu.extendedLeaf1.ecx = bits(0, 5, 8)
    cpu.leaf7.eax = 1
    cpu.leaf7Subleaf1.eax = bits(4, 10, 11, 12)
    return cpu
  }()
}

/// Linux's words for the bits of `HWCAP` and `HWCAP2`, from bit 0 on (arch/arm64/kernel/cpuinfo.c).
private let linuxCapabilities = [
  "fp", "asimd", "evtstrm", "aes", "pmull", "sha1", "sha2", "crc32", "atomics", "fphp", "asimdhp", "cpuid",
  "asimdrdm", "jscvt", "fcma", "lrcpc", "dcpop", "sha3", "sm3", "sm4", "asimddp", "sha512", "sve", "asimdfhm",
]
private let linuxCapabilities2 = [
  "dcpodp", "sve2", "sveaes", "svepmull", "svebitperm", "svesha3", "svesm4", "flagm2", "frint", "svei8mm",
  "svef32mm", "svef64mm", "svebf16", "i8mm", "bf16", "dgh", "rng", "bti",
]

private func bits(_ bits: UInt32...) -> UInt32 { bits.reduce(0) { $0 | 1 << $1 } }

/// XCR0 with x87 and these.
private func saved(_ bits: UInt64...) -> UInt64 { bits.reduce(1) { $0 | 1 << $1 } }

extension CPUIdentification {
  /// The same CPU but for one register.
  fileprivate func with<Value>(
    _ path: WritableKeyPath<CPUIdentification, Value>, _ value: Value
  ) -> CPUIdentification {
    var cpu = self
    cpu[keyPath: path] = value
    return cpu
  }
}

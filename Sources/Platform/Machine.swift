/// The machine that this process runs on, as a measurement names it.
package struct Machine: Sendable, Equatable {
  /// The processor's name, as its maker writes it; "unknown" where the system does not tell.
  package let processor: String
  /// Processors that the process may use.
  package let processorCount: Int
  /// Bytes of memory.
  package let memoryByteCount: Int
  /// The operating system and its version, such as `Linux 6.8.0 x86_64`.
  package let system: String

  /// A machine that somebody describes.
  package init(processor: String, processorCount: Int, memoryByteCount: Int, system: String) {
    self.processor = processor
    self.processorCount = processorCount
    self.memoryByteCount = memoryByteCount
    self.system = system
  }

  /// This one.
  package static var current: Machine {
    var names = utsname()
    uname(&names)
    let system = [text(names.sysname), text(names.release), text(names.machine)].joined(separator: " ")
    return Machine(
      processor: processorName() ?? "unknown", processorCount: GPTOSSPlatform.processorCount(),
      memoryByteCount: sysconf(Int32(_SC_PHYS_PAGES)) * Int(getpagesize()), system: system)
  }

  /// The processor's name in Linux's `/proc/cpuinfo`, which each processor of x86-64 has in a line `model
  /// name\t: …`. An ARM processor has numbers of its maker and design there; of those of many kinds the last
  /// one counts, which is a fast one. Nil if no line has either.
  package static func processorName(inInformation information: String) -> String? {
    func value(_ key: String, in lines: some Sequence<Substring>) -> String? {
      for line in lines where line.hasPrefix(key) {
        guard let colon = line.firstIndex(of: ":") else { continue }
        let words = line[line.index(after: colon)...].split(separator: " ")
        if !words.isEmpty { return words.joined(separator: " ") }
      }
      return nil
    }
    let lines = information.split(separator: "\n")
    if let name = value("model name", in: lines) { return name }
    guard let maker = value("CPU implementer", in: lines.reversed()),
      let part = value("CPU part", in: lines.reversed())
    else { return nil }
    return armNames["\(maker) \(part)"] ?? "ARM, implementer \(maker), part \(part)"
  }

  /// Cores by implementer and part: Main ID Registers in Arm's Technical Reference Manuals, and
  /// `arch/arm64/include/asm/cputype.h` of Linux.
  private static let armNames = [
    "0x41 0xd0b": "Arm Cortex-A76", "0x41 0xd0c": "Arm Neoverse N1", "0x41 0xd40": "Arm Neoverse V1",
    "0x41 0xd49": "Arm Neoverse N2", "0x41 0xd4f": "Arm Neoverse V2", "0x41 0xd4d": "Arm Cortex-A715",
    "0x41 0xd4e": "Arm Cortex-X3", "0x41 0xd84": "Arm Neoverse V3", "0x41 0xd8e": "Arm Neoverse N3",
    "0xc0 0xac3": "Ampere-1", "0xc0 0xac4": "Ampere-1A",
    "0x61 0x022": "Apple M1 (Icestorm)", "0x61 0x023": "Apple M1 (Firestorm)",
    "0x61 0x032": "Apple M2 (Blizzard)", "0x61 0x033": "Apple M2 (Avalanche)",
  ]

  private static func processorName() -> String? {
    #if canImport(Darwin)
      var size = 0
      guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0, size > 0 else { return nil }
      var name = [UInt8](repeating: 0, count: size)
      guard sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return nil }
      return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    #else
      return systemText("/proc/cpuinfo").flatMap(processorName(inInformation:))
    #endif
  }

  /// The text of a field of C, which is an array of characters with a zero at the end.
  private static func text<Field>(_ field: Field) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

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
  /// name\t: …`; nil if no line has it.
  package static func processorName(inInformation information: String) -> String? {
    for line in information.split(separator: "\n") where line.hasPrefix("model name") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let words = line[line.index(after: colon)...].split(separator: " ")
      if !words.isEmpty { return words.joined(separator: " ") }
    }
    return nil
  }

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

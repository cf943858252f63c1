/// Bytes of memory that nothing is in, not even a cached file; `Int.max` where the system does not tell.
package func freeMemoryByteCount() -> Int {
  #if canImport(Darwin)
    // What is kept free is little: pages that were read ahead of their use, and old ones, count too.
    availableMemoryByteCount()
  #else
    memoryInformation("MemFree:") ?? .max
  #endif
}

/// The most bytes of addresses that this process may use (`ulimit -v`); nil for no limit.
package func addressSpaceLimit() -> Int? {
  var limit = rlimit()
  #if canImport(Glibc)
    let status = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  #else
    let status = getrlimit(RLIMIT_AS, &limit)
  #endif
  guard status == 0 else { return nil }
  // No limit is the largest number of the type, or on Apple's systems that of the signed one.
  return Int(exactly: limit.rlim_cur).flatMap { $0 == .max ? nil : $0 }
}

/// Bytes of memory that this process may still take without the system having to give up others' memory: what
/// the machine has available, or what is left of the limits of the control groups and of addresses where that
/// is less.
///
/// Cached files count as available, because the system drops them when memory is wanted.
package func availableMemoryByteCount() -> Int {
  #if os(Linux)
    let machine = memoryInformation("MemAvailable:") ?? .max
    let addresses = addressSpaceLimit().flatMap { limit in
      systemText("/proc/self/status")?.number(after: "VmSize:").map { limit - $0 * 1_024 }
    }
    return max(0, min(machine, ControlGroup.current.memoryLeft() ?? .max, addresses ?? .max))
  #else
    let machine = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(getpagesize())
    return min(machine, reclaimableMemoryByteCount() ?? .max)
  #endif
}

/// Bytes that are free, or hold what can be read again or has not been used for long, as Apple's systems count
/// them (`vm_stat`); nil where the system does not tell.
private func reclaimableMemoryByteCount() -> Int? {
  #if canImport(Darwin)
    var statistics = vm_statistics64_data_t()
    let wordCount = MemoryLayout<vm_statistics64_data_t>.size / MemoryLayout<integer_t>.size
    var count = mach_msg_type_number_t(wordCount)
    let status = withUnsafeMutablePointer(to: &statistics) { statistics in
      statistics.withMemoryRebound(to: integer_t.self, capacity: wordCount) {
        host_statistics64(mach_host_self(), HOST_VM_INFO64, $0, &count)
      }
    }
    guard status == KERN_SUCCESS else { return nil }
    // Pages read ahead are counted among the free ones, what programs let go of (`purgeable_count`) among the
    // inactive ones.
    return (Int(statistics.free_count) + Int(statistics.inactive_count)) * Int(getpagesize())
  #else
    return nil
  #endif
}

/// Bytes of memory that this process has in use; nil where the system does not tell as Linux does.
package func residentMemoryByteCount() -> Int? {
  // Kibibytes.
  systemText("/proc/self/status")?.number(after: "VmRSS:").map { $0 * 1_024 }
}

/// The most bytes of memory that this process has had in use, mapped files included.
package func peakMemoryByteCount() -> Int {
  var usage = rusage()
  #if canImport(Glibc)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  #else
    getrusage(RUSAGE_SELF, &usage)
  #endif
  #if os(Linux)
    // Kibibytes.
    return usage.ru_maxrss * 1_024
  #else
    return usage.ru_maxrss
  #endif
}

/// A number of Linux's `/proc/meminfo`, which are kibibytes, in bytes.
private func memoryInformation(_ name: String) -> Int? {
  systemText("/proc/meminfo")?.number(after: name).map { $0 * 1_024 }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes of memory that nothing is in, not even a cached file.
package func freeMemoryByteCount() -> Int {
  #if os(Linux)
    field("MemFree:", of: "/proc/meminfo").map { $0 * 1024 } ?? .max
  #else
    .max
  #endif
}

/// Bytes of memory that this process may still take without the system having to give up others' memory: what the
/// machine has available, or what is left of the control groups' limits where that is less.
///
/// Cached files count as available, because the system drops them when memory is wanted.
package func availableMemoryByteCount() -> Int {
  #if os(Linux)
    let machine = field("MemAvailable:", of: "/proc/meminfo").map { $0 * 1024 } ?? .max
    return max(0, min(machine, controlGroupAvailable()))
  #else
    return Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(getpagesize())
  #endif
}

/// What is left of a limit, cached files not counted.
///
/// The two counts are taken at different moments: more can be cached than is in use. A limit can be the largest
/// integer, which stands for none.
package func memoryLeft(of limit: Int, usage: Int, cached: Int) -> Int { limit - max(0, usage - cached) }

#if os(Linux)
  /// What is left of the limits of this process's control group and those around it (cgroup version 2, or version 1's
  /// memory controller).
  private func controlGroupAvailable() -> Int {
    var available = Int.max
    for line in text(of: "/proc/self/cgroup").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      if parts[1].isEmpty {
        var path = parts[2]
        while true {
          let folder = "/sys/fs/cgroup" + path
          available = min(
            available, left(folder, limit: "memory.max", usage: "memory.current", cached: "file"))
          guard let slash = path.lastIndex(of: "/") else { break }
          path = path[..<slash]
        }
      } else if parts[1].split(separator: ",").contains("memory") {
        for path in [parts[2], ""] {
          let folder = "/sys/fs/cgroup/memory" + path
          available = min(
            available,
            left(
              folder, limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", cached: "total_cache"))
        }
      }
    }
    return available
  }

  private func left(_ folder: String, limit: String, usage: String, cached: String) -> Int {
    // "max", or no such file: no limit here.
    guard let limit = Int(text(of: "\(folder)/\(limit)").trimmed),
      let usage = Int(text(of: "\(folder)/\(usage)").trimmed)
    else { return .max }
    return memoryLeft(of: limit, usage: usage, cached: field(cached, of: "\(folder)/memory.stat") ?? 0)
  }

  /// The number after a word at the start of a line.
  private func field(_ name: String, of path: String) -> Int? {
    for line in text(of: path).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count >= 2, words[0] == name { return Int(words[1]) }
    }
    return nil
  }

  /// A small file of the system; empty if it cannot be read.
  private func text(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  extension String {
    /// Without the line's end.
    fileprivate var trimmed: Substring { split(separator: "\n").first ?? "" }
  }
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The number of threads that can compute at the same time in this process: the processors that it may run on, and no more
/// than its control group's share of processor time comes to.
package func availableThreadCount() -> Int {
  max(1, min(processorCount(), ControlGroup.current.processorQuota().map { Int($0) } ?? .max))
}

/// The processors that the scheduler may put this process on.
private func processorCount() -> Int {
  let online = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  return textFile("/proc/self/status").flatMap(processorCount(inStatus:)).map { min($0, online) } ?? online
}

/// Counts the processors in the line `Cpus_allowed_list:\t0-3,8` of Linux's `/proc/self/status`; nil if it is not there.
package func processorCount(inStatus status: String) -> Int? {
  let key = "Cpus_allowed_list:"
  guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
  var count = 0
  for range in line.dropFirst(key.count).split(whereSeparator: { ", \t".contains($0) }) {
    let ends = range.split(separator: "-").map { Int($0) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, last >= first else { return nil }
    count += last - first + 1
  }
  return count > 0 ? count : nil
}

/// The control groups of a process, which limit what it may use of the machine (Linux's cgroups(7), version 1 and 2).
package struct ControlGroup {
  /// The text of `/proc/self/cgroup`.
  private let membership: String
  /// The folder that control groups are mounted in.
  private let root: String

  /// Those of this process.
  package static var current: ControlGroup {
    ControlGroup(membership: textFile("/proc/self/cgroup") ?? "", root: "/sys/fs/cgroup")
  }

  package init(membership: String, root: String) {
    self.membership = membership
    self.root = root
  }

  /// Processors' worth of time that the group may use in a period, 0.5 for half of one; nil if nothing limits it.
  package func processorQuota() -> Double? {
    let unified = folders(controller: "").compactMap { folder -> Double? in
      // "150000 100000": microseconds of time, and of a period; or "max 100000".
      let fields = (textFile(folder + "/cpu.max") ?? "").split { $0 == " " || $0 == "\n" }
      guard fields.count == 2, let time = Double(fields[0]), let period = Double(fields[1]), period > 0 else {
        return nil
      }
      return time / period
    }
    let legacy = folders(controller: "cpu").compactMap { folder -> Double? in
      // −1 for no limit.
      guard let time = number(folder + "/cpu.cfs_quota_us"),
        let period = number(folder + "/cpu.cfs_period_us"),
        time > 0, period > 0
      else { return nil }
      return time / period
    }
    return (unified + legacy).min()
  }

  /// The folders of the process's group and of all that it is part of. In a container the group's own path often
  /// does not exist, and the mount's root stands for it.
  ///
  /// - Parameter controller: a version 1 controller; empty for version 2.
  package func folders(controller: String) -> [String] {
    var folders: [String] = []
    for line in membership.split(separator: "\n") {
      // "4:cpu,cpuacct:/a/b" in version 1, "0::/a/b" in version 2.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3,
        fields[1].split(separator: ",").contains(Substring(controller))
          || (controller.isEmpty && fields[1].isEmpty)
      else { continue }
      let mount = controller.isEmpty ? root : root + "/" + controller
      var path = fields[2].split(separator: "/")[...]
      while true {
        folders.append(([Substring(mount)] + path).joined(separator: "/"))
        if path.popLast() == nil { break }
      }
    }
    return folders
  }

  private func number(_ path: String) -> Double? {
    textFile(path).flatMap { Double($0.split(separator: "\n").first ?? "") }
  }
}

/// The beginning of a small text file; nil if it cannot be read.
private func textFile(_ path: String) -> String? {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var bytes = [UInt8](repeating: 0, count: 8_192)
  var count = 0
  while count < bytes.count {
    let added = bytes[count...].withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
    if added <= 0 { break }
    count += added
  }
  return String(decoding: bytes[..<count], as: UTF8.self)
}

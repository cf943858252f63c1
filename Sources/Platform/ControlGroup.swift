/// The control groups of a process, which limit what it may use of the machine (Linux's cgroups(7), versions
/// 1 and 2).
///
/// A limit holds for a group and all groups within it, so the process's own group and all around it are
/// asked.
package struct ControlGroup {
  /// The text of `/proc/self/cgroup`.
  private let membership: String
  /// The folder that control groups are mounted in.
  private let root: String

  /// Those of this process; without any limit where the system has none.
  package static var current: ControlGroup {
    ControlGroup(membership: systemText("/proc/self/cgroup") ?? "", root: "/sys/fs/cgroup")
  }

  package init(membership: String, root: String) {
    self.membership = membership
    self.root = root
  }

  /// The processor time that the group may use, in processors: 0.5 for half of one; nil if nothing limits it.
  package func processorQuota() -> Double? {
    let unified = folders(controller: "").compactMap { folder -> Double? in
      // "150000 100000": microseconds of time, and of a period; or "max 100000".
      let fields = (systemText(folder + "/cpu.max") ?? "").split(whereSeparator: \.isWhitespace)
      guard fields.count == 2, let time = Double(fields[0]), let period = Double(fields[1]), period > 0 else {
        return nil
      }
      return time / period
    }
    let legacy = folders(controller: "cpu").compactMap { folder -> Double? in
      // −1 for no limit.
      guard let time = systemText(folder + "/cpu.cfs_quota_us")?.firstNumber,
        let period = systemText(folder + "/cpu.cfs_period_us")?.firstNumber,
        time > 0, period > 0
      else { return nil }
      return Double(time) / Double(period)
    }
    return (unified + legacy).min()
  }

  /// Bytes of memory that the group may still take; nil if nothing limits it. Negative if it is past a limit.
  package func memoryLeft() -> Int? {
    let unified = folders(controller: "").compactMap {
      memoryLeft($0, limit: "memory.max", usage: "memory.current", cached: "file")
    }
    let legacy = folders(controller: "memory").compactMap {
      memoryLeft($0, limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", cached: "total_cache")
    }
    return (unified + legacy).min()
  }

  private func memoryLeft(_ folder: String, limit: String, usage: String, cached: String) -> Int? {
    // "max", or no such file: no limit here.
    guard let limit = systemText("\(folder)/\(limit)")?.firstNumber,
      let usage = systemText("\(folder)/\(usage)")?.firstNumber
    else { return nil }
    let cached = systemText("\(folder)/memory.stat")?.number(after: cached) ?? 0
    return Self.memoryLeft(of: limit, usage: usage, cached: cached)
  }

  /// What is left of a limit if cached files, which the system drops when memory is wanted, do not count.
  ///
  /// The two counts are taken at different moments: more can be cached than is in use. A limit can be the
  /// largest integer, which stands for none.
  package static func memoryLeft(of limit: Int, usage: Int, cached: Int) -> Int {
    limit - max(0, usage - cached)
  }

  /// The folders of the process's group and of all groups around it, the innermost first. In a container the
  /// group's own path often does not exist, and the mount's root stands for it.
  ///
  /// - Parameter controller: a controller of version 1; empty for version 2.
  private func folders(controller: String) -> [String] {
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
}

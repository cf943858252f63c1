/// The number of threads that can compute at the same time in this process: the processors that it may run
/// on, and no more than its control groups' share of processor time comes to. At least 1.
///
/// Of Apple silicon only the performance cores count. The others compute a third as fast (M1: two vector
/// instructions per cycle at 2.1 GHz beside four at 3.2), and what they take of the memory and the power the
/// fast ones lack.
package func availableThreadCount() -> Int {
  let fast = systemNumber("hw.perflevel0.physicalcpu").flatMap { $0 > 0 ? $0 : nil } ?? .max
  let quota = ControlGroup.current.processorQuota().map { Int($0) } ?? .max
  return max(1, min(processorCount(), fast, quota))
}

/// The processors that the scheduler may put this process on.
package func processorCount() -> Int {
  let online = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  return systemText("/proc/self/status").flatMap(processorCount(inStatus:)).map { min($0, online) } ?? online
}

/// Counts the processors in the line `Cpus_allowed_list:\t0-3,8` of Linux's `/proc/self/status`; nil if it is
/// not there.
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

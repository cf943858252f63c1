/// What the system calls a user; the number of one that has no name.
package func userName(_ id: uid_t) -> String {
  // More than this no entry needs.
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 14) { text in
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    guard let start = text.baseAddress, getpwuid_r(id, &entry, start, text.count, &found) == 0,
      let name = found?.pointee.pw_name
    else { return "\(id)" }
    return String(cString: name)
  }
}

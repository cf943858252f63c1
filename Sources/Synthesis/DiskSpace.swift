import GPTOSSPlatform

/// Room on disks.
enum DiskSpace {
  /// The bytes that a file of this path may take, in the folder that it names.
  static func available(forFileAt path: String) throws(SynthesisError) -> Int {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(path[...$0]) } ?? "."
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else {
      throw .unusableFolder(path: path, errorNumber: errno)
    }
    // Blocks that ordinary users may take, and their size.
    let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
      by: Int(clamping: status.f_frsize))
    return overflow ? .max : bytes
  }
}

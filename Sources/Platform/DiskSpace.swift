/// The bytes that this user may still write to the file system of a folder.
///
/// - Throws: `SystemError` if there is no such folder.
package func availableDiskByteCount(inFolder folder: String) throws(SystemError) -> Int {
  var status = statvfs()
  guard statvfs(folder, &status) == 0 else { throw SystemError(code: errno) }
  // Blocks that ordinary users may take, and their size.
  let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
    by: Int(clamping: status.f_frsize))
  return overflow ? .max : bytes
}

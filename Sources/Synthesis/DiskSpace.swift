import GPTOSSPlatform

/// Room on disks.
enum DiskSpace {
  /// The bytes that a file of this path may take, in the folder that it names.
  static func available(forFileAt path: String) throws(SynthesisError) -> Int {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(path[...$0]) } ?? "."
    do { return try availableDiskByteCount(inFolder: folder) } catch {
      throw .unusableFolder(path: path, errorNumber: error.code)
    }
  }
}

import GPTOSSPlatform

/// Half-written files, whose writers were killed before they could remove them.
package enum Leftovers {
  private static let suffix = ".partial"

  /// A name for a file that is being written: `NAME.1f00ba5e.partial`.
  static func temporaryPath(of path: String) -> String {
    let digits = String(UInt32.random(in: .min ... .max), radix: 16)
    return "\(path).\(String(repeating: "0", count: 8 - digits.count))\(digits)\(suffix)"
  }

  /// Removes what killed writers of a file have left beside it.
  ///
  /// What cannot be removed stays: it is in nobody's way.
  static func remove(of path: String) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "./"
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    remove(in: folder) { $0 == name }
  }

  /// Removes what killed writers have left in a folder.
  ///
  /// - Parameters:
  ///   - folder: the folder's path.
  ///   - isMeant: whether the leftovers of the file of a name are to be removed.
  package static func remove(in folder: String, of isMeant: (Substring) -> Bool) {
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let found = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let name = nameOfWhole(found), isMeant(name) { removeUnlessWritten("\(folder)/\(found)") }
    }
  }

  /// Marks a file that was just made as being written.
  ///
  /// - Returns: false if another writer took it for a leftover in between, and it is gone or about to be.
  static func claim(_ descriptor: Int32) -> Bool {
    // Where a file system has no locks, nothing is taken for a leftover either.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return errno != EWOULDBLOCK }
    var status = stat()
    return fstat(descriptor, &status) != 0 || status.st_nlink > 0
  }

  /// The name of the file that a temporary one becomes; nil if the name is no temporary one.
  private static func nameOfWhole(_ found: String) -> Substring? {
    guard found.hasSuffix(suffix) else { return nil }
    let name = found.dropLast(suffix.count)
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
    let digits = name[name.index(after: dot)...]
    return digits.count == 8 && digits.allSatisfy { $0.isASCII && $0.isHexDigit } ? name[..<dot] : nil
  }

  private static func removeUnlessWritten(_ path: String) {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard file >= 0 else { return }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      flock(file, LOCK_EX | LOCK_NB) == 0
    else { return }
    unlink(path)
  }
}

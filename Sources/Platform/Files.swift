#if canImport(FoundationEssentials)
  package import struct FoundationEssentials.URL
#else
  package import struct Foundation.URL
#endif

extension URL {
  /// The path of a local file; nil for the address of anything else.
  package var localPath: String? { isFileURL ? path(percentEncoded: false) : nil }
}

/// All bytes of a file.
///
/// Reads to the end: the system does not know the length of files like `/proc/meminfo`.
///
/// - Throws: `SystemError` if the file cannot be opened or read.
package func readFile(_ path: String) throws(SystemError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw SystemError(code: errno) }
  defer { close(descriptor) }
  var contents: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 4_096)
  while true {
    let byteCount = read(descriptor, &chunk, chunk.count)
    guard byteCount >= 0 else { throw SystemError(code: errno) }
    if byteCount == 0 { return contents }
    contents += chunk[..<byteCount]
    // A long file comes in pieces as long as what is there already.
    if contents.count > chunk.count { chunk = [UInt8](repeating: 0, count: contents.count) }
  }
}

/// Writes all of a text to an open file, a pipe or a terminal.
///
/// - Throws: `SystemError` for what the system refuses; the beginning may have been written.
package func writeAll(_ text: String, to descriptor: Int32) throws(SystemError) {
  var text = text
  let code: Int32? = text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest)
      let count = write(descriptor, piece.baseAddress, piece.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        // Another program that has the same terminal or pipe made it one that does not wait.
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&state, 1, -1)
        continue
      }
      if count < 0 { return errno }
      rest = rest.dropFirst(count)
    }
    return nil
  }
  if let code { throw SystemError(code: code) }
}

/// Makes a folder, and those above it that are missing, for their owner alone.
///
/// - Throws: `SystemError` if one of them cannot be made.
package func makePrivateFolder(_ path: String) throws(SystemError) {
  var status = stat()
  if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
  let parts = path.split(separator: "/")
  if parts.count > 1 {
    try makePrivateFolder((path.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/"))
  }
  // Another program may make it at the same time.
  guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemError(code: errno) }
}

/// What stands under a path, links followed: `a folder`, `a device`. Nil for a regular file, and for nothing.
package func specialFileKind(_ path: String) -> String? {
  var status = stat()
  return stat(path, &status) == 0 ? specialFileKind(status) : nil
}

/// What an open file is, as of a path.
package func specialFileKind(_ status: stat) -> String? {
  switch status.st_mode & S_IFMT {
  case S_IFREG: nil
  case S_IFDIR: "a folder"
  case S_IFCHR, S_IFBLK: "a device"
  case S_IFIFO: "a pipe"
  case S_IFSOCK: "a socket"
  default: "no regular file"
  }
}

/// What stands under a path and cannot be read to its end as a file or a pipe can: `a folder`, `a socket`.
package func unreadableFileKind(_ path: String) -> String? {
  specialFileKind(path).flatMap { $0 == "a pipe" ? nil : $0 }
}

/// Whether two paths lead to one file, links followed.
package func isSameFile(_ path: String, _ other: String) -> Bool {
  var (status, otherStatus) = (stat(), stat())
  return stat(path, &status) == 0 && stat(other, &otherStatus) == 0
    && status.st_dev == otherStatus.st_dev && status.st_ino == otherStatus.st_ino
}

/// A text in which the system tells something, such as `/proc/meminfo`; nil where it does not.
package func systemText(_ path: String) -> String? {
  do { return String(decoding: try readFile(path), as: UTF8.self) } catch { return nil }
}

extension String {
  /// The first word of the text as a number.
  var firstNumber: Int? { split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) } }

  /// The number after a word at the start of a line, such as that of `MemFree:     1024 kB`.
  func number(after name: String) -> Int? {
    for line in split(separator: "\n") {
      let words = line.split(whereSeparator: \.isWhitespace)
      if words.count >= 2, words[0] == name { return Int(words[1]) }
    }
    return nil
  }
}

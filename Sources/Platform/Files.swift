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

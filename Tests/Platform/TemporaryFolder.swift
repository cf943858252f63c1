import GPTOSSPlatform
import Testing

/// A folder that a test fills and removes.
final class TemporaryFolder {
  let path: String
  private var made: [String] = []

  init() throws {
    var template = Array("/tmp/platform-XXXXXX".utf8CString)
    path = try #require(mkdtemp(&template).map { String(cString: $0) })
  }

  /// Writes a file, and makes the folders that it lies in.
  func write(_ bytes: [UInt8], to name: String) throws {
    let parts = name.split(separator: "/")
    for depth in 1..<max(parts.count, 1) {
      let folder = path + "/" + parts[..<depth].joined(separator: "/")
      if mkdir(folder, 0o700) == 0 { made.append(folder) }
    }
    let file = try #require(fopen(path + "/" + name, "w"))
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    fclose(file)
    made.append(path + "/" + name)
  }

  func remove() {
    for path in made.reversed() { _ = GPTOSSPlatform.remove(path) }
    _ = GPTOSSPlatform.remove(path)
  }
}

import Foundation
import GGUF

/// A folder for the files of one test, removed with it.
final class TemporaryFolder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "gguf-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  var path: String { url.path }

  func path(_ name: String) -> String {
    url.appending(path: name).path
  }

  /// Writes a file, in place of another of that name.
  @discardableResult
  func write(_ bytes: [UInt8], as name: String = "model.gguf") throws -> String {
    let path = path(name)
    // A reader may have the old file mapped, which must not be truncated under it.
    unlink(path)
    // Foundation's writing waits for the disk, thousands of times in some tests.
    guard let file = fopen(path, "wb") else { throw CocoaError(.fileWriteUnknown) }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw CocoaError(.fileWriteUnknown) }
    return path
  }

  func bytes(of name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: url.appending(path: name)))
  }

  /// The names of all files, sorted.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}

/// Opens a file of these bytes.
func open(_ bytes: [UInt8]) throws -> GGUFFile {
  let folder = try TemporaryFolder()
  // The mapping outlives the file's name.
  return try GGUFFile(path: folder.write(bytes))
}

/// What opening a file of these bytes throws; nil if it opens.
func refusal(of bytes: [UInt8]) throws -> GGUFError? {
  do {
    _ = try open(bytes)
    return nil
  } catch let error as GGUFError {
    return error
  }
}

extension GGUFFile {
  /// A copy of a tensor's bytes.
  func copy(of name: String) -> [UInt8]? {
    tensor(named: name).map { tensor in withBytes(of: tensor) { Array(reading: $0) } }
  }
}

extension [UInt8] {
  init(reading span: RawSpan) {
    self = span.withUnsafeBytes { Array($0) }
  }
}

import Foundation
import GGUF
import GPTOSSMeasurement
import Testing

/// The bytes of a .npy file, and that no half file stays.
struct NumPyFileTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test func bytes() throws {
    try withFolder { folder in
      let file = try NumPyFile(path: "\(folder)/x.npy", rowCount: 2, columnCount: 3, isOverwriting: false)
      for row in [[1, 2, 3], [-0.5, 0, 65536]] as [[Float]] { try file.append(row.span) }
      try file.finish()
      let data = try Data(contentsOf: URL(filePath: "\(folder)/x.npy"))
      var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
      header += String(repeating: " ", count: 117 - header.count) + "\n"
      let start: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0]
      let floats: [UInt8] = [
        0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0, 0xBF, 0, 0, 0, 0, 0, 0, 0x80, 0x47,
      ]
      #expect(Array(data) == start + Array(header.utf8) + floats)
    }
  }

  @Test func anUnfinishedFileIsNotLeftBehind() throws {
    try withFolder { folder in
      do {
        let file = try NumPyFile(path: "\(folder)/x.npy", rowCount: 2, columnCount: 1, isOverwriting: false)
        try file.append(([1] as [Float]).span)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func aFolderIsRefused() throws {
    try withFolder { folder in
      #expect(throws: GGUFError.self) {
        try NumPyFile(path: folder, rowCount: 1, columnCount: 1, isOverwriting: true)
      }
    }
  }
}

import Foundation
import GPTOSSTerminal
import Testing

/// Files as text and as lines.
struct InputTests {
  private func withFile(_ bytes: [UInt8], _ body: (Input) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(Input(path: file.path))
  }

  @Test(arguments: [
    ("", []), ("a", ["1 a"]), ("a\n", ["1 a"]), ("a\n\nb", ["1 a", "3 b"]), (" \t\r\nx", ["2 x"]),
    ("a\u{2028}b\nc\r\n", ["1 a\u{2028}b", "2 c\r"]),
  ])
  func lines(_ text: String, _ lines: [String]) throws {
    try withFile(Array(text.utf8)) { input in
      var found: [String] = []
      try input.forEachLine { found.append("\($0) \(String(decoding: $1, as: UTF8.self))") }
      #expect(found == lines)
    }
  }

  /// Longer than what one read returns.
  @Test func longLines() throws {
    let line = [UInt8](repeating: 0x78, count: 200_000)
    try withFile(line + [0x0A] + line) { input in
      var counts: [Int] = []
      try input.forEachLine { counts.append($1.count) }
      #expect(counts == [line.count, line.count])
      #expect(try input.readBytes().count == 2 * line.count + 1)
    }
  }

  @Test func bytesThatAreNotUTF8AreNoText() throws {
    try withFile([0x61, 0xFF]) { input in
      #expect(throws: TerminalError.notText(path: input.name)) { try input.readText() }
    }
  }

  @Test func aMissingFileIsNamed() {
    // A name of its own: run by root, other programs may have made a folder of any other.
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    #expect(throws: TerminalError.unreadable(path: path, reason: "No such file or directory")) {
      try Input(path: path).readText()
    }
  }
}

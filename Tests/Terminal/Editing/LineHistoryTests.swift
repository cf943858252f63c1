import Foundation
import GPTOSSTerminal
import Testing

/// What is typed is found again by the next program, and by its owner alone.
struct LineHistoryTests {
  private func withFile(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "new/history").path)
  }

  @Test func entriesComeBack() throws {
    let entries = ["one", "two\nlines", #"back\slash \n and \\"#, "日本 🙂", "  spaces  "]
    try withFile { path in
      var history = try LineHistory(path: path)
      #expect(history.entries.isEmpty)
      for entry in entries { try history.add(entry) }
      #expect(try LineHistory(path: path).entries == entries)
    }
  }

  @Test func theFileIsItsOwnersAlone() throws {
    try withFile { path in
      var history = try LineHistory(path: path)
      try history.add("secret")
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      try history.add("more")
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test func repetitionsAndHugeEntriesAreNotKept() throws {
    try withFile { path in
      var history = try LineHistory(path: path)
      let huge = String(repeating: "x", count: LineHistory.longestEntry + 1)
      for entry in ["one", "one", "", huge, "one"] { try history.add(entry) }
      #expect(history.entries == ["one", huge, "one"])
      #expect(try LineHistory(path: path).entries == ["one", "one"])
    }
  }

  @Test func theFileDoesNotGrowForEver() throws {
    try withFile { path in
      var history = try LineHistory(path: path)
      for number in 0...(2 * LineHistory.limit) { try history.add("\(number)") }
      #expect(history.entries.count == LineHistory.limit)
      #expect(try LineHistory(path: path).entries == history.entries)
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == LineHistory.limit)
    }
  }

  @Test(
    arguments: [
      (["XDG_STATE_HOME": "/state", "HOME": "/home/a"], "/state/gptoss/history"),
      (["HOME": "/home/a"], "/home/a/.local/state/gptoss/history"),
      (["XDG_STATE_HOME": "relative", "HOME": "/home/a"], "/home/a/.local/state/gptoss/history"),
      (["XDG_STATE_HOME": "", "HOME": ""], nil), ([:], nil),
    ] as [([String: String], String?)])
  func place(_ environment: [String: String], _ path: String?) {
    #expect(LineHistory.defaultPath(program: "gptoss", environment: environment) == path)
  }

  @Test func aFileThatCannotBeWrittenIsSaid() throws {
    var history = try LineHistory(path: "/dev/null/history")
    #expect(throws: (any Error).self) { try history.add("one") }
    #expect(history.entries == ["one"])
  }
}

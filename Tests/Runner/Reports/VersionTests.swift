import Foundation
import GPTOSSRunner
import Testing

/// What `gptoss --version` says about its sources.
struct VersionTests {
  private static let (first, second) = (String(repeating: "a", count: 40), String(repeating: "b", count: 40))

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try body(folder)
  }

  private func write(_ text: String, to path: String) throws {
    let url = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private static let log = """
    \(String(repeating: "0", count: 40)) \(first) A U Thor <a@b> 1000 +0100\tclone: from 99999 there
    \(first) \(second) A U Thor <a@b> 2000 +0100\tcommit: More

    """

  /// A program that was linked before a commit was not built from it.
  @Test(arguments: [(999, nil), (1000, first), (1999, first), (2000, second), (9999, second)])
  func theCommitOfATime(_ time: Int, _ commit: String?) throws {
    try withFolder { folder in
      try write(Self.log, to: "\(folder)/.git/logs/HEAD")
      #expect(SourceCommit.commit(of: folder, at: time) == commit)
    }
  }

  @Test func aWorkTreeBesideItsRepository() throws {
    try withFolder { folder in
      try write(Self.log, to: "\(folder)/repository/logs/HEAD")
      for path in ["\(folder)/repository", "../repository"] {
        try write("gitdir: \(path)\n", to: "\(folder)/tree/.git")
        #expect(SourceCommit.commit(of: "\(folder)/tree", at: 3000) == Self.second)
      }
    }
  }

  @Test(arguments: ["", "nonsense", "a b c d e\n", "\n\n", "x y <z> 1 +0000\tcommit"])
  func whatIsNoLog(_ text: String) throws {
    try withFolder { folder in
      #expect(SourceCommit.commit(of: folder, at: 3000) == nil)
      try write(text, to: "\(folder)/.git/logs/HEAD")
      #expect(SourceCommit.commit(of: folder, at: 3000) == nil)
    }
  }

  @Test func theVersionThatREADMENames() throws {
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    #expect(readme.contains("from: \"\(Version.number)\""))
    #expect(Version(commit: nil).description.hasPrefix("gptoss \(Version.number)\nSwift "))
    #expect(Version(commit: "abc").description.hasPrefix("gptoss \(Version.number) (commit abc)\n"))
  }
}

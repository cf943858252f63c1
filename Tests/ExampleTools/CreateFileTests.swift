import Foundation
import GPTOSSExampleTools
import GPTOSSPlatform
import Testing

/// The tool writes what was agreed to, below its folder, and nothing else.
struct CreateFileTests {
  /// A folder with `sub/`, `old.txt`, links out of it and in it, and a folder beside it.
  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let manager = FileManager.default
    let outer = manager.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? manager.removeItem(at: outer) }
    let root = outer.appending(path: "root").path
    try manager.createDirectory(atPath: "\(root)/sub", withIntermediateDirectories: true)
    try manager.createDirectory(
      atPath: outer.appending(path: "beside").path, withIntermediateDirectories: true)
    try Data("old".utf8).write(to: URL(fileURLWithPath: "\(root)/old.txt"))
    for (link, target) in [
      ("out", "../beside"), ("in", "sub"), ("dangling.txt", "../beside/new.txt"), ("file.txt", "old.txt"),
    ] {
      try manager.createSymbolicLink(atPath: "\(root)/\(link)", withDestinationPath: target)
    }
    try await body(root)
  }

  private func files(in root: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root + "/..").sorted()
  }

  @Test(arguments: [
    ("new.txt", "hello"), ("sub/new.txt", ""), ("./sub/../new", ""), ("日本 🙂.txt", "日本\n"), ("sub//x", "x"),
  ])
  func writes(_ name: String, _ content: String) async throws {
    try await withFolder { root in
      let questions = Locked<[String]>([])
      let tool = CreateFile(root: root) { question in
        questions.withLock { $0.append(question) }
        return true
      }
      let answer = try await tool.call(arguments: .init(name: name, content: content))
      guard !name.contains("..") else {
        #expect(answer.hasPrefix("Error: ") && questions.withLock { $0.isEmpty })
        return
      }
      #expect(answer == "File created.")
      #expect(try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8) == content)
      #expect(
        questions.withLock { $0 } == [
          "Create \(name) (\(content.utf8.count) bytes)?".replacing("(1 bytes)", with: "(1 byte)")
        ])
    }
  }

  @Test func spacesAroundANameAreNotPartOfIt() async throws {
    try await withFolder { root in
      let tool = CreateFile(root: root) { question in question == "Create two.txt (1 byte)?" }
      let answer = try await tool.call(arguments: .init(name: " two.txt ", content: "x"))
      #expect(answer == "File created.")
      #expect(try String(contentsOfFile: "\(root)/two.txt", encoding: .utf8) == "x")
    }
  }

  @Test(arguments: [
    "old.txt", "sub", "dangling.txt", "file.txt", "", "/tmp/new.txt", "../new.txt", "sub/../../new.txt", "..",
    ".", "sub/",
    "new/", "out/new.txt", "in/new.txt", "missing/new.txt", "old.txt/new.txt", "a\u{0}b", "a\nb",
    "a\u{1B}[2Jb",
    "a\u{202E}txt.exe", String(repeating: "x", count: 300),
    "../\u{301}x", "/\u{301}x", "out/\u{301}x", "sub/\u{301}../x", "..\u{200D}/../x",
  ])
  func refusesWithoutAsking(_ name: String) async throws {
    try await withFolder { root in
      let before = try files(in: root)
      let tool = CreateFile(root: root) { question in
        Issue.record("asked \(question)")
        return true
      }
      let answer = try await tool.call(arguments: .init(name: name, content: "new"))
      #expect(answer.hasPrefix("Error: "))
      if ["old.txt", "sub", "dangling.txt", "file.txt"].contains(name) {
        #expect(answer == "Error: File already exists.")
      }
      #expect(try files(in: root) == before)
      #expect(try String(contentsOfFile: "\(root)/old.txt", encoding: .utf8) == "old")
    }
  }

  @Test func aNoWritesNothing() async throws {
    try await withFolder { root in
      let before = try files(in: root)
      let tool = CreateFile(root: root) { _ in false }
      #expect(try await tool.call(arguments: .init(name: "new.txt", content: "x")).hasPrefix("Error: "))
      #expect(try files(in: root) == before)
    }
  }

  @Test func whatAppearsWhileAskingIsNotOverwritten() async throws {
    try await withFolder { root in
      let tool = CreateFile(root: root) { _ in
        try Data("theirs".utf8).write(to: URL(fileURLWithPath: "\(root)/new.txt"))
        return true
      }
      let answer = try await tool.call(arguments: .init(name: "new.txt", content: "ours"))
      #expect(answer == "Error: File already exists.")
      let content = try String(contentsOfFile: "\(root)/new.txt", encoding: .utf8)
      #expect(content == "theirs")
    }
  }

  @Test func aCancelledQuestionWritesNothing() async throws {
    try await withFolder { root in
      let tool = CreateFile(root: root) { _ in throw CancellationError() }
      await #expect(throws: CancellationError.self) {
        try await tool.call(arguments: .init(name: "new.txt", content: "x"))
      }
      #expect(!FileManager.default.fileExists(atPath: "\(root)/new.txt"))
    }
  }
}

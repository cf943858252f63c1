import Foundation
import GPTOSSTerminal
import Testing

/// Tab finds the files and folders that begin so.
struct CompletionTests {
  @Test func paths() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(
      atPath: "\(folder)/sub dir/deeper", withIntermediateDirectories: true)
    for name in ["chat.json", "chapter", ".hidden", "sub dir/x", "bad\u{1B}[2Jname"] {
      try Data().write(to: URL(filePath: "\(folder)/\(name)"))
    }
    func names(_ beginning: String) -> [String] {
      Completion.paths(beginning: "\(folder)/\(beginning)").map {
        String($0.text.dropFirst(folder.count + 1))
      }
    }
    #expect(names("") == ["chapter", "chat.json", "sub dir/"])
    #expect(names("cha") == ["chapter", "chat.json"] && names("chat") == ["chat.json"])
    #expect(names(".h") == [".hidden"] && names("sub dir/") == ["sub dir/deeper/", "sub dir/x"])
    #expect(names("none") == [] && names("chat.json/") == [] && names("no/such/") == [])
    #expect(Completion.paths(beginning: "~") == [Completion("~/", label: "~/")])
    #expect(Completion.paths(beginning: "\(folder)/s").map(\.label) == ["sub dir/"])
  }

  @Test func theHomeFolderIsTheShells() {
    let environment = ["HOME": "/home/of/a test"]
    #expect("~".expandingTilde(environment) == "/home/of/a test")
    #expect("~/x/~".expandingTilde(environment) == "/home/of/a test/x/~")
    for path in ["", "x", "x/~", "/~", "~nobody-of-this-name/x"] {
      #expect(path.expandingTilde(environment) == path)
    }
    #expect("~/x".expandingTilde([:]).hasPrefix("/"), "what the system knows of the user")
  }
}

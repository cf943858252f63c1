import Foundation
import GPTOSSHarmony
import GPTOSSRunner
import GPTOSSTerminal
import Testing

/// Lines are messages or commands.
struct SlashCommandTests {
  @Test(arguments: [
    ("Hello", ChatInput.message("Hello")), ("//etc", .message("/etc")), ("a /help", .message("a /help")),
    (" /help", .message(" /help")), ("//", .message("/")), ("/help", .command(.help)),
    ("/reset ", .command(.reset)),
    ("/tools", .command(.tools)), ("/mcp", .command(.mcp(nil))),
    ("/mcp time_now", .command(.mcp(ToolCommand("time_now")))),
    ("/stats", .command(.stats)), ("/exit", .command(.exit)),
    ("/save my chat.json", .command(.save(path: "my chat.json"))),
    ("/save --force my chat", .command(.save(path: "my chat", force: true))),
    ("/save --forceful", .command(.save(path: "--forceful"))), ("/load\t~/x ", .command(.load(path: "~/x"))),
    ("/effort high", .command(.effort(.high))), ("/effort", .command(.effort(nil))),
  ])
  func lines(_ line: String, _ input: ChatInput) throws {
    #expect(try ChatInput(line) == input)
  }

  @Test(arguments: [
    "/", "/nonsense", "/HELP", "/help me", "/save", "/load ", "/effort most", "/exit now", "/save -",
    "/save --force", "/save --force -", "/helpful",
    "/mcp tool {", "/mcp tool 7", "/mcp tool {} x",
  ])
  func mistakes(_ line: String) {
    #expect(throws: RunnerError.self) { try ChatInput(line) }
  }

  @Test(arguments: [
    ("/", 9), ("/s", 2), ("/he", 1), ("/x", 0), ("he", 0), ("", 0), ("/effort ", 3), ("/effort  l", 1),
    ("/effort x", 0), ("/save --f", 1), ("/nonsense x", 0), ("/help x", 0),
  ])
  func completions(_ beginning: String, _ count: Int) {
    let candidates = SlashCommand.completions(of: beginning)
    #expect(candidates.count == count && candidates.allSatisfy { $0.text.hasPrefix(beginning) })
  }

  @Test func completionsOfFiles() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: "\(folder)/my chat"))
    for command in ["/load ", "/save ", "/save --force "] {
      #expect(
        SlashCommand.completions(of: "\(command)\(folder)/m")
          == [Completion("\(command)\(folder)/my chat", label: "my chat")])
    }
  }
}

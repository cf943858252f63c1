import GPTOSSHarmony
import GPTOSSRunner
import Testing

/// Lines are messages or commands.
struct SlashCommandTests {
  @Test(arguments: [
    ("Hello", ChatInput.message("Hello")), ("//etc", .message("/etc")), ("a /help", .message("a /help")),
    (" /help", .message(" /help")), ("//", .message("/")), ("/help", .command(.help)),
    ("/reset ", .command(.reset)),
    ("/tools", .command(.tools)), ("/stats", .command(.stats)), ("/exit", .command(.exit)),
    ("/save my chat.json", .command(.save(path: "my chat.json"))),
    ("/load\t~/x ", .command(.load(path: "~/x"))),
    ("/effort high", .command(.effort(.high))), ("/effort", .command(.effort(nil))),
  ])
  func lines(_ line: String, _ input: ChatInput) throws {
    #expect(try ChatInput(line) == input)
  }

  @Test(arguments: [
    "/", "/nonsense", "/HELP", "/help me", "/save", "/load ", "/effort most", "/exit now", "/helpful",
  ])
  func mistakes(_ line: String) {
    #expect(throws: RunnerError.self) { try ChatInput(line) }
  }

  @Test(arguments: [
    ("/", 8), ("/s", 2), ("/he", 1), ("/x", 0), ("he", 0), ("", 0),
  ])
  func completions(_ beginning: String, _ count: Int) {
    let candidates = SlashCommand.completions(of: beginning)
    #expect(candidates.count == count && candidates.allSatisfy { $0.hasPrefix(beginning) })
  }
}

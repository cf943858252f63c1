import GPTOSSMCP
import Testing

/// Names that the model can call.
struct ToolNamesTests {
  @Test(arguments: [
    ("time", "get_current_time", "time_get_current_time"), ("my server", "a.b/c", "my_server_a_b_c"),
    ("Zeit", "größe", "Zeit_gr____e"), ("a", "<|end|>", "a___end__"),
  ])
  func legal(_ server: String, _ tool: String, _ name: String) {
    var names = ToolNames()
    #expect(names.name(of: tool, server: server) == name)
  }

  /// The same in every run, so that prompts stay the same.
  @Test func longAndTaken() {
    var names = ToolNames()
    let long = names.name(of: String(repeating: "x", count: 100), server: "server")
    #expect(long.utf8.count == 64)
    let other = names.name(of: String(repeating: "x", count: 101), server: "server")
    #expect(other.utf8.count == 64 && other != long)
    let first = names.name(of: "b_c", server: "a")
    let second = names.name(of: "c", server: "a_b")
    #expect(first == "a_b_c")
    #expect(second.hasPrefix("a_b_c_") && second.utf8.count == 14)
    #expect(names.name(of: "b_c", server: "a") == first)
    #expect(names.name(of: "c", server: "a_b") == second)
    var others = ToolNames()
    #expect(others.name(of: "b_c", server: "a") == first)
    #expect(others.name(of: "c", server: "a_b") == second)
  }

  @Test func thousandsStayUnique() {
    var names = ToolNames()
    let all = (0..<2_000).map { names.name(of: String(repeating: "t", count: 80 + $0), server: "s") }
    #expect(Set(all).count == 2_000)
    #expect(all.allSatisfy { $0.utf8.count == 64 })
  }
}

import Foundation
import GPTOSSMCP
import Testing

/// `mcp.json` as people and other programs write it.
struct MCPConfigurationTests {
  private static let environment = ["TOKEN": "secret", "HOME_DIR": "/srv", "EMPTY": ""]

  private func read(_ text: String) throws(MCPError) -> MCPConfiguration {
    try MCPConfiguration(parsing: text, environment: Self.environment)
  }

  @Test func aWholeFile() throws {
    let configuration = try read(
      #"""
      {
        // The clock
        "mcpServers": {
          "time": {
            "command": "mcp-server-time", /* no path */ "args": ["--local-timezone", "Europe/Berlin",],
            "env": {"LEVEL": 3, "DEBUG": true, "URL": "http://a//b"}, "cwd": "${HOME_DIR}/x",
            "allowed_tools": ["get_current_time"], "timeout": 5, "type": "stdio"
          },
          "docs": {
            "url": "https://example.com/mcp", "headers": {"Authorization": "Bearer ${env:TOKEN}"},
            "timeout": 2500, "disabled": true,
          },
        },
      }
      """#)
    #expect(configuration.warnings.isEmpty)
    #expect(configuration.servers.map(\.name) == ["time", "docs"])
    let (time, docs) = (configuration.servers[0], configuration.servers[1])
    #expect(
      time.transport
        == .program(
          command: "mcp-server-time", arguments: ["--local-timezone", "Europe/Berlin"],
          environment: ["LEVEL": "3", "DEBUG": "true", "URL": "http://a//b"], folder: "/srv/x"))
    #expect(time.allowedTools == ["get_current_time"])
    #expect(time.timeout == .seconds(5) && !time.isDisabled)
    let url = try #require(URL(string: "https://example.com/mcp"))
    #expect(docs.transport == .http(url, headers: ["Authorization": "Bearer secret"]))
    #expect(docs.timeout == .milliseconds(2_500) && docs.isDisabled)
  }

  @Test(arguments: [
    ("${TOKEN}", "secret"), ("a${TOKEN}b${env:TOKEN}", "asecretbsecret"), ("$TOKEN", "$TOKEN"),
    ("${NONE:-x}", "x"), ("${EMPTY:-x}", "x"), ("${EMPTY}", ""), ("${env:NONE:-}", ""), ("100%", "100%"),
  ])
  func variables(_ text: String, _ value: String) throws {
    let configuration = try read(#"{"mcpServers": {"a": {"command": "x", "args": ["\#(text)"]}}}"#)
    #expect(configuration.servers[0].transport == .program(command: "x", arguments: [value]))
  }

  /// Every mistake has its line and its key.
  @Test(arguments: [
    ("{\n\"mcpServers\": {\n\"a\": {\"command\": 7}}}", 3, "mcpServers.a.command"),
    ("{\"mcpServers\": {\"a\": {\n\n\"command\": \"x\",\n\"args\": \"y\"}}}", 4, "mcpServers.a.args"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"x\",\n\"args\": [1]}}}", 2, "mcpServers.a.args"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"x\",\n\"env\": {\"A=B\": \"\"}}}}", 2, "mcpServers.a.env"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"x\",\n\"env\": {\"A\": []}}}}", 2, "mcpServers.a.env"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"x\",\n\"headers\": {}}}}", 2, "mcpServers.a.headers"),
    ("{\"mcpServers\": {\"a\": {\"url\": \"http://x\",\n\"args\": []}}}", 2, "mcpServers.a.args"),
    ("{\"mcpServers\": {\"a\": {\"url\": \"http://x\",\n\"command\": \"x\"}}}", 1, "mcpServers.a.url"),
    ("{\"mcpServers\": {\"a\": {\"url\": \"file:///x\"}}}", 1, "mcpServers.a.url"),
    ("{\"mcpServers\": {\"a\": {\"url\": \"http://x\", \"type\":\n\"sse\"}}}", 1, "mcpServers.a.type"),
    (
      "{\"mcpServers\": {\"a\": {\"url\": \"http://x\", \"headers\": {\"a b\": \"\"}}}}", 1,
      "mcpServers.a.headers"
    ),
    (
      "{\"mcpServers\": {\"a\": {\"url\": \"http://x\", \"headers\": {\"a\": \"\\n\"}}}}", 1,
      "mcpServers.a.headers"
    ),
    ("{\"mcpServers\": {\n\"a\": {}}}", 2, "mcpServers.a"),
    ("{\"mcpServers\": {\n\"a\": 7}}", 2, "mcpServers.a"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"\"}}}", 1, "mcpServers.a.command"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"x\",\n\"timeout\": 0}}}", 2, "mcpServers.a.timeout"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"x\",\n\"timeout\": \"1\"}}}", 2, "mcpServers.a.timeout"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"x\",\n\"disabled\": 1}}}", 2, "mcpServers.a.disabled"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"${NONE}\"}}}", 1, "mcpServers.a.command"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"${TOKEN\"}}}", 1, "mcpServers.a.command"),
    ("{\"mcpServers\": {\"a\": {\"command\": \"${input:x}\"}}}", 1, "mcpServers.a.command"),
    ("{\n\"mcpServers\": []}", 2, "mcpServers"), ("{\n\"servers\": {}}", 1, ""), ("[]", 1, ""),
    ("{\n\n\"a\" 7}", 3, ""),
    ("{\"mcpServers\": {\n// \"b\"\n\"b\\u0061\": {\"command\": 1}}}", 3, "mcpServers.ba.command"),
  ])
  func mistakes(_ text: String, _ line: Int, _ key: String) throws {
    let error = try #require(throws: MCPError.self) { try read(text) }
    guard case .configuration("mcp.json", let foundLine, let foundKey, let problem) = error else {
      Issue.record("\(error)")
      return
    }
    #expect((foundLine, foundKey) == (line, key))
    #expect(!problem.isEmpty && !error.description.contains("\n"))
  }

  @Test func whatDoesNothingIsSaid() throws {
    let configuration = try read("{\"mcpServers\": {\"a\": {\"command\": \"x\",\n\"comand\": \"y\"}}}")
    #expect(configuration.warnings.count == 1)
    #expect(configuration.warnings[0].hasPrefix("mcp.json:2: mcpServers.a.comand: "))
  }

  @Test func filesThatAreNone() {
    for path in ["/dev/null/mcp.json", "/tmp", "/dev/null"] {
      #expect(throws: MCPError.self) { try MCPConfiguration(contentsOf: path) }
    }
  }

  @Test func twoFilesWithOneName() throws {
    let one = try read(#"{"mcpServers": {"a": {"command": "x"}}}"#)
    let other = try read(#"{"mcpServers": {"b": {"command": "x"}}}"#)
    #expect(try MCPConfiguration(joining: [one, other]).servers.count == 2)
    #expect(throws: MCPError.self) { try MCPConfiguration(joining: [one, other, one]) }
  }

  @Test(arguments: [
    "{", "/*", "//", "\"", "{\"mcpServers\": {\"a\": \"\\", "{\"a\":1,}", "\u{FEFF}{}", ",", "/",
  ])
  func broken(_ text: String) {
    #expect(throws: MCPError.self) { try read(text) }
  }
}

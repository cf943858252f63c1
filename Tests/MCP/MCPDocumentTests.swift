import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSMCP
import Testing

/// Holds the code to what Docs/MCP.md says: its program stands below word for word, its file is read.
@Suite("Docs/MCP.md") struct MCPDocumentTests {
  private let page: String

  init() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    page = try String(contentsOf: root.appending(path: "Docs/MCP.md"), encoding: .utf8)
  }

  private func block(_ kind: String) throws -> String {
    let parts = page.components(separatedBy: "\n```\(kind)\n")
    return try #require(parts.dropFirst().first).components(separatedBy: "\n```")[0]
  }

  @Test func theFile() throws {
    let configuration = try MCPConfiguration(
      parsing: try block("jsonc"), environment: ["HOME": "/home/ada", "DOCS_TOKEN": "t"])
    #expect(configuration.servers.map(\.name) == ["time", "git", "docs"] && configuration.warnings.isEmpty)
    #expect(configuration.servers[1].allowedTools == ["git_status", "git_log"])
    guard case .program(_, ["--repository", "/home/ada/project"], _, _) = configuration.servers[1].transport,
      case .http(_, ["Authorization": "Bearer t"]) = configuration.servers[2].transport
    else {
      Issue.record("\(configuration.servers)")
      return
    }
  }

  /// The keys of the file's table are those that are read.
  @Test func theKeys() throws {
    let section = try #require(page.components(separatedBy: "\n## The file\n").last)
      .components(separatedBy: "\n## ")[0]
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
    let keys = rows.flatMap { row in
      row.split(separator: "|")[0].matches(of: /`(\w+)`/).map { String($0.output.1) }
    }
    let unknown = try MCPConfiguration(parsing: #"{"mcpServers": {"a": {"command": "x", "unknown": 1}}}"#)
    let warning = try #require(unknown.warnings.first)
    #expect(warning.hasSuffix(keys.joined(separator: ", ")), "\(warning)")
  }

  @Test func theCommand() throws {
    let words = try block("").split(separator: " ", maxSplits: 2).map(String.init)
    #expect(words[0] == "/mcp" && words[1] == "time_get_current_time")
    #expect(try JSONValue(parsing: words[2]).objectValue != nil)
  }

  @Test func theProgram() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // In a file of its own: in mcp.json, `${…}` is a variable.
    let script = folder.appending(path: "server.sh")
    try ShellServer.script().write(to: script, atomically: false, encoding: .utf8)
    let file = folder.appending(path: "mcp.json").path
    let configuration: JSONValue = ["mcpServers": ["s": ["command": "sh", "args": [.string(script.path)]]]]
    try configuration.text.write(toFile: file, atomically: false, encoding: .utf8)
    let model = Caller()
    let servers = MCPServers(configuration: try MCPConfiguration(contentsOf: file))
    let session = ChatSession(model: model, tools: await servers.tools())
    print(try await session.respond(to: "What time is it in Tokyo?").answer)
    #expect(session.transcript.messages.last?.text == "It said hello")
    await servers.stop()
    let lines = try block("swift").split(separator: "\n")
    let here = try String(contentsOfFile: #filePath, encoding: .utf8)
    #expect(lines.count == 3 && here.contains(lines.map { "    \($0)" }.joined(separator: "\n")))
  }
}

/// A model that calls a tool and repeats what it gave.
private final class Caller: ConversationModel {
  let profile = ModelProfile(name: "caller", fingerprint: "caller", contextLength: 10_000)

  func measure(_ entries: inout [Transcript.Entry]) {
    for index in entries.indices { entries[index].tokenCount = entries[index].message.text.count }
  }

  func write(_ request: ModelRequest, to channel: ModelChannel) {
    if request.callCount == 0 {
      channel.add(
        Message(.assistant, "{}", channel: .commentary, recipient: "functions.s_echo", contentType: "json"))
    } else {
      channel.add(Message(.assistant, "It said \(request.entries.last?.message.text ?? "")", channel: .final))
    }
  }
}

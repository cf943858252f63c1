import Foundation
import GPTOSSMCP
import Testing

/// Apps show `localizedDescription`, which says nothing about an error that is no `LocalizedError`.
struct ErrorTests {
  private static let samples: [any Error] = [
    MCPError.ended(.signal(9), lines: ["one", "two"]), MCPElicitationFault.isRequired,
    MCPToolFailure(text: "no such city"),
  ]

  @Test func foundationSaysWhatTheErrorSays() {
    for error in Self.samples { #expect(error.localizedDescription == "\(error)", "\(type(of: error))") }
  }

  @Test func noPublicErrorTypeIsForgotten() throws {
    let root = URL(filePath: #filePath).appending(path: "../../../Sources/MCP").standardized
    let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
    var names: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let source = try String(contentsOf: file, encoding: .utf8)
      for match in source.matches(of: /public (?:enum|struct|final class) (\w+): [\w, ]*\bError\b/) {
        names.insert(String(match.1))
      }
    }
    #expect(names == Set(Self.samples.map { "\(type(of: $0))" }))
  }

  /// Every error is one line that says what is wrong.
  @Test(arguments: [
    MCPError.configuration(file: "mcp.json", line: 3, key: "mcpServers.a.url", problem: "is missing"),
    .configuration(file: "mcp.json", line: nil, key: "", problem: "is a folder"),
    .cannotStart(command: "x", problem: "there is no such file"), .ended(.code(1), lines: []),
    .ended(.closedStream, lines: ["bye"]), .timedOut(method: "tools/call", seconds: 3, noise: "hello"),
    .refused(code: -32602, message: "no"), .malformed(method: "tools/list", problem: "no list"),
    .tooLong(limit: 7), .unsupportedVersion(["1"]), .status(401, detail: "x"), .status(500, detail: "y"),
    .redirected(to: "http://a"), .unreachable("refused"), .sessionEnded, .notRunning("stopped"),
  ])
  func oneLine(_ error: MCPError) {
    #expect("\(error)".contains(" ") && !"\(error)".contains("\n"))
  }
}

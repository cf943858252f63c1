import Foundation
import GPTOSS
import GPTOSSJSON
import GPTOSSMCP
import Testing

/// Small servers that a shell plays.
enum ShellServer {
  /// A server of the version 2025-11-25 with one tool, `echo`, whose call does what `call` says.
  ///
  /// - Parameters:
  ///   - start: runs before anything is read.
  ///   - call: runs when the tool is called; `$id` is the request's, and `answer TEXT` gives its result.
  ///   - list: the tools.
  static func script(
    start: String = "", call: String = "answer hello", list: String = ShellServer.echo
  ) -> String {
    """
    reply() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$1"; }
    answer() { reply '{"content":[{"type":"text","text":"'"$1"'"}]}'; }
    \(start)
    while read -r line; do
      id=${line#*\\"id\\":}; id=${id%%,*}
      case $line in
      *'"server/discover"'*) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"?"}}\\n' "$id" ;;
      *'"initialize"'*)
        reply '{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}}}' ;;
      *'"tools/list"'*) reply '{"tools":[\(list)]}' ;;
      *'"tools/call"'*) \(call) ;;
      esac
    done
    """
  }

  static let echo = #"{"name":"echo","description":"Says it.","inputSchema":{"type":"object"}}"#

  /// Servers, and what a test does with them; nothing is left of them afterwards.
  static func with(
    _ scripts: String..., timeout: Duration? = nil, options: MCPOptions = MCPOptions(),
    _ body: (MCPServers) async throws -> Void
  ) async throws {
    let configurations = scripts.enumerated().map { index, script in
      MCPServerConfiguration(
        name: "s\(index)", transport: .program(command: "sh", arguments: ["-c", script]), timeout: timeout)
    }
    let servers = MCPServers(configuration: MCPConfiguration(servers: configurations), options: options)
    do {
      try await body(servers)
      await servers.stop()
    } catch {
      await servers.stop()
      throw error
    }
  }
}

extension MCPServers {
  /// Calls the tool of a name as a session would.
  func call(_ name: String, _ arguments: JSONObject = JSONObject()) async throws -> String {
    guard let tool = await tools().first(where: { $0.name == name }) as? MCPTool else {
      throw MCPError.notRunning("no tool \(name): \(status.map(\.state))")
    }
    return try await tool.call(arguments: arguments)
  }

  /// Calls a tool and compares what it gives.
  func expect(
    _ name: String, gives expected: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let text = try await call(name)
    #expect(text == expected, sourceLocation: sourceLocation)
  }
}

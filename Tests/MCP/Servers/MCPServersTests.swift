import Foundation
import GPTOSS
import GPTOSSJSON
import GPTOSSMCP
import Testing

/// The life of servers, played by shells.
@Suite(.timeLimit(.minutes(1)))
struct MCPServersTests {
  @Test func listedAndCalled() async throws {
    try await ShellServer.with(ShellServer.script()) { servers in
      try await servers.expect("s0_echo", gives: "hello")
      let status = servers.status[0]
      #expect(status.state == .running && status.protocolVersion == "2025-11-25")
      #expect(status.tools.map(\.description) == ["Says it."])
    }
    // Everything has ended.
  }

  @Test func stoppedServersLeaveNothing() async throws {
    let servers = MCPServers(
      configuration: MCPConfiguration(servers: [
        MCPServerConfiguration(
          name: "a", transport: .program(command: "sh", arguments: ["-c", ShellServer.script()]))
      ]))
    let tools = await servers.tools()
    #expect(tools.count == 1)
    await servers.stop()
    #expect(servers.status[0].state == .stopped)
    await #expect(throws: MCPError.notRunning("stopped")) {
      _ = try await (tools[0] as? MCPTool)?.call(arguments: JSONObject())
    }
  }

  /// A server that fails costs its own tools and nothing else, and its last words are in the message.
  @Test func oneFails() async throws {
    let bad = "echo 'cannot find the database' >&2; exit 3"
    try await ShellServer.with(bad, ShellServer.script()) { servers in
      try await servers.expect("s1_echo", gives: "hello")
      #expect(
        servers.status[0].state == .failed(.ended(.code(3), lines: ["cannot find the database"])))
    }
  }

  @Test func noSuchProgram() async throws {
    let servers = MCPServers(
      configuration: MCPConfiguration(servers: [
        MCPServerConfiguration(name: "a", transport: .program(command: "no-such-program-xyz")),
        MCPServerConfiguration(name: "b", transport: .program(command: "/etc/passwd")),
        MCPServerConfiguration(name: "c", transport: .program(command: "sh", folder: "/dev/null/folder")),
        MCPServerConfiguration(name: "d", transport: .program(command: "sh"), isDisabled: true),
      ]))
    #expect(await servers.tools().isEmpty)
    let problems: [String?] = servers.status.map {
      if case .failed(.cannotStart(_, let problem)) = $0.state { problem } else { nil }
    }
    #expect(
      problems.prefix(3).allSatisfy { $0 != nil } && problems[3] == nil, "\(servers.status.map(\.state))")
    #expect(servers.status[3].state == .disabled)
    await servers.stop()
  }

  /// What a tool says of its failure goes to the model as one.
  @Test func failures() async throws {
    let call = #"reply '{"content":[{"type":"text","text":"no such city"}],"isError":true}'"#
    try await ShellServer.with(ShellServer.script(call: call)) { servers in
      await #expect(throws: MCPToolFailure(text: "no such city")) { try await servers.call("s0_echo") }
    }
    let refusal = #"printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32602,"message":"bad"}}\n' "$id""#
    try await ShellServer.with(ShellServer.script(call: refusal)) { servers in
      await #expect(throws: MCPError.refused(code: -32602, message: "bad")) {
        try await servers.call("s0_echo")
      }
    }
  }

  @Test func noise() async throws {
    let start = "echo 'Server started'; echo '{'; printf '\\n\\377\\n'"
    try await ShellServer.with(ShellServer.script(start: start)) { servers in
      try await servers.expect("s0_echo", gives: "hello")
    }
  }

  /// No answer: the call ends in time, the server is told, and goes on.
  @Test func timeouts() async throws {
    let call =
      #"case $line in *slow*) ;; *) answer "$told" ;; esac ;; *'"notifications/cancelled"'*) told=$line"#
    let script = ShellServer.script(call: call.replacingOccurrences(of: #"answer "$told""#, with: "tell"))
    let start = #"tell() { case $told in *requestId*timeout*) answer told ;; *) answer untold ;; esac; }"#
    try await ShellServer.with("\(start)\n\(script)", timeout: .seconds(3)) { servers in
      await #expect(throws: MCPError.timedOut(method: "tools/call", seconds: 3, noise: nil)) {
        try await servers.call("s0_echo", JSONObject([("slow", true)]))
      }
      try await servers.expect("s0_echo", gives: "told")
    }
  }

  /// Progress begins the time anew.
  @Test func progress() async throws {
    let call = """
      for step in 1 2 3 4 5 6 7 8; do
        sleep 0.5
        printf '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%s,"progress":%s}}\\n' \\
          "$id" "$step"
      done; answer done
      """
    try await ShellServer.with(ShellServer.script(call: call), timeout: .seconds(3)) { servers in
      try await servers.expect("s0_echo", gives: "done")
    }
  }

  @Test func cancelledCalls() async throws {
    try await ShellServer.with(ShellServer.script(call: ":")) { servers in
      let tool = try #require(await servers.tools().first as? MCPTool)
      let task = Task { try await tool.call(arguments: JSONObject()) }
      try await Task.sleep(for: .milliseconds(100))
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }

  /// The call that died is told of; the server is started again, and the next call succeeds.
  @Test func crashes() async throws {
    let call = #"case $line in *die*) echo 'out of cheese' >&2; kill -9 $$ ;; *) answer hello ;; esac"#
    try await ShellServer.with(ShellServer.script(call: call)) { servers in
      await #expect(throws: MCPError.ended(.signal(9), lines: ["out of cheese"])) {
        try await servers.call("s0_echo", JSONObject([("die", true)]))
      }
      try await servers.expect("s0_echo", gives: "hello")
    }
  }

  /// Silence to `server/discover`, and ending because of it, are what old servers do.
  @Test func endsWhenItIsProbed() async throws {
    let start = #"read -r line; case $line in *initialize*) id=1;; *) exit 1 ;; esac"#
    let reply = #"reply '{"protocolVersion":"2024-11-05","capabilities":{"tools":{}}}'"#
    let script = ShellServer.script().split(separator: "while", maxSplits: 1).map(String.init)
    try await ShellServer.with("\(script[0])\n\(start); \(reply)\nwhile\(script[1])") { servers in
      try await servers.expect("s0_echo", gives: "hello")
      #expect(servers.status[0].protocolVersion == "2024-11-05")
    }
  }

  /// A server without sessions that is slow to start is not taken for an old one.
  @Test func slowToStart() async throws {
    let script = #"""
      reply() { printf '{"jsonrpc":"2.0","id":%s,%s}\n' "$id" "$1"; }
      sleep 5
      while read -r line; do
        id=${line#*\"id\":}; id=${id%%,*}
        case $line in
        *'"server/discover"'*)
          reply '"result":{"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"resultType":"complete"}' ;;
        *'"tools/list"'*'"io.modelcontextprotocol/protocolVersion":"2026-07-28"'*)
          reply '"result":{"tools":[{"name":"echo","inputSchema":{"type":"object"}}],"ttlMs":60000}' ;;
        *'"tools/call"'*'"requestState":"s1"'*'"action":"decline"'* | \
        *'"tools/call"'*'"action":"decline"'*'"requestState":"s1"'*)
          reply '"result":{"resultType":"complete","content":[{"type":"text","text":"hello"}]}' ;;
        *'"tools/call"'*)
          reply '"result":{"resultType":"input_required","requestState":"s1","inputRequests":{"q":{"method":
      "elicitation/create","params":{"message":"?","requestedSchema":{"type":"object","properties":{}}}}}}' ;;
        *) reply '"error":{"code":-32022,"message":"no"}' ;;
        esac
      done
      """#
    let oneLine = script.replacingOccurrences(of: "\"method\":\n", with: "\"method\":")
    try await ShellServer.with(oneLine) { servers in
      try await servers.expect("s0_echo", gives: "hello")
      #expect(servers.status[0].protocolVersion == "2026-07-28")
    }
  }

  /// A server that neither the end of its input nor SIGTERM ends is killed.
  @Test func ignoresItsEnd() async throws {
    let script = ShellServer.script(start: "trap '' TERM", call: "answer $$") + "\nsleep 60; sleep 60"
    var server: Int32 = 0
    try await ShellServer.with(script) { servers in
      server = try #require(Int32(try await servers.call("s0_echo")))
    }
    #expect(kill(server, 0) != 0)
  }

  /// A child that keeps the streams open does not keep the server alive for us, and ends with it.
  @Test func aChildKeepsThePipe() async throws {
    let call = "sleep 300 & answer $!"
    var child: Int32 = 0
    try await ShellServer.with(ShellServer.script(call: call)) { servers in
      child = try #require(Int32(try await servers.call("s0_echo")))
    }
    // A process that was killed stays for a moment.
    for _ in 0..<200 where kill(child, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
    #expect(kill(child, 0) != 0)
  }

  @Test func aLineThatIsTooLong() async throws {
    let call =
      #"case $line in *long*) head -c 9000000 /dev/zero | tr '\0' x; echo ;; *) answer hello ;; esac"#
    try await ShellServer.with(ShellServer.script(call: call)) { servers in
      await #expect(throws: MCPError.tooLong(limit: 8 << 20)) {
        try await servers.call("s0_echo", JSONObject([("long", true)]))
      }
      try await servers.expect("s0_echo", gives: "hello")
    }
  }

  @Test func answersThatAreForNobody() async throws {
    let call = #"own=$id; id=999; answer wrong; id='"x"'; answer wrong; id=$own; answer right; answer again"#
    try await ShellServer.with(ShellServer.script(call: call)) { servers in
      try await servers.expect("s0_echo", gives: "right")
      try await servers.expect("s0_echo", gives: "right")
    }
  }

  /// New tools come between turns, and last; a tool that is gone makes no other move.
  @Test func changes() async throws {
    let changed = [#"{"name":"new","inputSchema":{"type":"object"}}"#, ShellServer.echo].joined(
      separator: ",")
    let call =
      "printf '{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\\n'; changed=1; answer ok"
    let script = ShellServer.script(call: call).replacingOccurrences(
      of: #"*'"tools/list"'*)"#,
      with: #"*'"tools/list"'*) [ -n "$changed" ] && reply '{"tools":[\#(changed)]}' ||"#)
    try await ShellServer.with(script, ShellServer.script()) { servers in
      #expect(await servers.tools().map(\.name) == ["s0_echo", "s1_echo"])
      _ = try await servers.call("s0_echo")
      #expect(await servers.tools().map(\.name) == ["s0_echo", "s1_echo", "s0_new"])
    }
  }

  /// A server that wants an argument in a header of which it said nothing before is asked for its tools again.
  @Test func headersThatChange() async throws {
    let schema = #"{"type":"object","properties":{"zone":{"type":"string","x-mcp-header":"Zone"}}}"#
    let refusal = #"printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32020,"message":"no Zone"}}\n' "$id""#
    let script = ShellServer.script(call: "[ -n \"$asked\" ] && answer ran || { asked=1; \(refusal); }")
      .replacingOccurrences(
        of: #"*'"tools/list"'*)"#,
        with:
          #"*'"tools/list"'*) [ -n "$asked" ] && reply '{"tools":[{"name":"echo","inputSchema":\#(schema)}]}' ||"#
      )
    try await ShellServer.with(script) { servers in try await servers.expect("s0_echo", gives: "ran") }
    // Where nothing has changed, it would be refused again.
    try await ShellServer.with(ShellServer.script(call: refusal)) { servers in
      await #expect(throws: MCPError.refused(code: -32020, message: "no Zone")) {
        try await servers.call("s0_echo")
      }
    }
  }

  /// What a request names: one server's tools, in the server's order, or why there are none.
  @Test func toolsOfOneServer() async throws {
    try await ShellServer.with(ShellServer.script(), "exit 3") { servers in
      #expect(servers.names == ["s0", "s1"])
      let tools = try await servers.tools(of: "s0")
      #expect(tools.map(\.name) == ["s0_echo"])
      await #expect(throws: MCPError.ended(.code(3), lines: [])) { try await servers.tools(of: "s1") }
      await #expect(throws: MCPError.notRunning("no server is called s2")) {
        try await servers.tools(of: "s2")
      }
    }
  }

  @Test func allowedTools() async throws {
    let list = (0..<50).map { #"{"name":"t\#($0)","inputSchema":{"type":"object"}}"# }.joined(separator: ",")
    let script = ShellServer.script(
      list: list + #",7,{"name":"x"},{"name":"y","inputSchema":{"type":"string"}}"#)
    let configuration = MCPServerConfiguration(
      name: "s", transport: .program(command: "sh", arguments: ["-c", script]),
      allowedTools: ["t7", "t3", "none"])
    let servers = MCPServers(configuration: MCPConfiguration(servers: [configuration]))
    #expect(await servers.tools().map(\.name) == ["s_t3", "s_t7"])
    #expect(servers.status[0].notes.count == 2)
    await servers.stop()
  }

  @Test func longResults() async throws {
    let call = #"answer "$(printf '%01000d' 7)""#
    try await ShellServer.with(ShellServer.script(call: call), options: MCPOptions(resultLimit: 100)) {
      servers in
      let text = try await servers.call("s0_echo")
      #expect(text.contains("900 of 1000 bytes were left out") && text.utf8.count < 200)
    }
  }

  /// Only what the configuration names reaches a server, beside what programs need.
  @Test func environment() async throws {
    setenv("GPTOSS_TEST_SECRET", "secret", 1)
    let script = ShellServer.script(call: #"answer "$GPTOSS_TEST_SECRET,$OWN,${PATH:+path}""#)
    let configuration = MCPServerConfiguration(
      name: "s",
      transport: .program(command: "sh", arguments: ["-c", script], environment: ["OWN": "own"], folder: "/"))
    let servers = MCPServers(configuration: MCPConfiguration(servers: [configuration]))
    try await servers.expect("s_echo", gives: ",own,path")
    await servers.stop()
  }

  /// A form is filled in by the person who is there, and declined where nobody is.
  @Test(arguments: [true, false])
  func elicitation(_ isSomebodyThere: Bool) async throws {
    let call = """
      printf '{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"message":"Who?",\
      "requestedSchema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}}\\n'
        own=$id; read -r line; id=$own
        case $line in *'"id":"q"'*Ada*) answer Ada ;; *'"id":"q"'*decline*) answer nobody ;; esac
      """
    let ada: @Sendable (MCPElicitation) async -> MCPElicitationAnswer = { form in
      #expect(form.server == "s0" && form.message == "Who?" && form.fields.map(\.name) == ["name"])
      return .accept(JSONObject([("name", "Ada")]))
    }
    let options = MCPOptions(elicit: isSomebodyThere ? ada : nil)
    try await ShellServer.with(ShellServer.script(call: call), options: options) { servers in
      try await servers.expect("s0_echo", gives: (isSomebodyThere ? "Ada" : "nobody"))
    }
  }

  /// Nothing is left open, and no program is left, after many rounds.
  @Test func manyRounds() async throws {
    func openCount() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }
    /// The programs that this one has started, those included that have ended and are not waited for.
    func childCount() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: "/proc").count { name in
        // One that ends meanwhile has no file any more.
        guard Int(name) != nil, let bytes = FileManager.default.contents(atPath: "/proc/\(name)/stat") else {
          return false
        }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: ") ").last?.split(separator: " ")
        return fields?.dropFirst().first.flatMap { Int32($0) } == getpid()
      }
    }
    try await ShellServer.with(ShellServer.script()) { _ = try await $0.call("s0_echo") }
    let (before, childrenBefore) = (try openCount(), try childCount())
    for _ in 0..<100 {
      try await ShellServer.with(ShellServer.script(), "exit 1") { _ = try await $0.call("s0_echo") }
    }
    // Other tests run at the same time; 200 servers were started here.
    #expect(try openCount() < before + 60)
    #expect(try childCount() < childrenBefore + 40)
  }
}

import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSMCP
import GPTOSSPlatform
import GPTOSSServer
import Testing

/// The Responses API's tools of MCP servers, from the request to the answer.
///
/// Breaks when a call is not carried out, is carried out without the approval that it needs or twice, or when
/// somebody may have tools called who may not.
@Suite(.timeLimit(.minutes(1)))
struct ServerToolsTests {
  static let now = "functions.clock_now"
  static let clock = #"{"type": "mcp", "server_label": "clock", "require_approval": "never"}"#
  static let careful = #"{"type": "mcp", "server_label": "clock"}"#

  @Test func listedAndCalled() async throws {
    let server = try Server([[Self.now]])
    let json = try await server.respond(tools: Self.clock)
    let output = json["output"]?.arrayValue ?? []
    #expect(output.map { $0["type"] } == ["mcp_list_tools", "mcp_call", "message"])
    let list = output[0]["tools"]?.arrayValue ?? []
    #expect(list.map { $0["name"] } == ["now", "set"] && output[0]["error"] == .null)
    #expect(list[0]["annotations"] == ["read_only": true] && list[1]["annotations"] == ["read_only": false])
    #expect(list[0]["input_schema"]?["properties"]?["zone"] == ["type": "string"])
    let call = output[1]
    #expect(call["name"] == "now" && call["server_label"] == "clock" && call["status"] == "completed")
    #expect(call["output"] == "noon" && call["error"] == .null && call["arguments"] == #"{"zone":"UTC"}"#)
    #expect(output[2]["content"]?.arrayValue?[0]["text"] == "noon")
    #expect(server.model.lastPrompt.last == .toolResult("noon", from: Self.now))
    #expect(server.service.admission.counts == (0, 0))
    await server.stop()
  }

  @Test func streamed() async throws {
    let server = try Server([[Self.now, "functions.clock_set"]])
    let types = try await server.stream(tools: Self.clock)
    let list = ["added", "mcp_list_tools.in_progress", "mcp_list_tools.completed", "done"]
    #expect(types.prefix(6).elementsEqual(["created", "in_progress"] + list))
    let call = ["added", "mcp_call.in_progress", "mcp_call_arguments.delta", "mcp_call_arguments.done"]
    #expect(types.dropFirst(6).prefix(8).elementsEqual(call + call))
    #expect(
      Set(types.dropFirst(14).prefix(4)) == ["mcp_call.completed", "mcp_call.failed", "done"],
      "the results come as the tools finish: \(types)")
    #expect(types.last == "completed")
    await server.stop()
  }

  /// Each message is an item of its own: nothing stands between them.
  @Test func textBeforeACall() async throws {
    let server = try Server([[Self.now]], preamble: "Let me look.")
    let output = try await server.respond(tools: Self.clock)["output"]?.arrayValue ?? []
    #expect(output.map { $0["type"] } == ["mcp_list_tools", "message", "mcp_call", "message"])
    let texts = output.compactMap { $0["content"]?.arrayValue?[0]["text"]?.stringValue }
    #expect(texts == ["Let me look.", "noon"])
    await server.stop()
  }

  @Test func aFailedCall() async throws {
    let server = try Server([["functions.clock_set"]])
    let json = try await server.respond(tools: Self.clock)
    let call = json["output"]?.arrayValue?[1]
    #expect(call?["status"] == "failed" && call?["output"] == .null)
    #expect(call?["error"]?["type"] == "mcp_tool_execution_error")
    #expect(server.model.lastPrompt.last?.text.contains("the clock is stuck") == true)
    await server.stop()
  }

  /// A server that fails costs its own tools and nothing else.
  @Test func aServerThatFails() async throws {
    let server = try Server([[Self.now]])
    let broken = #"{"type": "mcp", "server_label": "broken"}"#
    let json = try await server.respond(tools: "\(broken), \(Self.clock)")
    let output = json["output"]?.arrayValue ?? []
    #expect(output.map { $0["type"] } == ["mcp_list_tools", "mcp_list_tools", "mcp_call", "message"])
    #expect(output[0]["error"]?.stringValue?.contains("ended with code 3") == true)
    #expect(output[0]["tools"] == [] && output[1]["error"] == .null)
    let again = try Server([[Self.now]])
    let types = try await again.stream(tools: "\(broken), \(Self.clock)")
    #expect(types.contains("mcp_list_tools.failed"))
    await server.stop()
    await again.stop()
  }

  // MARK: Approval

  @Test func approved() async throws {
    let server = try Server([[Self.now], []])
    let asked = try await server.respond(tools: Self.careful)
    let request = try #require(asked["output"]?.arrayValue?.last)
    #expect(request["type"] == "mcp_approval_request" && request["name"] == "now")
    #expect(request["server_label"] == "clock" && request["arguments"] == #"{"zone":"UTC"}"#)
    #expect(server.model.roundCount == 1, "the model waits")
    let id = try #require(request["id"]?.stringValue)
    let answer = #"[{"type": "mcp_approval_response", "approval_request_id": "\#(id)", "approve": true}]"#
    let json = try await server.respond(input: answer, after: asked, tools: Self.careful)
    let output = json["output"]?.arrayValue ?? []
    #expect(output.map { $0["type"] } == ["mcp_call", "message"], "the list is in the conversation already")
    #expect(output[0]["approval_request_id"] == .string(id) && output[0]["output"] == "noon")
    // A later turn has the call once, and does not carry it out again.
    let later = try await server.respond(input: #""Thanks""#, after: json, tools: Self.careful)
    #expect(later["output"]?.arrayValue?.map { $0["type"] } == ["message"])
    let calls = server.model.lastPrompt.compactMap(\.toolCall)
    #expect(calls.map(\.recipient) == [Self.now])
    #expect(server.model.lastPrompt.filter { $0.author.role == .tool }.map(\.text) == ["noon"])
    await server.stop()
  }

  @Test func declined() async throws {
    let server = try Server([[Self.now], []])
    let asked = try await server.respond(tools: Self.careful)
    let id = try #require(asked["output"]?.arrayValue?.last?["id"]?.stringValue)
    let answer =
      #"[{"type": "mcp_approval_response", "approval_request_id": "\#(id)", "approve": false, "reason": "late"}]"#
    let json = try await server.respond(input: answer, after: asked, tools: Self.careful)
    #expect(json["output"]?.arrayValue?.map { $0["type"] } == ["message"])
    #expect(server.model.lastPrompt.last?.text == "Error: the user did not allow this call: late")
    await server.stop()
  }

  /// A client that keeps the conversation itself sends the items back.
  @Test func approvedWithoutAStoredResponse() async throws {
    let server = try Server([[Self.now], []])
    let asked = try await server.respond(tools: Self.careful)
    let items = asked["output"]?.arrayValue ?? []
    let id = try #require(items.last?["id"]?.stringValue)
    let answer = #"{"type": "mcp_approval_response", "approval_request_id": "\#(id)", "approve": true}"#
    let input = "[\((items.map(\.text) + [answer]).joined(separator: ","))]"
    let json = try await server.respond(input: input, tools: Self.careful)
    #expect(json["output"]?.arrayValue?.map { $0["type"] } == ["mcp_call", "message"])
    await server.stop()
  }

  /// Which calls are asked for: those of `always`, and all that `never` does not name.
  @Test(
    arguments: [
      ("\"always\"", true), ("\"never\"", false), (#"{"never": {"tool_names": ["now"]}}"#, false),
      (#"{"never": {"tool_names": ["set"]}}"#, true), (#"{"never": {"read_only": true}}"#, false),
      (#"{"always": {"read_only": true}, "never": {"tool_names": ["now"]}}"#, true),
      (#"{"always": {"tool_names": ["set"]}}"#, true), ("null", true),
    ])
  func rules(_ rule: String, _ isAsked: Bool) async throws {
    let server = try Server([[Self.now]])
    let tool = #"{"type": "mcp", "server_label": "clock", "require_approval": \#(rule)}"#
    let types = try await server.respond(tools: tool)["output"]?.arrayValue?.map { $0["type"] }
    #expect(types?.contains("mcp_approval_request") == isAsked && types?.contains("mcp_call") == !isAsked)
    await server.stop()
  }

  @Test(
    arguments: [
      (#"["set"]"#, ["set"]), (#"{"tool_names": ["now", "none"]}"#, ["now"]),
      (#"{"read_only": true}"#, ["now"]), (#"{"read_only": true, "tool_names": ["set"]}"#, []),
      ("null", ["now", "set"]),
    ])
  func allowedTools(_ filter: String, _ names: [String]) async throws {
    let server = try Server([[]])
    let tool = #"{"type": "mcp", "server_label": "clock", "allowed_tools": \#(filter)}"#
    let list = try await server.respond(tools: tool)["output"]?.arrayValue?[0]["tools"]?.arrayValue ?? []
    #expect(list.compactMap { $0["name"]?.stringValue } == names)
    await server.stop()
  }

  // MARK: Limits and other tools

  /// A model that calls and calls comes to an end, by itself or where the request says.
  @Test(arguments: [(nil, 15), (3, 3)] as [(Int?, Int)])
  func callsAreBounded(_ limit: Int?, _ count: Int) async throws {
    let server = try Server([[Self.now]], isEndless: true)
    let more = limit.map { #", "max_tool_calls": \#($0)"# } ?? ""
    let output = try await server.respond(tools: Self.clock, more: more)["output"]?.arrayValue ?? []
    #expect(output.filter { $0["type"] == "mcp_call" && $0["output"] == "noon" }.count == count)
    #expect(output.last?["type"] == "message")
    await server.stop()
  }

  @Test func moreCallsThanTheRequestAllows() async throws {
    let server = try Server([[Self.now, Self.now]])
    let output = try await server.respond(tools: Self.clock, more: #", "max_tool_calls": 1"#)["output"]
    #expect(
      output?.arrayValue?.map { $0["status"] ?? .null }.dropFirst().prefix(2) == ["completed", "failed"])
    await server.stop()
  }

  /// The client carries out its own functions; what a server has to say is there already.
  @Test func besideAFunction() async throws {
    let server = try Server([[Self.now, "functions.f"]])
    let json = try await server.respond(tools: "\(Self.clock), \(ToolParametersTests.f)")
    let output = json["output"]?.arrayValue ?? []
    #expect(output.map { $0["type"] } == ["mcp_list_tools", "mcp_call", "function_call"])
    #expect(output[1]["output"] == "noon" && output[2]["status"] == "completed")
    #expect(server.model.roundCount == 1)
    await server.stop()
  }

  @Test func chosen() async throws {
    let server = try Server([[]])
    let choice = #", "tool_choice": {"type": "mcp", "server_label": "clock", "name": "now"}"#
    _ = try await server.respond(tools: Self.clock, more: choice)
    let wrong = #", "tool_choice": {"type": "mcp", "server_label": "clock", "name": "then"}"#
    let error = await #expect(throws: ServerError.self) {
      try await server.respond(tools: Self.clock, more: wrong)
    }
    #expect(error?.parameter == "tool_choice.server_label")
    await server.stop()
  }

  // MARK: The list

  @Test func listedForPeople() async throws {
    let server = try Server([[]])
    while server.isStarting { try await Task.sleep(for: .milliseconds(10)) }
    let exchange = Exchange(client: "test", id: "1")
    await #expect(throws: ServerError.toolsNeedKey) { try await server.service.serverList(exchange) }
    exchange.holdsToolKey = true
    let servers = try await server.service.serverList(exchange)["servers"]?.arrayValue ?? []
    #expect(servers.map { $0["name"] } == ["clock", "broken"])
    let clock = servers[0]
    #expect(clock["state"] == "running" && clock["error"] == .null)
    #expect(clock["tools"]?.arrayValue?.map { $0["name"] } == ["now", "set"])
    let counts = clock["tools"]?.arrayValue?.compactMap { $0["tokens"]?.intValue } ?? []
    #expect(counts.count == 2 && clock["tokens"]?.intValue == counts.reduce(0, +))
    #expect(servers[1]["state"] != "running" && servers[1]["error"]?.stringValue?.isEmpty == false)
    await server.stop()
    let none = try Server([[]], isOff: true)
    #expect(try await none.service.serverList(exchange) == ["servers": []])
  }

  // MARK: Who may

  @Test func offUnlessItIsWanted() async throws {
    let server = try Server([[]], isOff: true)
    let error = await #expect(throws: ServerError.self) { try await server.respond(tools: Self.clock) }
    #expect(
      error?.status == 400 && error?.parameter == "tools[0]"
        && error?.description.contains("--mcp FILE") == true)
  }

  @Test func theKeyIsNeeded() async throws {
    let server = try Server([[]])
    await #expect(throws: ServerError.toolsNeedKey) {
      try await server.respond(tools: Self.clock, hasKey: false)
    }
    // Other requests stay as they are.
    _ = try await server.respond(tools: ToolParametersTests.f, hasKey: false)
    await server.stop()
  }

  @Test func theGateKnowsTheKey() throws {
    let gate = Gate(apiKey: nil, toolKey: "key", origins: [])
    for (header, isHeld) in [(nil, false), ("Bearer key", true), ("Bearer none", false)] as [(String?, Bool)]
    {
      let visitor = Gate.Visitor(path: "/v1/responses", authorization: header)
      try gate.check(visitor)
      #expect(gate.holdsToolKey(visitor) == isHeld)
    }
    #expect(!Gate(apiKey: nil, origins: []).holdsToolKey(Gate.Visitor(path: "/", apiKey: "key")))
  }

  /// What a request says of a server, and the field at fault.
  @Test(
    arguments: [
      (#"{"type": "mcp"}"#, "server_label"), (#"{"type": "mcp", "server_label": "none"}"#, "server_label"),
      (#"{"type": "mcp", "server_label": "clock", "headers": {"a": "b"}}"#, "headers"),
      (#"{"type": "mcp", "server_label": "clock", "authorization": "t"}"#, "authorization"),
      (#"{"type": "mcp", "server_label": "clock", "connector_id": "x"}"#, "connector_id"),
      (#"{"type": "mcp", "server_label": "x", "tunnel_id": "x"}"#, "tunnel_id"),
      (#"{"type": "mcp", "server_label": "clock", "allowed_tools": "now"}"#, "allowed_tools"),
      (#"{"type": "mcp", "server_label": "clock", "require_approval": "maybe"}"#, "require_approval"),
      (
        #"{"type": "mcp", "server_label": "clock", "require_approval": {"never": {}}}"#,
        "require_approval.never"
      ),
      (#"{"type": "mcp", "server_label": "x", "server_url": "ftp://example.com"}"#, "server_url"),
      (#"{"type": "mcp", "server_label": "x", "server_url": "https://a:b@example.com"}"#, "server_url"),
      (#"{"type": "mcp", "server_label": "x", "server_url": "http://93.184.215.14/mcp"}"#, "server_url"),
      (#"{"type": "mcp", "server_label": "x", "server_url": "https://127.0.0.1:9/mcp"}"#, "server_url"),
      (#"{"type": "mcp", "server_label": "x", "server_url": "https://2130706433:9/mcp"}"#, "server_url"),
      (#"{"type": "mcp", "server_label": "x", "server_url": "https://[::ffff:10.0.0.1]:9/"}"#, "server_url"),
      (#"{"type": "mcp", "server_label": "x", "server_url": "https://localhost:9/mcp"}"#, "server_url"),
      (#"{"type": "mcp", "server_label": "clock", "server_url": "https://1.1.1.1"}"#, "server_label"),
      (
        #"{"type": "mcp", "server_label": "x", "server_url": "https://1.1.1.1", "headers": {"Host": "a"}}"#,
        "headers.Host"
      ),
      (
        #"{"type": "mcp", "server_label": "x", "server_url": "https://1.1.1.1", "authorization": "a\nb"}"#,
        "authorization"
      ),
    ])
  func refused(_ tool: String, _ field: String) async throws {
    let server = try Server([[]], mcp: ClockServer.start(allowsRemote: true))
    do {
      _ = try await server.respond(tools: tool)
      Issue.record("\(tool) was taken")
    } catch {
      let error = ServerError(error)
      #expect(error.parameter == "tools[0].\(field)" && error.status == 400, "\(error)")
    }
    await server.stop()
  }

  @Test func addressesNeedAnOption() async throws {
    let server = try Server([[]])
    let tool = #"{"type": "mcp", "server_label": "x", "server_url": "https://1.1.1.1/mcp"}"#
    let error = await #expect(throws: ServerError.self) { try await server.respond(tools: tool) }
    #expect(error.map { "\($0)".contains("--allow-remote-mcp") } == true)
    let twice = await #expect(throws: ServerError.self) {
      try await server.respond(tools: "\(Self.clock), \(Self.clock)")
    }
    #expect(twice?.parameter == "tools[1].server_label")
    await server.stop()
  }

  /// A response is kept and can be read by others: it has no secrets.
  @Test func secretsAreNotRepeated() async throws {
    let server = try Server([[]], mcp: ClockServer.start(allowsRemote: true, allowsPrivate: true))
    let tool =
      #"{"type": "mcp", "server_label": "x", "server_url": "http://127.0.0.1:9/mcp", "authorization": "secret", "#
      + #""headers": {"X-Key": "secret"}}"#
    let json = try await server.respond(tools: tool)
    #expect(!json.text.contains("secret") && json["tools"]?.arrayValue?[0]["authorization"] == .null)
    #expect(json["output"]?.arrayValue?[0]["error"]?.stringValue?.contains("cannot be reached") == true)
    await server.stop()
  }
}

/// A service with the servers of ``ClockServer``.
private struct Server {
  let service: APIService
  let model: CallingModel
  private let mcp: ServedMCP?

  init(
    _ calls: [[String]], isEndless: Bool = false, isOff: Bool = false, mcp: ServedMCP? = nil,
    preamble: String? = nil
  ) throws {
    model = try CallingModel(calls, isEndless: isEndless, preamble: preamble)
    self.mcp = isOff ? nil : mcp ?? ClockServer.start()
    service = APIService(
      models: OneModel(model, names: ModelNames(path: "x.gguf", name: "x", layerCount: 2)),
      admission: Admission(parallel: 2, queueLimit: 2), store: ResponseStore(), metrics: Metrics(),
      mcp: self.mcp)
  }

  func stop() async { await mcp?.servers.stop() }

  var isStarting: Bool { mcp?.servers.status.contains { $0.state == .starting } == true }

  func respond(
    input: String = #""What time is it?""#, after previous: JSONValue? = nil, tools: String,
    more: String = "", hasKey: Bool = true
  ) async throws -> JSONValue {
    guard case .json(let json) = try await reply(input, previous, tools, more, hasKey: hasKey) else {
      Issue.record("a stream that was not asked for")
      return .null
    }
    return json
  }

  /// The types of a stream's events, without `response.` and `output_item.`.
  func stream(tools: String) async throws -> [String] {
    let reply = try await reply(#""What time is it?""#, nil, tools, #", "stream": true"#, hasKey: true)
    guard case .events(let write) = reply else { return [] }
    let types = Locked<[String]>([])
    try await write { event in
      let name = event.text.split(separator: "\n")[0]
      guard name.hasPrefix("event: response.") else { return }
      let short = name.dropFirst("event: response.".count)
      types.withLock { $0.append(String(short.replacing("output_item.", with: ""))) }
    }
    return types.withLock(\.self)
  }

  private func reply(
    _ input: String, _ previous: JSONValue?, _ tools: String, _ more: String, hasKey: Bool
  ) async throws -> Reply {
    let exchange = Exchange(client: "a")
    exchange.holdsToolKey = hasKey
    let id = previous?["id"]?.stringValue.map { #", "previous_response_id": "\#($0)""# } ?? ""
    let body = #"{"model": "gpt-oss-20b", "input": \#(input), "tools": [\#(tools)]\#(id)\#(more)}"#
    return try await service.respond(Array(body.utf8), exchange)
  }
}

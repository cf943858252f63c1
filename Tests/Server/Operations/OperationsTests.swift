import Foundation
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// Breaks when somebody gets in who may not, or the other way round.
struct GateTests {
  @Test(
    arguments: [
      (nil, nil, true), ("k", nil, false), ("k", "Bearer k", true), ("k", "bearer k", true),
      ("k", "Bearer kk", false),
      ("k", "Bearer ", false), ("k", "k", false), (nil, "Bearer x", true),
    ] as [(String?, String?, Bool)]) func keys(_ key: String?, _ given: String?, _ isAllowed: Bool)
  {
    let gate = Gate(apiKey: key, origins: [])
    let visitor = Gate.Visitor(path: "/v1/models", authorization: given)
    #expect(isAllowed == ((try? gate.check(visitor)) != nil))
  }

  @Test(
    arguments: [
      (nil, "k", true), (nil, "kk", false), ("Bearer x", "k", true), ("Bearer k", "x", true),
      ("Bearer x", "x", false), ("k", "", false),
    ] as [(String?, String?, Bool)]) func keysInEitherHeader(
      _ authorization: String?, _ apiKey: String?, _ isAllowed: Bool
    )
  {
    let visitor = Gate.Visitor(path: "/v1/messages", authorization: authorization, apiKey: apiKey)
    #expect(isAllowed == ((try? Gate(apiKey: "k", origins: []).check(visitor)) != nil))
  }

  @Test func healthNeedsNoKey() throws {
    try Gate(apiKey: "k", origins: []).check(Gate.Visitor(path: "/health"))
  }

  /// Breaks when the chat page cannot be opened to ask for the key, or when more than it needs none.
  @Test func openPathsNeedNoKey() throws {
    var gate = Gate(apiKey: "k", origins: [])
    gate.openPaths.insert("/")
    try gate.check(Gate.Visitor(path: "/"))
    for path in ["/v1/models", "/page/", "//", "/v1/../"] {
      #expect(throws: ServerError.unauthorized) { try gate.check(Gate.Visitor(path: path)) }
    }
    #expect(throws: ServerError.foreignOrigin("https://a.example")) {
      try gate.check(Gate.Visitor(path: "/", origin: "https://a.example"))
    }
  }

  /// Breaks when a trace cannot be opened, or when one can be made without the key.
  @Test func onlyWhatLiesInAnOpenFolderNeedsNoKey() throws {
    var gate = Gate(apiKey: "k", origins: [])
    gate.openFolders.insert("/api/v1/trace")
    try gate.check(Gate.Visitor(path: "/api/v1/trace/trace_1"))
    for path in [
      "/api/v1/trace", "/api/v1/trace/", "/api/v1/trace//", "//api/v1/trace/", "/api/v1//trace/",
      "/api/v1/trace/a/", "/api/v1/trace/a/b", "/api/v1/trace/../models", "/api/v1/models", "trace", "",
    ] {
      #expect(throws: ServerError.unauthorized, "\(path)") { try gate.check(Gate.Visitor(path: path)) }
    }
    #expect(throws: ServerError.foreignOrigin("https://a.example")) {
      try gate.check(Gate.Visitor(path: "/api/v1/trace/trace_1", origin: "https://a.example"))
    }
  }

  @Test func originsHaveToBeAllowed() throws {
    let page = Gate.Visitor(path: "/v1/models", origin: "https://a.example")
    #expect(throws: ServerError.foreignOrigin("https://a.example")) {
      try Gate(apiKey: nil, origins: []).check(page)
    }
    try Gate(apiKey: nil, origins: ["https://a.example"]).check(page)
    try Gate(apiKey: nil, origins: ["*"]).check(page)
    #expect(Gate(apiKey: nil, origins: ["https://a.example"]).allowance(for: page) == "https://a.example")
    #expect(Gate(apiKey: nil, origins: ["https://b.example"]).allowance(for: page) == nil)
    #expect(Gate(apiKey: nil, origins: ["*"]).allowance(for: page) == "*")
    #expect(Gate(apiKey: nil, origins: ["*"]).allowance(for: Gate.Visitor(path: "/v1/models")) == nil)
  }

  /// Breaks when the chat page of this server is kept out, or somebody else's page passes for it.
  @Test(
    arguments: [
      ("http://localhost:1234", "localhost:1234", true), ("http://127.0.0.1:1234", "localhost:1234", true),
      ("http://localhost:1235", "localhost:1234", false), ("http://localhost", "localhost:1234", false),
      ("http://10.0.0.1:80", "10.0.0.1", true), ("https://chat.example", "chat.example", true),
      ("https://chat.example:443", "chat.example", true), ("http://chat.example", "chat.example:443", false),
      ("https://evil.example", "chat.example", false), ("null", "localhost", false),
      ("http://localhost.evil.example:1234", "localhost:1234", false), ("http://localhost:1234", nil, false),
      ("file://localhost:1234", "localhost:1234", false), ("http://localhost:1234/", "localhost:1234", false),
    ] as [(String, String?, Bool)])
  func ownOrigins(_ origin: String, _ host: String?, _ isOwn: Bool) {
    let gate = Gate(apiKey: nil, origins: [])
    let visitor = Gate.Visitor(path: "/v1/models", origin: origin, host: host)
    #expect((gate.allowance(for: visitor) == origin) == isOwn)
    #expect(((try? gate.check(visitor)) != nil) == isOwn)
  }
}

/// Breaks when a web page of somebody else can load, unload or download models.
struct ModelChangesGateTests {
  @Test(arguments: [
    "/api/v1/models/load", "/api/v1/models/unload", "/api/v1/models/download", "/api/v1/models/load/",
    "//api/v1//models/unload", "/api/v1/models/download/status/job",
  ])
  func foreignPagesChangeNothing(_ path: String) throws {
    for origins in [[], ["*"], ["https://example.org"]] {
      let gate = Gate(apiKey: nil, origins: origins)
      let foreign = Gate.Visitor(path: path, origin: "https://example.org", host: "localhost:1234")
      #expect(throws: ServerError.foreignOrigin("https://example.org")) { try gate.check(foreign) }
      #expect(gate.allowance(for: foreign) == nil, "a preflight request is not granted what is refused")
      let own = Gate.Visitor(path: path, origin: "http://localhost:1234", host: "localhost:1234")
      try gate.check(own)
      #expect(gate.allowance(for: own) == (origins == ["*"] ? "*" : "http://localhost:1234"))
      try gate.check(Gate.Visitor(path: path, host: "localhost:1234"))
    }
    #expect(throws: ServerError.unauthorized) {
      try Gate(apiKey: "key", origins: []).check(Gate.Visitor(path: path, host: "localhost:1234"))
    }
  }
}

/// Breaks when dashboards that know the names of metrics lose them.
struct MetricsTests {
  /// Breaks when names that clients choose fill the memory, or break the page.
  @Test func modelsAreCountedEach() {
    let metrics = Metrics()
    for number in 0..<100 { metrics.note(.scripted(tokens: 4), model: "m\(number)") }
    metrics.note(.scripted(tokens: 5), model: "m0")
    let lines = metrics.text(running: 0, waiting: 0, residentBytes: nil).split(separator: "\n")
    #expect(lines.contains(#"gptoss_model_generated_tokens_total{model="m0"} 9"#))
    #expect(lines.contains(#"gptoss_model_generations_total{model="other"} 36"#))
    let quoted = Metrics()
    quoted.note(.scripted(tokens: 4), model: #"a"\b"#)
    #expect(
      quoted.text(running: 0, waiting: 0, residentBytes: nil)
        .contains(#"gptoss_model_generations_total{model="a\"\\b"} 1"#))
  }

  @Test func prometheusReadsThePage() {
    let metrics = Metrics()
    metrics.note(endpoint: "/v1/models", status: 200, seconds: 0.2)
    metrics.note(endpoint: "/v1/models", status: 499, seconds: 2)
    metrics.note(.scripted(tokens: 4), model: "m")
    let lines = Set(
      metrics.text(running: 1, waiting: 2, residentBytes: 3).split(separator: "\n").map(String.init))
    #expect(
      lines.isSuperset(of: [
        "# TYPE gptoss_requests_total counter",
        #"gptoss_requests_total{endpoint="/v1/models",status="200"} 1"#,
        #"gptoss_requests_total{endpoint="/v1/models",status="499"} 1"#, "gptoss_requests_cancelled_total 1",
        "gptoss_generations_running 1", "gptoss_generations_waiting 2", "gptoss_prompt_tokens_total 20",
        "gptoss_cached_tokens_total 5", "gptoss_generated_tokens_total 4",
        #"gptoss_request_duration_seconds_bucket{le="0.25"} 1"#,
        #"gptoss_request_duration_seconds_bucket{le="+Inf"} 2"#, "gptoss_request_duration_seconds_count 2",
        "process_resident_memory_bytes 3",
      ]))
  }
}

/// Breaks when the log has what it must not have, or other names.
struct RequestLogTests {
  @Test func toolsThatWereLeftOutAreNamed() {
    let exchange = Exchange(client: "here")
    exchange.note {
      $0.model = "m"
      $0.unsupportedTools = ["web_search"]
    }
    #expect(RequestLog.line(exchange.record, time: Date())["unsupported_tools"] == ["web_search"])
  }

  /// Whoever reads the log on a terminal is not driven by what a client sent; whoever parses it gets just that.
  @Test func aLineIsInertAndExact() throws {
    let hostile = "/v1/\u{1B}[2J\u{7F}\u{9B}\u{202E}\u{E0041}👨‍👩‍👧"
    let exchange = Exchange(client: "here")
    exchange.note {
      $0.path = hostile
      $0.model = hostile
      $0.contents = (hostile, hostile)
    }
    let line = RequestLog.text(exchange.record, time: Date())
    #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
    #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .format && $0 != "\u{200D}" })
    let read = try JSONValue(parsing: line)
    #expect(read["path"]?.stringValue == hostile && read["answer"]?.stringValue == hostile)
  }

  @Test func contentsAreLoggedOnDemandAlone() {
    let exchange = Exchange(client: "here")
    exchange.note {
      $0.status = 200
      $0.seconds = 0.25
      $0.model = "m"
      $0.contents?.answer += "secret"
    }
    let line = RequestLog.line(exchange.record, time: Date(timeIntervalSince1970: 0))
    #expect(line["milliseconds"] == 250 && line["status"] == 200 && line["model"] == "m")
    #expect(!line.text.contains("secret"))
    exchange.note { $0.contents = ("secret", "") }
    #expect(RequestLog.line(exchange.record, time: Date())["request"] == "secret")
  }
}

/// Breaks when a client that has gone is computed for, or one that has its answer counts as gone.
struct ExchangeTests {
  /// Breaks when a client that goes away while its request is being read leaves a generation behind.
  @Test func whoeverWentBeforeTheWorkBeganCancelsIt() async {
    let exchange = Exchange(client: "here")
    exchange.cancel()
    await confirmation { cancelled in exchange.onCancel { cancelled() } }
  }

  /// Breaks when clients that close their connection as soon as they have their answer count as gone.
  @Test func whoeverGoesAfterTheEndCancelsNothing() {
    let exchange = Exchange(client: "here")
    exchange.expect(2)
    exchange.note(.scripted())
    exchange.note(.scripted())
    exchange.onCancel { Issue.record("there is nothing to cancel") }
    exchange.cancel()
    #expect(!exchange.isCancelled)
  }
}

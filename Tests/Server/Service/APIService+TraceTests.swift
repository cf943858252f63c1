import GPTOSS
import GPTOSSFixtures
import GPTOSSJSON
import GPTOSSServer
import Testing

/// Traces of answers of the small model, made by the service.
///
/// Breaks when a trace is of another answer than the one that was given, when what cannot be traced is no
/// error in words, or when a slot is not given back.
struct APIServiceTraceTests {
  private static let asked = #""model": "small", "input": "What is MXFP4?", "store": false"#

  @Test func aTraceIsOfTheAnswerThatWasGiven() async throws {
    let service = try await service()
    let response = try await respond(service, #", "include": ["trace"], "temperature": 0.9"#)
    let given = try #require(response["trace"])
    let tokens = given["tokens"]?.arrayValue?.compactMap(\.intValue) ?? []
    #expect(tokens.count == response["usage"]?["output_tokens"]?.intValue)
    let (made, page, traced) = try await trace(
      service, #"{\#(Self.asked), "temperature": 0.9, "trace": \#(given.text)}"#)
    #expect(made["object"] == "trace" && made["tokens"]?.intValue == traced.count)
    #expect(made["expires_in"] == 600)
    let answer = traced.suffix(tokens.count)
    #expect(answer.compactMap { $0["id"]?.intValue } == tokens)
    #expect(answer.allSatisfy { $0["generated"] == true && $0["sampling"] != nil }, "drawn as it was drawn")
    #expect(traced.dropLast(tokens.count).allSatisfy { $0["generated"] == false && $0["sampling"] == nil })
    #expect(
      traced.count == (response["usage"]?["total_tokens"]?.intValue ?? 0), "and the prompt is that prompt")
    #expect(page.policy.contains("sandbox allow-scripts") && page.html.contains("script-src 'nonce-"))
    #expect(service.admission.counts == (0, 0))
  }

  /// Whoever asks on another day gets the trace of the prompt that was read.
  @Test func theDayIsThatOfTheAnswer() async throws {
    let service = try await service()
    let (_, _, traced) = try await trace(
      service, #"{\#(Self.asked), "trace": {"tokens": [1], "seed": "1", "date": "1999-12-31"}}"#)
    let system = traced.filter { $0["channel"] == "system" }.compactMap { $0["text"]?.stringValue }.joined()
    #expect(system.contains("Current date: 1999-12-31"), "\(system)")
  }

  @Test func anAnswerOfWhichOnlyTheItemsAreLeftIsTraced() async throws {
    let service = try await service()
    let response = try await respond(service, #", "temperature": 0"#)
    #expect(response["trace"] == nil, "nothing that was not asked for")
    let items = response["output"]?.arrayValue ?? []
    let user: JSONValue = ["role": "user", "content": "What is MXFP4?"]
    let request: JSONValue = ["model": "small", "input": .array([user] + items)]
    let (_, _, traced) = try await trace(service, request.text)
    func text(_ channel: String) -> String {
      traced.filter { $0["channel"]?.stringValue == channel && $0["generated"] == true }
        .compactMap { $0["text"]?.stringValue }.joined()
    }
    let texts = items.compactMap { $0["content"]?.arrayValue?.first?["text"]?.stringValue }
    #expect(texts.count == 2 && [text("analysis"), text("final")] == texts)
    #expect(traced.count == (response["usage"]?["total_tokens"]?.intValue ?? 0))
  }

  /// Bodies, but for the braces, and the field at fault.
  private static let refused: [(fields: String, parameter: String)] = {
    func given(_ tokens: String, seed: String = "\"1\"", date: String = "2026-01-01") -> String {
      asked + ", \"trace\": {\"tokens\": [\(tokens)], \"seed\": \(seed), \"date\": \"\(date)\"}"
    }
    return [
      (asked, "input"), (#""model": "gpt-17", "input": "x""#, "model"), (#""model": "small""#, "input"),
      (asked + #", "trace": 1"#, "trace"), (asked + #", "trace": {}"#, "trace.tokens"),
      (given(""), "trace.tokens"), (given("-1"), "trace.tokens[0]"), (given("1, 900000"), "trace.tokens[1]"),
      (given("1", seed: "1"), "trace.seed"), (given("1", seed: "\"-1\""), "trace.seed"),
      (given("1", date: "<|end|>"), "trace.date"),
      (given(Array(repeating: "1", count: 2048).joined(separator: ",")), "input"),
    ]
  }()

  /// Breaks when hostile fields stop the server, or an error does not say where it is.
  @Test(arguments: refused.indices) func whatCannotBeTracedIsRefused(_ index: Int) async throws {
    let (fields, parameter) = Self.refused[index]
    let service = try await service()
    do {
      _ = try await service.trace(Array("{\(fields)}".utf8), Exchange(client: "a"))
      Issue.record("\(fields.prefix(200)) was taken")
    } catch {
      let error = ServerError(error)
      #expect(error.parameter == parameter && (400...404).contains(error.status), "\(error)")
    }
    #expect(service.admission.counts == (0, 0))
  }

  /// What runs elsewhere is said to have no inside, and an id that nobody has made is none.
  @Test func whatIsNotHereHasNoTrace() async throws {
    let service = APIService(
      models: OneModel(
        ScriptedModel(script: [], error: nil, tokenizer: try .bytes),
        names: ModelNames(path: "x.gguf", name: "x", layerCount: 2, id: "small")),
      admission: Admission(parallel: 1, queueLimit: 0), store: ResponseStore(), metrics: Metrics())
    let error = await #expect(throws: ServerError.self) {
      try await service.trace(Array("{\(Self.asked)}".utf8), Exchange(client: "a"))
    }
    #expect(error?.code == "unsupported_value" && error?.parameter == "model")
    #expect(throws: ServerError.unknownTrace("trace_1")) { try service.tracePage("trace_1") }
    #expect(ServerError.unknownTrace("trace_1").status == 404)
  }

  /// A trace waits as an answer does, and nothing is made for a client that has gone.
  @Test func aTraceNeedsAPlace() async throws {
    let service = try await service(queueLimit: 0)
    let body = Array(
      #"{\#(Self.asked), "trace": {"tokens": [1], "seed": "1", "date": "2026-01-01"}}"#.utf8)
    let place = try service.admission.enter(client: "b")
    let error = await #expect(throws: ServerError.self) {
      try await service.trace(body, Exchange(client: "a"))
    }
    #expect(error?.status == 429)
    place.forEach { $0.leave() }
    let exchange = Exchange(client: "a")
    exchange.cancel()
    await #expect(throws: CancellationError.self) { try await service.trace(body, exchange) }
    #expect(service.admission.counts == (0, 0))
    _ = try await trace(service, String(decoding: body, as: UTF8.self))
  }

  // MARK: - Helpers

  private func service(queueLimit: Int = 2) async throws -> APIService {
    APIService(
      models: OneModel(
        try await LanguageModel.load(contentsOf: SmallModel.url),
        names: ModelNames(path: "x.gguf", name: "x", layerCount: 6, id: "small")),
      admission: Admission(parallel: 1, queueLimit: queueLimit), store: ResponseStore(), metrics: Metrics())
  }

  private func respond(_ service: APIService, _ more: String) async throws -> JSONValue {
    let body = Array("{\(Self.asked)\(more)}".utf8)
    guard case .json(let json) = try await service.respond(body, Exchange(client: "a")) else {
      Issue.record("a stream that was not asked for")
      return .null
    }
    return json
  }

  /// What the client is told, the page, and the tokens in it.
  private func trace(
    _ service: APIService, _ body: String
  ) async throws -> (made: JSONValue, page: TracePage, tokens: [JSONValue]) {
    guard case .json(let made) = try await service.trace(Array(body.utf8), Exchange(client: "a")) else {
      Issue.record("a stream that was not asked for")
      throw CancellationError()
    }
    let page = try service.tracePage(try #require(made["id"]?.stringValue))
    let data = try #require(page.html.firstMatch(of: /(?s)id="trace">(.*?)<\/script>/)).1
    return (made, page, try JSONValue(parsing: String(data))["tokens"]?.arrayValue ?? [])
  }
}

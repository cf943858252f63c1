import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSModel
import GPTOSSPlatform
import GPTOSSServer
import GPTOSSTokenizer
import Synchronization
import Testing

/// Requests through the whole service, over a model that answers from a script.
///
/// Breaks when a reply has another shape, an error comes as a reply, or a slot is not given back.
struct APIServiceTests {
  @Test func aChatCompletion() async throws {
    let service = try service([.reasoning("Hm."), .text("Yes."), .end()])
    let exchange = Exchange(client: "a")
    guard case .json(let json) = try await service.chat(body(), exchange) else {
      Issue.record("a stream that was not asked for")
      return
    }
    #expect(json["object"] == "chat.completion" && json["model"] == "gpt-oss-20b")
    #expect(json["choices"]?.arrayValue?[0]["message"]?["content"] == "Yes.")
    #expect(json["usage"]?["prompt_tokens_details"] == ["cached_tokens": 5])
    #expect(exchange.record.generatedTokens == 9)
    #expect(service.admission.counts == (0, 0))
  }

  @Test func aChatStream() async throws {
    let service = try service([.text("Yes."), .end()])
    let request = body(#", "stream": true, "n": 2, "stream_options": {"include_usage": true}"#)
    let events = try await events(of: service.chat(request, Exchange(client: "a")))
    #expect(events.last == "data: [DONE]\n\n")
    let chunks = try events.dropLast().map { try JSONValue(parsing: String($0.dropFirst("data: ".count))) }
    let indices = chunks.dropLast().map { $0["choices"]?.arrayValue?[0]["index"]?.intValue }
    #expect(indices.filter { $0 == 0 }.count == 3 && indices.filter { $0 == 1 }.count == 3)
    #expect(chunks.last?["usage"]?["completion_tokens"] == 18, "the usage of both choices")
  }

  /// Breaks when a tool that cannot be run refuses what can, or when nobody is told that it was left out.
  @Test func toolsThatCannotBeRunAreLeftOut() async throws {
    let service = try service([.text("Yes."), .end()])
    let tools = #", "tools": [{"type": "web_search"}, {"type": "function", "function": {"name": "f"}}]"#
    let exchange = Exchange(client: "a")
    let note: JSONValue = [["type": "web_search", "param": "tools[0]"]]
    guard case .json(let json) = try await service.chat(body(tools), exchange) else {
      Issue.record("a stream that was not asked for")
      return
    }
    #expect(json["unsupported_tools"] == note && exchange.record.unsupportedTools == ["web_search"])
    let events = try await events(
      of: service.chat(body(tools + #", "stream": true"#), Exchange(client: "a")))
    let chunks = try events.dropLast().map { try JSONValue(parsing: String($0.dropFirst("data: ".count))) }
    #expect(chunks.map { $0["unsupported_tools"] } == [note] + Array(repeating: nil, count: chunks.count - 1))
    let conversation = (service.models as? OneModel).flatMap { $0.model as? ScriptedModel }?.lastConversation
    #expect(
      conversation?.messages[1].content == [
        .developer(
          DeveloperContent(functions: [
            ToolDescription(name: "f", description: "")
          ]))
      ])
  }

  @Test func responsesFollowEachOther() async throws {
    let service = try service([.reasoning("Hm."), .text("Yes."), .end()])
    let first = #"{"model": "gpt-oss-20b", "input": "Rain?"}"#
    guard case .json(let json) = try await service.respond(Array(first.utf8), Exchange(client: "a")) else {
      Issue.record("a stream that was not asked for")
      return
    }
    let id = try #require(json["id"]?.stringValue)
    #expect(try service.storedResponse(id) == json)
    let next = #"{"model": "gpt-oss-20b", "input": "Why?", "previous_response_id": "\#(id)"}"#
    _ = try await service.respond(Array(next.utf8), Exchange(client: "a"))
    let conversation = (service.models as? OneModel).flatMap { $0.model as? ScriptedModel }?.lastConversation
    #expect(
      conversation?.messages.dropFirst() == [
        Message(.user, "Rain?"), Message(.assistant, "Yes.", channel: .final), Message(.user, "Why?"),
      ], "without the reasoning of an earlier turn")
    #expect(try service.deleteResponse(id)["deleted"] == true)
    #expect(throws: ServerError.unknownResponse(id, parameter: nil)) { try service.storedResponse(id) }
  }

  /// Breaks when a wish is dropped in silence, or a field of the wrong type is repeated in the answer.
  @Test(
    arguments: [
      (#""prompt": {"id": "pmpt_1"}"#, "prompt", "unsupported_value"),
      (#""response_format": {"type": "json_object"}"#, "response_format", "unsupported_value"),
      (#""max_tool_calls": 0"#, "max_tool_calls", "invalid_value"),
      (#""max_tool_calls": "2""#, "max_tool_calls", "invalid_type"),
      (#""truncation": "middle""#, "truncation", "invalid_value"),
      (#""truncation": 1"#, "truncation", "invalid_type"), (#""user": 7"#, "user", "invalid_type"),
      (#""metadata": "a""#, "metadata", "invalid_type"),
      (#""metadata": {"a": {"b": 1}}"#, "metadata.a", "invalid_type"),
      (
        "\"metadata\": {\((0...16).map { "\"k\($0)\": \"\"" }.joined(separator: ", "))}", "metadata",
        "invalid_value"
      ),
    ])
  func responsesRefuse(_ field: String, _ parameter: String, _ code: String) async throws {
    let service = try service([.text("Yes."), .end()])
    let request = Array(#"{"model": "gpt-oss-20b", "input": "Rain?", \#(field)}"#.utf8)
    do {
      _ = try await service.respond(request, Exchange(client: "a"))
      Issue.record("\(field) was taken")
    } catch {
      let error = ServerError(error)
      #expect(error.parameter == parameter && error.code == code && error.status == 400, "\(error)")
    }
  }

  @Test func responsesRepeatWhatTheyTake() async throws {
    let service = try service([.text("Yes."), .end()])
    let request =
      #"{"model": "gpt-oss-20b", "input": "Rain?", "metadata": {"a": "b"}, "user": "me", "max_tool_calls": 3, "#
      + #""truncation": "auto", "prompt": null}"#
    guard case .json(let json) = try await service.respond(Array(request.utf8), Exchange(client: "a")) else {
      Issue.record("a stream that was not asked for")
      return
    }
    #expect(json["metadata"] == ["a": "b"] && json["user"] == "me" && json["max_tool_calls"] == 3)
    #expect(json["truncation"] == "disabled", "nothing is left out, whatever was asked for")
  }

  @Test func aMessage() async throws {
    let service = try service([.prompt(read: 5, total: 20), .reasoning("Hm."), .text("Yes."), .end()])
    let reply = try await service.message(body(#", "max_tokens": 9"#), Exchange(client: "a"))
    guard case .json(let json) = reply else {
      Issue.record("a stream that was not asked for")
      return
    }
    #expect(json["type"] == "message" && json["model"] == "gpt-oss-20b")
    #expect(json["content"] == [["type": "text", "text": "Yes."]])
    #expect(json["usage"]?["input_tokens"] == 15 && json["usage"]?["cache_read_input_tokens"] == 5)
    #expect(service.admission.counts == (0, 0))
  }

  /// Anthropic's clients skip events without a name.
  @Test func aStreamedMessageHasNamedEvents() async throws {
    let service = try service([.prompt(read: 5, total: 20), .text("Yes."), .end()])
    let request = body(#", "max_tokens": 9, "stream": true"#)
    let events = try await events(of: service.message(request, Exchange(client: "a")))
      .filter { !$0.hasPrefix(":") }
    let names = events.map { $0.prefix { $0 != "\n" } }
    #expect(
      names == [
        "event: message_start", "event: content_block_start", "event: content_block_delta",
        "event: content_block_stop", "event: message_delta", "event: message_stop",
      ])
  }

  @Test func errorsWithinAStreamedMessageAreEvents() async throws {
    let service = try service([.text("Y")], error: .unloaded)
    let request = body(#", "max_tokens": 9, "stream": true"#)
    let events = try await events(of: service.message(request, Exchange(client: "a")))
    #expect(events.last?.hasPrefix("event: error\ndata: {\"type\":\"error\",\"error\":{") == true)
  }

  @Test func tokensAreCounted() async throws {
    let service = try service([])
    let exchange = Exchange(client: "a")
    guard case .json(let json) = try await service.countTokens(body(), exchange) else {
      Issue.record("a stream that was not asked for")
      return
    }
    #expect(json == ["input_tokens": 2], "the messages of the conversation, as the scripted model counts")
    #expect(exchange.record.model == "gpt-oss-20b")
    await #expect(throws: ServerError.unknownModel("gpt-17")) {
      try await service.countTokens(
        Array(#"{"model": "gpt-17", "messages": [{"role": "user", "content": "x"}]}"#.utf8), exchange)
    }
  }

  @Test func errorsOfTheEngineComeBeforeAStream() async throws {
    let service = try service([], error: .model(.contextFull(needed: 9, limit: 8)))
    await #expect(throws: ServerError.contextExceeded(needed: 9, limit: 8)) {
      try await service.chat(body(#", "stream": true"#), Exchange(client: "a"))
    }
    #expect(service.admission.counts == (0, 0))
  }

  @Test func errorsWithinAStreamAreEvents() async throws {
    let service = try service([.text("Y")], error: .unloaded)
    let events = try await events(of: service.chat(body(#", "stream": true"#), Exchange(client: "a")))
    #expect(events.last?.hasPrefix(#"data: {"error":{"message":"#) == true)
  }

  /// Breaks when a few kilobytes may ask for millions of answers.
  @Test func promptsTimesChoicesAreLimited() async throws {
    let service = try service([])
    for (count, choices) in [(20_000, 128), (129, 1), (2, 65)] {
      let prompts = Array(repeating: #""a""#, count: count).joined(separator: ",")
      let body = #"{"model": "gpt-oss-20b", "prompt": [\#(prompts)], "n": \#(choices)}"#
      let error = await #expect(throws: ServerError.self) {
        try await service.completion(Array(body.utf8), Exchange(client: "a"))
      }
      #expect(error?.parameter == "prompt" && error?.status == 400)
    }
    #expect(service.admission.counts == (0, 0))
  }

  @Test func otherModelsAreUnknown() async throws {
    let service = try service([.end()])
    await #expect(throws: ServerError.unknownModel("gpt-17")) {
      try await service.chat(
        Array(#"{"model": "gpt-17", "messages": [{"role": "user", "content": "x"}]}"#.utf8),
        Exchange(client: "a"))
    }
  }

  /// Breaks when a front says that the model is at fault where an option is.
  @Test func theFieldOfAnEnginesOptionIsNamed() async throws {
    for (parameter, expected) in [("temperature", "temperature"), (nil, "model")] as [(String?, String)] {
      let service = try service([], error: .engine(OptionFailure(parameter: parameter)))
      let error = await #expect(throws: ServerError.self) {
        try await service.chat(body(), Exchange(client: "a"))
      }
      #expect(error?.parameter == expected && error?.status == 400)
    }
  }

  /// Breaks when the refusal names a field that the request does not have.
  @Test func theModelThatStaysIsNotUnloaded() async throws {
    let service = try service([.end()])
    for (body, parameter) in [(#"{"instance_id": "x"}"#, "instance_id"), (#"{"all": true}"#, "all")] {
      let error = await #expect(throws: ServerError.self) { try await service.unloadModel(Array(body.utf8)) }
      #expect(error?.parameter == parameter && error?.code == "unsupported_value")
    }
  }

  private func body(_ more: String = "") -> [UInt8] {
    Array(#"{"model": "gpt-oss-20b", "messages": [{"role": "user", "content": "x"}]\#(more)}"#.utf8)
  }

  private func events(of reply: Reply) async throws -> [String] {
    guard case .events(let write) = reply else {
      Issue.record("no stream")
      return []
    }
    let sent = Locked<[String]>([])
    try await write { event in sent.withLock { $0.append(event.text) } }
    return sent.withLock { $0 }
  }

  private func service(_ script: [ResponseEvent], error: GPTOSSError? = nil) throws -> APIService {
    APIService(
      models: OneModel(
        ScriptedModel(script: script, error: error, tokenizer: try .bytes),
        names: ModelNames(path: "x.gguf", name: "x", layerCount: 2)),
      admission: Admission(parallel: 2, queueLimit: 2), store: ResponseStore(), metrics: Metrics())
  }
}

/// An option that an engine elsewhere does not have.
private struct OptionFailure: EngineFailure {
  let isOfRequest = true
  let parameter: String?
  let description = "it cannot be had"
}

/// A model that says what it is told to.
final class ScriptedModel: TokenModel {
  let tokenizer: Tokenizer
  private let script: [ResponseEvent]
  private let error: GPTOSSError?
  /// Whether it goes on after the script until it is stopped.
  private let isEndless: Bool
  private let conversation = Mutex<Conversation?>(nil)
  private let options = Mutex<GenerationOptions?>(nil)
  private let cancelled = Mutex(false)

  init(script: [ResponseEvent], error: GPTOSSError?, tokenizer: Tokenizer, isEndless: Bool = false) {
    self.script = script
    self.isEndless = isEndless
    self.error = error
    self.tokenizer = tokenizer
  }

  var lastConversation: Conversation? { conversation.withLock { $0 } }
  var lastOptions: GenerationOptions? { options.withLock { $0 } }
  var wasCancelled: Bool { cancelled.withLock { $0 } }

  let profile = ModelProfile(name: "x", fingerprint: "x", contextLength: 1000)

  func measure(_ entries: inout [Transcript.Entry]) {
    for index in entries.indices { entries[index].tokenCount = 1 }
  }

  func write(_ request: ModelRequest, to channel: ModelChannel) async throws {
    conversation.withLock { $0 = Conversation(request.entries.map(\.message)) }
    options.withLock { $0 = request.options.generation }
    for event in script {
      guard case .finished(let response) = event else {
        channel.send(event)
        continue
      }
      response.messages.forEach(channel.add)
      channel.finish(response.statistics)
    }
    if let error { throw error }
    guard isEndless else { return }
    do { try await Task.sleep(for: .seconds(60)) } catch {
      cancelled.withLock { $0 = true }
      throw error
    }
  }

  func generate(
    from prompt: [TokenID], options: GenerationOptions
  ) -> EventStream<GenerationEvent> {
    EventStream { _ in throw CancellationError() }
  }

  func generate(
    from prompt: [TokenID], answering request: ModelRequest
  ) -> EventStream<GenerationEvent> {
    EventStream { _ in throw CancellationError() }
  }
}

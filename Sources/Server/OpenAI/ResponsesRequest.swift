import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON

/// The body of `POST /v1/responses`.
struct ResponsesRequest {
  var answer: AnswerParameters
  /// The conversation as items of the API, earlier responses included, without references.
  var history: [JSONValue]
  /// Whether the response has what a trace of it needs (``GivenAnswer``).
  private let isTraced: Bool
  /// Whether the response is kept for `previous_response_id`.
  var isStored: Bool
  /// What the response repeats of the request.
  var echo: JSONValue
  /// The MCP servers that it names.
  private let servers: ServerRounds?

  /// - Parameters:
  ///   - store: where earlier responses are.
  ///   - offers: the tools of the MCP servers that the request names.
  /// - Throws: `ServerError` or `JSONError` with the path of the parameter at fault.
  init(_ request: JSONField, store: ResponseStore, offers: [ServerOffer] = []) throws {
    try Self.refuseUnsupported(request)
    let earlier = try Self.earlierItems(request, store).map { JSONField($0, path: "input") }
    let new = try Self.inputItems(request.required("input"))
    let conversation = try ConversationItem.resolved(earlier + new, store)
    history = conversation.map(\.value)
    let format = try request.optional("text")?.optional("format")
    answer = try AnswerParameters(
      parameters: request, items: [], layout: .responses, format: format,
      loadedTools: Self.loadedTools(history), offers: offers)
    let calls = try ServerCalls(conversation, answer.tools.declared.serverTools)
    if let instructions = try request.text("instructions"), !instructions.isEmpty {
      answer.items.append(.instructions(instructions))
    }
    answer.items += try conversation.flatMap {
      try calls.items(of: $0) ?? ConversationItem.items(ofInput: $0)
    }
    servers = try ServerRounds(request, offers, calls.approved, history)
    answer.generation.options.maximumTokens = try request.tokenLimit("max_output_tokens")
    let included = Set(try request.optional("include")?.elements().map { try $0.string() } ?? [])
    answer.generation.options.logProbabilities = try Self.logProbabilities(request, included)
    isTraced = included.contains("trace")
    isStored = try request.flag("store") ?? true
    echo = Self.echo(of: request.value, isStored: isStored, answer)
  }

  /// Refuses what cannot be done here, and what is repeated in the answer if it has the wrong type.
  private static func refuseUnsupported(_ request: JSONField) throws {
    for name in ["background", "conversation"] {
      if let field = try request.optional(name), field.value != .bool(false) {
        throw ServerError.unsupported(
          parameter: name, what: "this server answers at once and keeps no conversations")
      }
    }
    for (name, what) in [
      ("prompt", "this server keeps no prompts; give its text in 'instructions' and 'input'"),
      ("response_format", "in this API the answer's format is 'text.format'"),
    ] where try request.optional(name) != nil {
      throw ServerError.unsupported(parameter: name, what: what)
    }
    _ = try request.choice("truncation", Truncation.self)
    try request.checkLabels()
  }

  /// What happens to a conversation that is too long. `auto` lets a server leave out some of it, which this
  /// one does not: the answer says `disabled`.
  private enum Truncation: String, CaseIterable {
    case auto, disabled
  }

  /// The tools that items of the conversation declare, as those of a search for tools do.
  private static func loadedTools(_ history: [JSONValue]) -> [JSONField] {
    history.enumerated().flatMap { index, item -> [JSONField] in
      guard ["additional_tools", "tool_search_output"].contains(item["type"]?.stringValue) else { return [] }
      return (item["tools"]?.arrayValue ?? []).enumerated().map {
        JSONField($1, path: "input[\(index)].tools[\($0)]")
      }
    }
  }

  /// The items of `input`: a text is a message of the user.
  private static func inputItems(_ input: JSONField) throws -> [JSONField] {
    if let text = input.value.stringValue {
      let content: JSONValue = [["type": "input_text", "text": .string(text)]]
      return [JSONField(["type": "message", "role": "user", "content": content], path: input.path)]
    }
    guard input.value.arrayValue != nil else { throw input.wrongType("string or array") }
    return try input.elements()
  }

  private static func earlierItems(_ request: JSONField, _ store: ResponseStore) throws -> [JSONValue] {
    guard let field = try request.optional("previous_response_id") else { return [] }
    let id = try field.string()
    guard let entry = store.entry(id) else { throw ServerError.unknownResponse(id, parameter: field.path) }
    return entry.conversation
  }

  /// How many alternatives each token has; nil if neither `top_logprobs` nor `include` asks for
  /// log-probabilities.
  private static func logProbabilities(_ request: JSONField, _ included: Set<String>) throws -> Int? {
    let alternatives = try request.integer("top_logprobs", in: 0...20)
    if included.contains("message.output_text.logprobs") { return alternatives ?? 0 }
    return alternatives == 0 ? nil : alternatives
  }

  /// The parameters as the response repeats them, with defaults for those that were left out. Defaults of
  /// sampling are null, because they depend on the model's file.
  private static func echo(
    of request: JSONValue, isStored: Bool, _ answer: AnswerParameters
  ) -> JSONValue {
    func given(_ key: String, or fallback: JSONValue = .null) -> JSONValue {
      request[key].flatMap { $0 == .null ? nil : $0 } ?? fallback
    }
    return [
      "instructions": given("instructions"),
      "max_output_tokens": answer.generation.options.maximumTokens.map(JSONValue.integer) ?? .null,
      "max_tool_calls": given("max_tool_calls"),
      "metadata": given("metadata", or: .object(JSONObject())),
      "parallel_tool_calls": given("parallel_tool_calls", or: true),
      "previous_response_id": given("previous_response_id"),
      "reasoning": ["effort": .string(answer.effort.rawValue), "summary": .null],
      "store": .bool(isStored), "temperature": given("temperature"),
      "text": given("text", or: ["format": ["type": "text"]]),
      "tool_choice": given("tool_choice", or: "auto"), "tools": given("tools", or: .array([])).withoutSecrets,
      "top_p": given("top_p"), "truncation": "disabled",
      "user": given("user"),
    ]
  }
}

extension ResponsesRequest: AnswerableRequest {
  var generation: GenerationParameters { answer.generation }
  var tools: DeclaredTools { answer.tools.declared }

  func plan(_ model: any TokenModel, _ service: APIService) throws -> AnswerPlan<ResponseDraft> {
    // Results of calls that were carried out before stand in no request.
    let isTraced = isTraced && servers?.approved.isEmpty != false
    var plan = try answer.plan(model, limitPath: "max_output_tokens") {
      let builder = ResponseBuilder(
        createdAt: Int(Date().timeIntervalSince1970), model: generation.model, echo: echo,
        tools: tools, lists: servers?.lists ?? [], approvals: servers?.approved.map(\.id) ?? [],
        spelling: TokenSpelling(generation.options, model.tokenizer), identifiers: service.identifiers)
      return ResponseDraft(
        builder: builder, tokenizer: model.tokenizer, tracedAs: isTraced ? answer.date : nil,
        keep: isStored ? (service.store, history) : nil)
    }
    if let servers {
      plan.generate = try servers.generation(of: answer, model)
    }
    return plan
  }
}

extension JSONValue {
  /// Tools without what gives access to MCP servers: a response may be kept, and read by others.
  fileprivate var withoutSecrets: JSONValue {
    guard case .array(let tools) = self else { return self }
    return .array(
      tools.map { tool in
        guard case .object(var object) = tool else { return tool }
        for key in ["authorization", "headers"] where object[key] != nil { object[key] = .null }
        return .object(object)
      })
  }
}

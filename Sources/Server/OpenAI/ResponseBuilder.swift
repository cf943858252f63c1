package import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON

/// A response of the Responses API, put together from the engine's events, for streams and whole answers
/// alike.
///
/// Reasoning, text and calls become items in the order in which the model writes them. An item ends where the
/// next one begins. Events are numbered in sequence.
package struct ResponseBuilder {
  /// The response's id.
  let id: String
  private let createdAt: Int
  private let model: String
  private let echo: JSONValue
  private let tools: DeclaredTools
  private let spelling: TokenSpelling?
  private let identifiers: Identifiers

  /// Complete items.
  package private(set) var output: [JSONValue] = []
  private(set) var reasoning = ""
  private var open: OutputItem?
  private var sequenceNumber = 0
  private var pendingLogProbabilities: [JSONValue] = []

  /// - Parameters:
  ///   - createdAt: seconds since 1970.
  ///   - echo: what the answer repeats of the request.
  ///   - tools: the tools of the request.
  ///   - spelling: nil if no log-probabilities are asked for.
  package init(
    createdAt: Int, model: String, echo: JSONValue, tools: DeclaredTools = DeclaredTools(),
    spelling: TokenSpelling?, identifiers: Identifiers
  ) {
    id = identifiers.make("resp_")
    self.createdAt = createdAt
    self.model = model
    self.echo = echo
    self.tools = tools
    self.spelling = spelling
    self.identifiers = identifiers
  }

  /// The events that a stream begins with.
  package mutating func begin() -> [JSONValue] {
    let response = object(status: "in_progress")
    return [
      event("response.created", ["response": response]),
      event("response.in_progress", ["response": response]),
    ]
  }

  /// Takes an event of the engine, except the end.
  ///
  /// - Returns: the API's events that follow from it.
  package mutating func read(_ event: ResponseEvent) -> [JSONValue] {
    switch event {
    case .reasoning(let piece):
      reasoning += piece
      return opening(.reasoning) + delta("response.reasoning_text.delta", piece)
    case .token(let token):
      if let json = spelling?.json(token) { pendingLogProbabilities.append(json) }
      return []
    case .text(let piece):
      let events = opening(.message)
      let tokens = pendingLogProbabilities
      pendingLogProbabilities = []
      open?.logProbabilities += tokens
      return events + delta("response.output_text.delta", piece, ["logprobs": .array(tokens)])
    case .toolCallStarted(_, let name):
      // Every call is an item of its own, and text before it is a preamble.
      return close(phase: .preamble)
        + opening(.call(id: identifiers.make("call_"), tools.tool(calledAs: name)))
    case .toolCallArguments(_, let piece):
      guard case .call(_, let tool)? = open?.kind else { return [] }
      let name = tool.takesText ? "custom_tool_call_input" : "function_call_arguments"
      return delta("response.\(name).delta", piece)
    case .toolCall(_, let call):
      guard case .call(_, let tool)? = open?.kind else { return [] }
      // Whether it is whole shows when the next item begins, or at the end.
      open?.text = call.content(for: tool)
      return []
    case .prompt, .roundStarted, .toolResult, .roundFinished, .finished:
      return []
    }
  }

  /// Ends the response.
  ///
  /// - Returns: the last events, and the whole response.
  package mutating func finish(_ reason: StopReason, _ usage: Usage, completedAt: Int) -> (
    events: [JSONValue], response: JSONValue
  ) {
    let isComplete = FinishReason(reason) == .stop
    // What repeated itself was cut off, although no limit was reached.
    let events = close(isComplete: isComplete && reason != .repetition, phase: .answer)
    let status = isComplete ? "completed" : "incomplete"
    let response = object(
      status: status, incompleteReason: isComplete ? nil : "max_output_tokens", note: reason.note,
      usage: usage, completedAt: isComplete ? completedAt : nil)
    return (events + [event("response.\(status)", ["response": response])], response)
  }

  /// Ends the response with an error.
  package mutating func fail(_ error: ServerError) -> [JSONValue] {
    let response = object(status: "failed", error: ["code": "server_error", "message": .string("\(error)")])
    return [event("response.failed", ["response": response])]
  }

  // MARK: - Items

  /// Begins an item of a kind, unless the open item is of that kind.
  private mutating func opening(_ kind: OutputItem.Kind) -> [JSONValue] {
    if open?.kind == kind { return [] }
    var events = close(phase: .answer)
    let item = OutputItem(
      id: identifiers.make(OutputItem.prefix(of: kind)), index: output.count, kind: kind)
    open = item
    events.append(
      event("response.output_item.added", ["output_index": .integer(item.index), "item": item.opening]))
    if let part = item.part {
      events.append(event("response.content_part.added", place(of: item), ["part": part]))
    }
    return events
  }

  private mutating func delta(
    _ type: String, _ piece: String, _ more: KeyValuePairs<String, JSONValue> = [:]
  ) -> [JSONValue] {
    guard var item = open else { return [] }
    item.text += piece
    open = item
    let body: JSONValue = ["delta": .string(piece)]
    return [event(type, place(of: item), body.adding(more))]
  }

  private mutating func close(isComplete: Bool = true, phase: ConversationItem.Phase) -> [JSONValue] {
    guard let item = open else { return [] }
    open = nil
    let closed = item.closing(isComplete: isComplete, phase: phase)
    output.append(closed)
    let place = place(of: item)
    let end = item.textEnd
    var events = [event(end.type, place, end.fields)]
    if let part = item.part { events.append(event("response.content_part.done", place, ["part": part])) }
    events.append(
      event("response.output_item.done", ["output_index": .integer(item.index), "item": closed]))
    return events
  }

  /// The fields that say where a piece of an item belongs.
  private func place(of item: OutputItem) -> JSONValue {
    let place: JSONValue = ["item_id": .string(item.id), "output_index": .integer(item.index)]
    return item.part == nil ? place : place.adding(["content_index": 0])
  }

  // MARK: - Writing

  private mutating func event(_ type: String, _ bodies: JSONValue...) -> JSONValue {
    defer { sequenceNumber += 1 }
    var object = JSONObject([
      (key: "type", value: .string(type)), (key: "sequence_number", value: .integer(sequenceNumber)),
    ])
    for body in bodies { object.add(body.objectValue?.entries ?? []) }
    return .object(object)
  }

  private func object(
    status: String, error: JSONValue = nil, incompleteReason: String? = nil,
    note: JSONObject = JSONObject(), usage: Usage? = nil, completedAt: Int? = nil
  ) -> JSONValue {
    var object = JSONObject([
      (key: "id", value: .string(id)), (key: "object", value: "response"),
      (key: "created_at", value: .integer(createdAt)), (key: "status", value: .string(status)),
      (key: "completed_at", value: completedAt.map(JSONValue.integer) ?? .null),
      (key: "background", value: false), (key: "error", value: error),
      (key: "incomplete_details", value: incompleteReason.map { ["reason": .string($0)] } ?? .null),
      (key: "model", value: .string(model)), (key: "output", value: .array(output)),
    ])
    object.add(echo.objectValue?.entries ?? [])
    object["usage"] = usage?.responsesJSON ?? .null
    return JSONValue.object(object).adding(tools.notes).adding(note)
  }
}

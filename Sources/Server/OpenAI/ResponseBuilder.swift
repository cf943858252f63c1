package import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON

/// A response of the Responses API, put together from the engine's events, for streams and whole answers
/// alike.
///
/// Reasoning, text and calls become items in the order in which the model writes them. An item ends where the
/// next one begins; a call of a server's tool ends with its result. Events are numbered in sequence.
package struct ResponseBuilder {
  /// The response's id.
  let id: String
  private let createdAt: Int
  private let model: String
  private let echo: JSONValue
  private let tools: DeclaredTools
  private let lists: [ServerOffer]
  /// The ids of the items that asked for the answer's first calls.
  private let approvals: [String]
  private let spelling: TokenSpelling?
  private let identifiers: Identifiers

  /// Complete items, and calls of servers' tools whose results are still to come.
  package private(set) var output: [JSONValue] = []
  private(set) var reasoning = ""
  private var hasMessage = false
  private var open: OutputItem?
  /// Calls of servers' tools without their results, by their numbers.
  private var calling: [Int: OutputItem] = [:]
  private var sequenceNumber = 0
  private var pendingLogProbabilities: [JSONValue] = []

  /// - Parameters:
  ///   - createdAt: seconds since 1970.
  ///   - echo: what the answer repeats of the request.
  ///   - tools: the tools of the request.
  ///   - lists: the MCP servers whose tools the answer lists.
  ///   - approvals: the ids of the items that asked for the answer's first calls.
  ///   - spelling: nil if no log-probabilities are asked for.
  package init(
    createdAt: Int, model: String, echo: JSONValue, tools: DeclaredTools = DeclaredTools(),
    lists: [ServerOffer] = [], approvals: [String] = [], spelling: TokenSpelling?, identifiers: Identifiers
  ) {
    id = identifiers.make("resp_")
    self.createdAt = createdAt
    self.model = model
    self.echo = echo
    self.tools = tools
    self.lists = lists
    self.approvals = approvals
    self.spelling = spelling
    self.identifiers = identifiers
  }

  /// The events that a stream begins with.
  package mutating func begin() -> [JSONValue] {
    let response = object(status: "in_progress")
    let events = [
      event("response.created", ["response": response]),
      event("response.in_progress", ["response": response]),
    ]
    return events + lists.flatMap { list($0) }
  }

  /// The item of a server's tools, which were listed before the answer begins.
  private mutating func list(_ server: ServerOffer) -> [JSONValue] {
    let id = identifiers.make("mcpl_")
    let index = JSONValue.integer(output.count)
    let place: JSONValue = ["item_id": .string(id), "output_index": index]
    let item = server.item(id: id)
    output.append(item)
    let end = server.failure == nil ? "completed" : "failed"
    return [
      event("response.output_item.added", ["output_index": index, "item": server.opening(id: id)]),
      event("response.mcp_list_tools.in_progress", place),
      event("response.mcp_list_tools.\(end)", place),
      event("response.output_item.done", ["output_index": index, "item": item]),
    ]
  }

  /// Takes an event of the engine, except the end.
  ///
  /// - Returns: the API's events that follow from it.
  package mutating func read(_ event: ResponseEvent) -> [JSONValue] {
    switch event {
    case .reasoning(let piece):
      reasoning += piece
      return opening(.reasoning) + delta(piece)
    case .token(let token):
      if let json = spelling?.json(token) { pendingLogProbabilities.append(json) }
      return []
    case .text(var piece):
      // Items are not one text: the line break between two messages is none of theirs.
      if open?.kind != .message, hasMessage, piece.first == "\n" { piece.removeFirst() }
      hasMessage = true
      let events = opening(.message)
      let tokens = pendingLogProbabilities
      pendingLogProbabilities = []
      open?.logProbabilities += tokens
      return events + delta(piece, ["logprobs": .array(tokens)])
    case .toolCallStarted(let index, let name):
      // Every call is an item of its own, and text before it is a preamble.
      return close(phase: .preamble) + opening(kind(ofCall: index, tools.tool(calledAs: name)))
    case .toolCallArguments(_, let piece):
      return open?.isCall == true ? delta(piece) : []
    case .toolCall(_, let call):
      guard open?.isCall == true else { return [] }
      // Whether it is whole shows when the next item begins, or at the end.
      open?.text = call.content(for: tools.tool(calledAs: call.recipient))
      return []
    case .toolResult(let result):
      return takeResult(result)
    case .roundFinished(_, let statistics):
      // The last call of a round that no limit cut off is whole.
      guard case .serverCall? = open?.kind, statistics.stopReason == .stopToken else { return [] }
      return close(phase: .preamble)
    case .prompt, .roundStarted, .finished:
      return []
    }
  }

  /// Ends the response.
  ///
  /// - Parameter given: what a trace of the answer needs; nil if it was not asked for or is not known.
  /// - Returns: the last events, and the whole response.
  package mutating func finish(
    _ reason: StopReason, _ usage: Usage, given: GivenAnswer? = nil, completedAt: Int
  ) -> (events: [JSONValue], response: JSONValue) {
    let isComplete = FinishReason(reason) == .stop
    // What repeated itself was cut off, although no limit was reached.
    let isWhole = isComplete && reason != .repetition
    let events = close(isComplete: isWhole, phase: .answer) + abandonCalls()
    let status = isComplete ? "completed" : "incomplete"
    var note = reason.note
    if let given { note["trace"] = given.json }
    let response = object(
      status: status, incompleteReason: isComplete ? nil : "max_output_tokens", note: note,
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
    // What something follows in the same answer is a preamble.
    var events = close(phase: .preamble)
    let item = OutputItem(
      id: identifiers.make(OutputItem.prefix(of: kind)), index: output.count, kind: kind)
    open = item
    events.append(
      event("response.output_item.added", ["output_index": .integer(item.index), "item": item.opening]))
    if case .serverCall = kind { events.append(event("response.mcp_call.in_progress", place(of: item))) }
    if let part = item.part {
      events.append(event("response.content_part.added", place(of: item), ["part": part]))
    }
    return events
  }

  private mutating func delta(
    _ piece: String, _ more: KeyValuePairs<String, JSONValue> = [:]
  ) -> [JSONValue] {
    guard var item = open else { return [] }
    item.text += piece
    open = item
    guard let type = item.textDelta else { return [] }
    let body: JSONValue = ["delta": .string(piece)]
    return [event(type, place(of: item), body.adding(more))]
  }

  private mutating func close(isComplete: Bool = true, phase: ConversationItem.Phase) -> [JSONValue] {
    guard let item = open else { return [] }
    open = nil
    let place = place(of: item)
    var events: [JSONValue] = []
    if let end = item.textEnd { events.append(event(end.type, place, end.fields)) }
    if case .serverCall(let number, _, _) = item.kind, isComplete {
      // It keeps its place until its result has come.
      calling[number] = item
      output.append(item.calling)
      return events
    }
    if let part = item.part { events.append(event("response.content_part.done", place, ["part": part])) }
    let closed = item.closing(isComplete: isComplete, phase: phase)
    output.append(closed)
    return events + [done(item, closed)]
  }

  private mutating func done(_ item: OutputItem, _ json: JSONValue) -> JSONValue {
    event("response.output_item.done", ["output_index": .integer(item.index), "item": json])
  }

  // MARK: - Calls

  /// Who carries out a call decides what it is to the client.
  private func kind(ofCall index: Int, _ tool: APITool) -> OutputItem.Kind {
    guard let origin = tool.origin else { return .call(id: identifiers.make("call_"), tool) }
    if index < approvals.count { return .serverCall(index, origin, approval: approvals[index]) }
    return origin.needsApproval ? .approvalRequest(origin) : .serverCall(index, origin, approval: nil)
  }

  /// Ends the call that a result is of.
  private mutating func takeResult(_ result: ToolResult) -> [JSONValue] {
    var events: [JSONValue] = []
    if case .serverCall(result.index, _, _)? = open?.kind { events = close(phase: .preamble) }
    guard var item = calling.removeValue(forKey: result.index) else { return events }
    item.result = (result.text, result.isError)
    let closed = item.closing(isComplete: true, phase: .preamble)
    output[item.index] = closed
    let end = result.isError ? "failed" : "completed"
    return events + [event("response.mcp_call.\(end)", place(of: item)), done(item, closed)]
  }

  /// Ends calls that are not carried out any more.
  private mutating func abandonCalls() -> [JSONValue] {
    let items = calling.values.sorted { $0.index < $1.index }
    calling = [:]
    return items.map { item in
      let closed = item.closing(isComplete: false, phase: .preamble)
      output[item.index] = closed
      return done(item, closed)
    }
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

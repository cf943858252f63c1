package import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON
package import GPTOSSTokenizer

/// An answer of Messages, put together from the engine's events, for streams and whole answers alike.
///
/// Thinking, text and calls become blocks in the order in which the model writes them. A block ends where the
/// next one begins.
package struct MessageDraft: AnswerDraft {
  private let head: JSONValue
  private let thinking: ThinkingParameters.Display?
  private let tools: DeclaredTools
  private let identifiers: Identifiers
  private let tokenizer: Tokenizer?

  private var hasBegun = false
  /// Complete blocks.
  private var content: [JSONValue] = []
  private var open: ContentBlock?
  private var blockCount = 0
  private var callsTools = false
  private var hasText = false
  private var reasoning = ""
  /// Why the answer ended, once it has.
  private var stop = JSONObject([(key: "stop_reason", value: .null), (key: "stop_sequence", value: .null)])
  private var usage = Usage()

  /// - Parameters:
  ///   - model: the model's name as the client gave it.
  ///   - thinking: what the answer has of the reasoning; nil for nothing.
  ///   - tools: those of the request.
  ///   - tokenizer: counts the tokens of reasoning.
  package init(
    model: String, thinking: ThinkingParameters.Display?, tools: DeclaredTools, identifiers: Identifiers,
    tokenizer: Tokenizer?
  ) {
    head = [
      "id": .string(identifiers.make("msg_")), "type": "message", "role": "assistant",
      "model": .string(model),
    ]
    self.thinking = thinking
    self.tools = tools
    self.identifiers = identifiers
    self.tokenizer = tokenizer
  }

  /// The message as far as it has been written.
  package var json: JSONValue {
    head.adding(["content": .array(content)]).adding(stop).adding(["usage": usage.messagesJSON])
      .adding(tools.notes)
  }

  /// Nothing: the first event says how long the prompt is.
  func begin() -> [ServerSentEvent] { [] }

  mutating func read(_ event: ResponseEvent, choice: Int) -> [ServerSentEvent] {
    read(event).map(ServerSentEvent.init(named:))
  }

  func end() -> [ServerSentEvent] { [] }

  func fail(_ error: ServerError) -> [ServerSentEvent] { [ServerSentEvent(named: error.messagesJSON())] }

  /// Takes an event of the engine.
  ///
  /// - Returns: the API's events that follow from it.
  package mutating func read(_ event: ResponseEvent) -> [JSONValue] {
    if hasBegun { return changes(event) }
    hasBegun = true
    if let (read, total) = event.progress { (usage.cachedTokens, usage.promptTokens) = (read, total) }
    return [["type": "message_start", "message": json]] + changes(event)
  }

  private mutating func changes(_ event: ResponseEvent) -> [JSONValue] {
    switch event {
    case .reasoning(let piece):
      reasoning += piece
      if thinking == .summarized { return opening(.thinking) + delta(piece) }
      // Proxies see that the connection is alive.
      return (thinking == nil ? [] : opening(.thinking)) + [["type": "ping"]]
    case .text(var piece):
      // Blocks are not one text: the line break between two messages is none of theirs.
      if open?.kind != .text, hasText, piece.first == "\n" { piece.removeFirst() }
      hasText = true
      return opening(.text) + delta(piece)
    case .toolCallStarted(_, let name):
      return opening(.call(id: identifiers.make("toolu_"), name: tools.tool(calledAs: name).name))
    case .toolCallArguments(_, let piece): return delta(piece)
    case .toolCall(_, let call):
      open?.input = call.arguments?.object
      callsTools = callsTools || open?.input != nil
      return close()
    case .finished(let response): return finish(response.statistics)
    case .prompt, .token, .roundStarted, .toolResult, .roundFinished: return []
    }
  }

  private mutating func finish(_ statistics: GenerationStatistics) -> [JSONValue] {
    let events = close()
    usage = Usage()
    usage.add(statistics, reasoning: reasoning, tokenizer: tokenizer)
    stop["stop_reason"] = .string(name(of: statistics.stopReason))
    stop["stop_sequence"] = .optional(statistics.stopSequence)
    // Anthropic's API has no reason of this kind. These details are what its clients keep of a stream.
    if statistics.stopReason == .repetition {
      stop["stop_details"] = ["type": .string(StopReason.repetition.rawValue)]
    }
    return events + [
      ["type": "message_delta", "delta": .object(stop), "usage": usage.messagesJSON],
      ["type": "message_stop"],
    ]
  }

  /// Anthropic's `stop_reason`.
  private func name(of reason: StopReason) -> String {
    switch reason {
    case .stopToken: callsTools ? "tool_use" : "end_turn"
    case .stopSequence: "stop_sequence"
    case .maximumTokens: "max_tokens"
    case .contextFull: "model_context_window_exceeded"
    // No limit was reached.
    case .repetition: "end_turn"
    }
  }

  // MARK: - Blocks

  /// Begins a block of a kind, unless the open block is of that kind. Every call is a block of its own.
  private mutating func opening(_ kind: ContentBlock.Kind) -> [JSONValue] {
    if open?.kind == kind { return [] }
    let events = close()
    let block = ContentBlock(index: blockCount, kind: kind)
    blockCount += 1
    open = block
    return events + [event("content_block_start", block, ["content_block": block.opening])]
  }

  private mutating func delta(_ piece: String) -> [JSONValue] {
    open?.text += piece
    return open.map { [event("content_block_delta", $0, ["delta": $0.delta(piece)])] } ?? []
  }

  private mutating func close() -> [JSONValue] {
    guard let block = open else { return [] }
    open = nil
    if let whole = block.whole { content.append(whole) }
    let last = block.lastDelta.map { event("content_block_delta", block, ["delta": $0]) }
    return [last, event("content_block_stop", block)].compactMap(\.self)
  }

  private func event(
    _ type: String, _ block: ContentBlock, _ more: KeyValuePairs<String, JSONValue> = [:]
  ) -> JSONValue {
    let event: JSONValue = ["type": .string(type), "index": .integer(block.index)]
    return event.adding(more)
  }
}

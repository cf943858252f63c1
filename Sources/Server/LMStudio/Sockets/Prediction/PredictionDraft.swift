package import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON
import GPTOSSTokenizer

/// The messages of a prediction's channel, made of the engine's events: fragments of text and of reasoning, and
/// calls of tools.
///
/// A state machine without input or output.
package struct PredictionDraft {
  /// What marks reasoning, nil where none is shown: whoever wants JSON reads all fragments as one text.
  private let tags: ReasoningTags?
  private let tools: DeclaredTools
  private let identifiers: Identifiers
  private let spelling: TokenSpelling?

  private var isReasoning = false
  /// The call whose arguments are being written.
  private var call: (id: String, name: String)?
  private var hasCalled = false
  private var pendingTokens: [JSONValue] = []
  private var cachedTokens: Int?
  private var promptTokens = 0
  private var fragmentCount = 0
  private var start = ContinuousClock.now
  private var firstFragment: ContinuousClock.Instant?

  /// - Parameter spelling: nil if no log-probabilities are asked for.
  package init(
    tags: ReasoningTags?, tools: DeclaredTools = DeclaredTools(), spelling: TokenSpelling? = nil,
    identifiers: Identifiers
  ) {
    self.tags = tags
    self.tools = tools
    self.spelling = spelling
    self.identifiers = identifiers
  }

  // MARK: Events

  /// How far the prompt has been read.
  package mutating func progress(read: Int, total: Int) -> JSONValue {
    // The first event comes before any is read: those were remembered.
    let cached = cachedTokens ?? min(read, total)
    cachedTokens = cached
    promptTokens = total
    return [
      "type": "promptProcessingProgress",
      "progress": total > 0 ? JSONValue(decimal: Double(read) / Double(total)) : 0,
      "details": [
        "cachedTokenCount": .integer(cached), "totalPromptTokenCount": .integer(total),
        "processedPromptTokenCount": .integer(read), "unprocessedPromptTokenCount": .integer(total - read),
      ],
    ]
  }

  /// What a client hears before its turn has come.
  package static let waiting: JSONValue = [
    "type": "promptProcessingProgress", "progress": 0,
    "details": [
      "cachedTokenCount": 0, "totalPromptTokenCount": 0, "processedPromptTokenCount": 0,
      "unprocessedPromptTokenCount": 0,
    ],
  ]

  /// Takes an event of an answer.
  package mutating func read(_ event: ResponseEvent) -> [JSONValue] {
    switch event {
    case .reasoning(let piece):
      guard let tags else { return [] }
      let opening = isReasoning ? [] : [fragment(tags.start, .reasoningStartTag, tokens: 0)]
      isReasoning = true
      return opening + [fragment(piece, .reasoning)]
    case .token(let token):
      if let spelling { pendingTokens.append(spelling.fragmentJSON(token)) }
      return []
    case .text(let piece): return endReasoning() + [fragment(piece, .none)]
    case .toolCallStarted(_, let recipient):
      let name = tools.tool(calledAs: recipient).name
      let id = identifiers.make("call_")
      call = (id, name)
      return endReasoning() + [
        ["type": "toolCallGenerationStart", "toolCallId": .string(id)],
        ["type": "toolCallGenerationNameReceived", "name": .string(name)],
      ]
    case .toolCallArguments(_, let piece):
      return [["type": "toolCallGenerationArgumentFragmentGenerated", "content": .string(piece)]]
    case .toolCall(_, let complete): return end(complete)
    case .finished: return endReasoning() + failCall()
    case .prompt, .roundStarted, .toolResult, .roundFinished: return []
    }
  }

  /// Takes an event of text that is continued as it is.
  package mutating func read(_ event: GenerationEvent) -> [JSONValue] {
    switch event {
    case .prompt: return []
    case .token(let token):
      if let spelling, token.logProbability != nil { pendingTokens.append(spelling.fragmentJSON(token)) }
      return token.text.isEmpty ? [] : [fragment(token.text, .none)]
    case .finished(let rest, _): return rest.isEmpty ? [] : [fragment(rest, .none)]
    }
  }

  // MARK: Pieces

  private enum Kind: String {
    case none, reasoning, reasoningStartTag, reasoningEndTag
  }

  private mutating func fragment(_ content: String, _ kind: Kind, tokens: Int = 1) -> JSONValue {
    if firstFragment == nil { firstFragment = .now }
    fragmentCount += tokens
    // Reasoning that is not told apart is text like any other.
    let isParsed = tags?.isParsed ?? true
    let isTag = kind == .reasoningStartTag || kind == .reasoningEndTag
    let json: JSONValue = [
      "content": .string(content), "tokensCount": .integer(tokens), "containsDrafted": false,
      "reasoningType": .string((isParsed ? kind : .none).rawValue), "isStructural": .bool(isParsed && isTag),
    ]
    let taken = kind == .none ? pendingTokens : []
    if kind == .none { pendingTokens = [] }
    return [
      "type": "fragment", "fragment": taken.isEmpty ? json : json.adding(["tokens": .array(taken)]),
    ]
  }

  private mutating func endReasoning() -> [JSONValue] {
    guard isReasoning, let tags else { return [] }
    isReasoning = false
    return [fragment(tags.end, .reasoningEndTag, tokens: 0)]
  }

  private mutating func end(_ complete: ToolCall) -> [JSONValue] {
    guard let call else { return [] }
    guard let arguments = complete.arguments else { return failCall() }
    self.call = nil
    hasCalled = true
    return [
      [
        "type": "toolCallGenerationEnd",
        "toolCallRequest": [
          "type": "function", "id": .string(call.id), "name": .string(call.name),
          "arguments": .object(arguments.object),
        ],
        "rawContent": .string(complete.content),
      ]
    ]
  }

  /// A call that was begun and has no end: a limit has cut it off.
  private mutating func failCall() -> [JSONValue] {
    guard let call else { return [] }
    self.call = nil
    let fault = SocketFault("The call of \(call.name) was cut off before its arguments were complete.")
    return [["type": "toolCallGenerationFailed", "error": fault.json]]
  }

  // MARK: Ends

  /// The message of a prediction that has come to its end.
  package func success(
    _ statistics: GenerationStatistics, _ instance: JSONValue, _ loadConfiguration: JSONValue,
    _ configuration: JSONValue
  ) -> JSONValue {
    success(
      stats(
        reason: statistics.stopReason.sdkName(hasCalled: hasCalled), prompt: statistics.promptTokens,
        generated: statistics.generatedTokens, rate: statistics.decodeTokensPerSecond,
        first: statistics.timeToFirstToken, total: statistics.timeToFirstToken + statistics.decodeTime,
        stop: statistics.stopSequence), instance, loadConfiguration, configuration)
  }

  /// The message of a prediction that the client has stopped.
  package func stopped(
    _ instance: JSONValue, _ loadConfiguration: JSONValue, _ configuration: JSONValue
  ) -> JSONValue {
    let now = ContinuousClock.now
    let decodeTime = firstFragment.map { now - $0 } ?? .zero
    let seconds: Double = decodeTime / .seconds(1)
    return success(
      stats(
        reason: "userStopped", prompt: promptTokens, generated: fragmentCount,
        rate: seconds > 0 ? Double(fragmentCount) / seconds : 0, first: (firstFragment ?? now) - start,
        total: now - start), instance, loadConfiguration, configuration)
  }

  private func success(
    _ stats: JSONValue, _ instance: JSONValue, _ loadConfiguration: JSONValue, _ configuration: JSONValue
  ) -> JSONValue {
    [
      "type": "success", "stats": stats, "modelInfo": instance, "loadModelConfig": loadConfiguration,
      "predictionConfig": configuration,
    ]
  }

  private func stats(
    reason: String, prompt: Int, generated: Int, rate: Double, first: Duration, total: Duration,
    stop: String? = nil
  ) -> JSONValue {
    let json: JSONValue = [
      "stopReason": .string(reason), "tokensPerSecond": JSONValue(decimal: rate), "numGpuLayers": 0,
      "timeToFirstTokenSec": JSONValue(decimal: first / .seconds(1)),
      "totalTimeSec": JSONValue(decimal: total / .seconds(1)), "promptTokensCount": .integer(prompt),
      "predictedTokensCount": .integer(generated), "totalTokensCount": .integer(prompt + generated),
    ]
    return stop.map { json.adding(["stopString": .string($0)]) } ?? json
  }
}

extension StopReason {
  /// The reason as LM Studio's SDKs know it; they take no other words.
  fileprivate func sdkName(hasCalled: Bool) -> String {
    switch self {
    case .stopToken: hasCalled ? "toolCalls" : "eosFound"
    // A text that repeats itself is ended as if the model had ended it.
    case .repetition: "eosFound"
    case .stopSequence: "stopStringFound"
    case .maximumTokens: "maxPredictedTokensReached"
    case .contextFull: "contextLengthReached"
    }
  }
}

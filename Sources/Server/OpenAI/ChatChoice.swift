package import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON
package import GPTOSSTokenizer

/// One choice of a chat completion.
package struct ChatChoice: AnswerChoice {
  /// The choice's number.
  let index: Int
  private let reasoningFormat: ReasoningFormat
  private let tools: ToolParameters
  private let spelling: TokenSpelling?
  private let identifiers: Identifiers

  private let tokenizer: Tokenizer?

  private var reasoning = ""
  private var statistics: GenerationStatistics?
  private var text = ""
  private var calls: [Call] = []
  private var logProbabilities: [JSONValue] = []
  /// Those that no delta has had yet.
  private var pendingLogProbabilities: [JSONValue] = []

  private struct Call {
    let id: String
    let tool: APITool
    /// The arguments, or the text that the tool is called with.
    var content = ""

    /// The call as `tool_calls` has it, or a piece of it.
    func json(_ content: String, withHead: Bool = true) -> JSONValue {
      let kind = tool.takesText ? "custom" : "function"
      var body = JSONObject()
      if withHead { body["name"] = .string(tool.name) }
      body[tool.takesText ? "input" : "arguments"] = .string(content)
      let head: KeyValuePairs<String, JSONValue> = ["id": .string(id), "type": .string(kind)]
      return JSONValue.object(JSONObject()).adding(withHead ? head : [:]).adding([kind: .object(body)])
    }
  }

  /// - Parameters:
  ///   - tools: the tools of the request.
  ///   - spelling: nil if no log-probabilities are asked for.
  ///   - tokenizer: counts the tokens of reasoning.
  package init(
    index: Int, reasoningFormat: ReasoningFormat, tools: ToolParameters = ToolParameters(),
    spelling: TokenSpelling?, identifiers: Identifiers, tokenizer: Tokenizer? = nil
  ) {
    self.index = index
    self.reasoningFormat = reasoningFormat
    self.tools = tools
    self.spelling = spelling
    self.identifiers = identifiers
    self.tokenizer = tokenizer
  }

  package var opening: JSONValue? { choice(["role": "assistant", "content": ""]) }

  package mutating func read(_ event: ResponseEvent) -> JSONValue? {
    switch event {
    case .reasoning(let piece):
      reasoning += piece
      var delta = JSONObject()
      reasoningFormat.add(piece, to: &delta)
      // A conditional expression would turn `nil` into JSON's null.
      if delta.isEmpty { return nil }
      return choice(.object(delta))
    case .token(let token):
      guard let json = spelling?.json(token) else { return nil }
      logProbabilities.append(json)
      pendingLogProbabilities.append(json)
      return nil
    case .text(let piece):
      text += piece
      return choice(["content": .string(piece)], tokens: takePending())
    case .toolCallStarted(_, let name):
      let call = Call(id: identifiers.make("call_"), tool: tools.declared.tool(calledAs: name))
      calls.append(call)
      return choice(delta(of: call, "", withHead: true))
    case .toolCallArguments(_, let piece):
      guard let call = calls.last else { return nil }
      calls[calls.count - 1].content += piece
      return choice(delta(of: call, piece, withHead: false))
    case .toolCall(_, let complete):
      guard let call = calls.last else { return nil }
      calls[calls.count - 1].content = complete.content(for: call.tool)
      return nil
    case .finished(let response):
      statistics = response.statistics
      return choice([:], tokens: takePending(), finish: finishReason)
    case .prompt, .roundStarted, .toolResult, .roundFinished:
      return nil
    }
  }

  package var json: JSONValue {
    var message = JSONObject([
      (key: "role", value: "assistant"),
      (key: "content", value: text.isEmpty && !calls.isEmpty ? .null : .string(text)),
      (key: "refusal", value: .null), (key: "annotations", value: .array([])),
    ])
    if !reasoning.isEmpty { reasoningFormat.add(reasoning, to: &message) }
    if let call = calls.last, tools.isLegacy {
      message["function_call"] = call.json(call.content)["function"]
    } else if !calls.isEmpty {
      message["tool_calls"] = .array(calls.map { $0.json($0.content) })
    }
    let choice: JSONValue = [
      "index": .integer(index), "message": .object(message),
      "logprobs": spelling == nil ? .null : Self.json(of: logProbabilities),
      "finish_reason": .optional(finishReason?.rawValue),
    ]
    return choice.adding(statistics?.stopReason.note ?? JSONObject())
  }

  func count(in usage: inout Usage) {
    if let statistics { usage.add(statistics, reasoning: reasoning, tokenizer: tokenizer) }
  }

  private var finishReason: FinishReason? {
    let calling: FinishReason = tools.isLegacy ? .functionCall : .toolCalls
    return statistics.map { FinishReason($0.stopReason, calls: calls.isEmpty ? nil : calling) }
  }

  /// The delta of the last call: its beginning, or a piece of its content.
  private func delta(of call: Call, _ content: String, withHead: Bool) -> JSONValue {
    let json = call.json(content, withHead: withHead)
    if tools.isLegacy { return ["function_call": json["function"] ?? .null] }
    let index: JSONValue = ["index": .integer(calls.count - 1)]
    return ["tool_calls": [index.adding(json.objectValue ?? JSONObject())]]
  }

  private mutating func takePending() -> [JSONValue] {
    defer { pendingLogProbabilities = [] }
    return pendingLogProbabilities
  }

  private func choice(_ delta: JSONValue, tokens: [JSONValue] = [], finish: FinishReason? = nil) -> JSONValue
  {
    let choice: JSONValue = [
      "index": .integer(index), "delta": delta, "logprobs": tokens.isEmpty ? .null : Self.json(of: tokens),
      "finish_reason": .optional(finish?.rawValue),
    ]
    return finish == nil ? choice : choice.adding(statistics?.stopReason.note ?? JSONObject())
  }

  private static func json(of logProbabilities: [JSONValue]) -> JSONValue {
    ["content": .array(logProbabilities), "refusal": nil]
  }
}

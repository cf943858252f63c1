package import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON
package import GPTOSSTokenizer

/// One choice of a chat completion.
package struct ChatChoice: AnswerChoice {
  /// The choice's number.
  let index: Int
  private let reasoningFormat: ReasoningFormat
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
    let name: String
    var arguments = ""
  }

  /// - Parameters:
  ///   - spelling: nil if no log-probabilities are asked for.
  ///   - tokenizer: counts the tokens of reasoning.
  package init(
    index: Int, reasoningFormat: ReasoningFormat, spelling: TokenSpelling?, identifiers: Identifiers,
    tokenizer: Tokenizer? = nil
  ) {
    self.index = index
    self.reasoningFormat = reasoningFormat
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
      let call = Call(id: identifiers.make("call_"), name: ToolCall(recipient: name, content: "").publicName)
      calls.append(call)
      return choice(
        toolDelta([
          "id": .string(call.id), "type": "function",
          "function": ["name": .string(call.name), "arguments": ""],
        ]))
    case .toolCallArguments(_, let piece):
      guard !calls.isEmpty else { return nil }
      calls[calls.count - 1].arguments += piece
      return choice(toolDelta(["function": ["arguments": .string(piece)]]))
    case .toolCall(_, let call):
      guard !calls.isEmpty else { return nil }
      calls[calls.count - 1].arguments = call.argumentsText
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
    if !calls.isEmpty {
      message["tool_calls"] = .array(
        calls.map { call -> JSONValue in
          [
            "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
          ]
        })
    }
    return [
      "index": .integer(index), "message": .object(message),
      "logprobs": spelling == nil ? .null : Self.json(of: logProbabilities),
      "finish_reason": .optional(finishReason?.rawValue),
    ]
  }

  func count(in usage: inout Usage) {
    if let statistics { usage.add(statistics, reasoning: reasoning, tokenizer: tokenizer) }
  }

  private var finishReason: FinishReason? {
    statistics.map { FinishReason($0.stopReason, callsTools: !calls.isEmpty) }
  }

  private func toolDelta(_ call: KeyValuePairs<String, JSONValue>) -> JSONValue {
    let index: JSONValue = ["index": .integer(calls.count - 1)]
    return ["tool_calls": [index.adding(call)]]
  }

  private mutating func takePending() -> [JSONValue] {
    defer { pendingLogProbabilities = [] }
    return pendingLogProbabilities
  }

  private func choice(_ delta: JSONValue, tokens: [JSONValue] = [], finish: FinishReason? = nil) -> JSONValue
  {
    [
      "index": .integer(index), "delta": delta, "logprobs": tokens.isEmpty ? .null : Self.json(of: tokens),
      "finish_reason": .optional(finish?.rawValue),
    ]
  }

  private static func json(of logProbabilities: [JSONValue]) -> JSONValue {
    ["content": .array(logProbabilities), "refusal": nil]
  }
}

extension ToolCall {
  /// The name that the client declared; the full name of a built-in tool.
  var publicName: String { functionName ?? recipient }

  /// The arguments as JSON text, repaired where the model's text is not quite an object.
  var argumentsText: String {
    guard let arguments, !arguments.repairs.isEmpty else { return content }
    return JSONValue.object(arguments.object).text
  }
}

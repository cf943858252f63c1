package import GPTOSSJSON
import GPTOSSTokenizer

/// A JSON request for the messages that tokens are, as `gptoss harmony parse` reads it: one object per line.
///
///     {"tokens": […], "role": "assistant", "strict": true, "eos": true}
///
/// With `"tolerant": true`, and the names of the tools under `"tools"` if they are known, tokens are read as
/// the engine reads them. Other fields are refused, except those of a test case (``caseFields``).
package struct ParseRequest {
  private enum Mode {
    case strict, permissive, tolerant
  }

  private let tokens: [TokenID]
  private let role: Role?
  private let mode: Mode
  private let isFinished: Bool
  private let tools: [String]

  /// - Throws: `JSONError` for what is missing, has the wrong type or is not known.
  package init(json: JSONValue) throws(JSONError) {
    let line = JSONField(json)
    try line.checkFields(
      ["tokens", "role", "strict", "eos", "tolerant", "tools"],
      ignored: caseFields + ["messages", "deltas", "rest", "calls", "repairs"])
    var tokens: [TokenID] = []
    for element in try line.required("tokens").elements() { tokens.append(try element.int()) }
    self.tokens = tokens
    role = try line.choice("role")
    if try line.optional("tolerant")?.bool() ?? false {
      mode = .tolerant
    } else {
      mode = try line.optional("strict")?.bool() ?? true ? .strict : .permissive
    }
    isFinished = try line.optional("eos")?.bool() ?? true
    var tools: [String] = []
    for name in try line.optional("tools")?.elements() ?? [] { tools.append(try name.string()) }
    self.tools = tools
  }

  /// `{"messages": […], "deltas": […], "rest": "…"}`, with `"calls"` and `"repairs"` when tolerant.
  ///
  /// - Throws: `HarmonyError` for tokens that are no messages, unless tolerant.
  package func answer(_ encoding: HarmonyEncoding) throws(HarmonyError) -> JSONValue {
    switch mode {
    case .strict:
      return .object(try parsed(ReferenceParser(encoding: encoding, role: role, strictness: .strict)).answer)
    case .permissive:
      return .object(
        try parsed(ReferenceParser(encoding: encoding, role: role, strictness: .permissive)).answer)
    case .tolerant:
      var (parser, answer) = parsed(TolerantParser(encoding: encoding, role: role, tools: tools))
      answer["calls"] = .array(parser.messages.compactMap(\.toolCall).map(\.json))
      answer["repairs"] = .array(parser.repairs.map(\.json))
      return .object(answer)
    }
  }

  private func parsed<Parser: StreamingParser>(
    _ parser: Parser
  ) throws(Parser.Failure) -> (parser: Parser, answer: JSONObject) {
    var parser = parser
    var deltas: [JSONValue] = []
    for token in tokens {
      try parser.process(token)
      deltas.append(parser.step)
    }
    if isFinished {
      try parser.finish()
      // Text that only the end of the input brings out.
      if parser.delta != nil { deltas.append(parser.step) }
    }
    let answer = JSONObject([
      (key: "messages", value: .array(parser.messages.map(\.json))),
      (key: "deltas", value: .array(deltas)),
      (key: "rest", value: .string(parser.content)),
    ])
    return (parser, answer)
  }
}

extension StreamingParser {
  /// The delta, channel, recipient, content type and role after a token.
  fileprivate var step: JSONValue {
    let texts = [delta, header?.channel?.rawValue, header?.recipient, header?.contentType, role?.rawValue]
    return .array(texts.map { $0.map(JSONValue.string) ?? .null })
  }
}

extension ToolCall {
  fileprivate var json: JSONValue {
    ["recipient": .string(recipient), "arguments": arguments.map { .object($0.object) } ?? .null]
  }
}

extension Repair {
  fileprivate var json: JSONValue { ["token": JSONValue(tokenIndex), "repair": .string(kind.description)] }
}

extension JSONField {
  fileprivate func int() throws(JSONError) -> Int {
    guard let number = value.intValue else { throw wrongType("integer") }
    return number
  }
}

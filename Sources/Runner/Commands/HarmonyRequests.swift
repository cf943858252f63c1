import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSTokenizer

/// A line that `harmony render` reads.
struct RenderRequest {
  private enum Mode: String {
    case completion, conversation, training
  }

  private let conversation: Conversation
  private let mode: Mode
  private let nextRole: Role
  private let history: History

  init(_ line: JSONField) throws(JSONError) {
    conversation = try Conversation(json: line.required("conversation").value)
    mode = try line.choice("mode") ?? .completion
    nextRole = try line.choice("next_role") ?? .assistant
    history = try line.optional("auto_drop_analysis")?.bool() ?? true ? .reference : .everything
  }

  func answer(_ encoding: HarmonyEncoding) throws(HarmonyError) -> JSONValue {
    let renderer = Renderer(history: history)
    let segments =
      switch mode {
      case .completion: try renderer.segmentsForCompletion(of: conversation, nextRole: nextRole)
      case .conversation: try renderer.segments(of: conversation)
      case .training: try renderer.segmentsForTraining(of: conversation)
      }
    let tokens = encoding.tokens(of: segments)
    return [
      "tokens": .array(tokens.map { .number(JSONNumber($0)) }),
      "text": .string(segments.map(\.spelling).joined()),
    ]
  }
}

/// A line that `harmony parse` reads.
struct ParseRequest {
  private enum Mode {
    case strict, permissive, tolerant
  }

  private let tokens: [TokenID]
  private let role: Role?
  private let mode: Mode
  private let isFinished: Bool
  private let tools: [String]

  init(_ line: JSONField) throws(JSONError) {
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

  func answer(_ encoding: HarmonyEncoding) throws(HarmonyError) -> JSONValue {
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

extension Segment {
  fileprivate var spelling: String {
    switch self {
    case .marker(let marker): marker.rawValue
    case .text(let text): text
    }
  }
}

extension ToolCall {
  fileprivate var json: JSONValue {
    ["recipient": .string(recipient), "arguments": arguments.map { .object($0.object) } ?? .null]
  }
}

extension Repair {
  fileprivate var json: JSONValue {
    ["token": .number(JSONNumber(tokenIndex)), "repair": .string(kind.description)]
  }
}

extension JSONField {
  /// The value for a key, one of a few texts; nil when it is absent or null.
  fileprivate func choice<Choice: RawRepresentable<String>>(_ key: String) throws(JSONError) -> Choice? {
    guard let field = try optional(key) else { return nil }
    guard let choice = Choice(rawValue: try field.string()) else { throw field.unknownValue() }
    return choice
  }

  fileprivate func int() throws(JSONError) -> Int {
    guard let number = value.intValue else { throw wrongType("integer") }
    return number
  }
}

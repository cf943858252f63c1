package import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON

/// What an answer is held to as vLLM takes it: a structural tag, JSON in a string, which the library xgrammar
/// defines. Special tokens stand in it by their names.
///
///     answer →  ( analysis <|end|> <|start|>assistant | preamble <|end|> <|start|>assistant )*
///               ( final text or JSON | call text or JSON )
///
/// Words have none of the format's markers, and nothing follows JSON but a token that ends the answer. What a
/// tag does not say, ``AnswerContract/check(_:_:)`` finds out afterwards.
package enum StructuralTag {
  /// The structural tag, in the object that vLLM takes.
  ///
  /// - Throws: ``RemoteError/unsupported(option:reason:)`` for a budget of time.
  package static func structure(_ contract: AnswerContract) throws(RemoteError) -> JSONValue {
    let tag: JSONValue = ["type": "structural_tag", "format": try format(contract)]
    return ["structural_tag": .string(tag.text)]
  }

  private static func format(_ contract: AnswerContract) throws(RemoteError) -> JSONValue {
    let limit = try tokenLimit(contract.budget)
    let calls = contract.calls.flatMap { call in
      [behindChannel(call), behindRole(call)].map { Part(begin: $0, schema: call.schema) }
    }
    let reasoning = limit == 0 ? [] : [followed(words(on: .analysis), limit)]
    // A preamble comes before a call.
    var others = contract.mayAnswer && !calls.isEmpty ? [followed(words(on: .commentary))] : []
    if contract.allowsParallelCalls { others += calls.map { followed($0) } }
    var elements: [JSONValue]
    if contract.mayAnswer, limit == nil, !others.isEmpty {
      elements = [star(reasoning + others)]
    } else {
      // A limit is one message's. Who has to call a tool but sees no use in it would go on thinking.
      elements = reasoning.map(optional) + (others.isEmpty ? [] : [star(others)])
    }
    let answer = contract.mayAnswer ? [Part(begin: words(on: .final).begin, schema: contract.format)] : []
    elements.append(choice((answer + calls).map(last)))
    return sequence(elements)
  }

  /// The most tokens of reasoning; nil for any number.
  private static func tokenLimit(_ budget: ReasoningBudget?) throws(RemoteError) -> Int? {
    switch budget {
    case nil: nil
    case .tokens(let limit): min(limit, Int(Int32.max))
    case .time:
      throw .unsupported(
        option: "a reasoning budget of seconds", reason: "vLLM counts tokens; give a number of them")
    }
  }

  // MARK: Messages

  /// A message: what it begins with, and what follows up to its end.
  private struct Part {
    let begin: String
    /// What it has to fit; nil for text.
    let schema: JSONValue?
  }

  /// What a message begins with that follows another.
  private static let opening = Marker.start.rawValue + Role.assistant.rawValue

  private static func words(on channel: Channel) -> Part {
    Part(begin: Marker.channel.rawValue + channel.rawValue + Marker.message.rawValue, schema: nil)
  }

  /// The header of a call with the recipient behind the channel.
  private static func behindChannel(_ call: AnswerContract.Call) -> String {
    Marker.channel.rawValue + call.channel + " to=" + call.recipient + contentType(call)
  }

  /// The header of a call with the recipient behind the role.
  private static func behindRole(_ call: AnswerContract.Call) -> String {
    " to=" + call.recipient + Marker.channel.rawValue + call.channel + contentType(call)
  }

  private static func contentType(_ call: AnswerContract.Call) -> String {
    (call.schema == nil ? " code" : " " + Marker.constrain.rawValue + "json") + Marker.message.rawValue
  }

  /// A message and the beginning of the next one.
  private static func followed(_ part: Part, _ limit: Int? = nil) -> JSONValue {
    let content = part.schema.map(json) ?? text(limit, isLast: false)
    return sequence([tag(part.begin, content, end: Marker.end), constant(opening)])
  }

  /// A message and the end of the answer.
  private static func last(_ part: Part) -> JSONValue {
    if let schema = part.schema { return tag(part.begin, json(schema), end: nil) }
    // xgrammar wants an end behind text that is a tag's.
    return sequence([constant(part.begin), text(nil, isLast: true)])
  }

  // MARK: xgrammar's formats

  /// Any text without markers.
  private static func text(_ limit: Int?, isLast: Bool) -> JSONValue {
    var markers: [Marker] = [.start, .channel, .constrain, .message]
    if isLast { markers.append(.end) }
    var object = JSONObject([
      (key: "type", value: "any_text"),
      (key: "excludes", value: .array(markers.map { .string($0.rawValue) })),
    ])
    object["max_tokens"] = limit.map { JSONValue($0) }
    return .object(object)
  }

  private static func json(_ schema: JSONValue) -> JSONValue {
    ["type": "json_schema", "json_schema": schema]
  }

  private static func constant(_ text: String) -> JSONValue {
    ["type": "const_string", "value": .string(text)]
  }

  private static func tag(_ begin: String, _ content: JSONValue, end: Marker?) -> JSONValue {
    ["type": "tag", "begin": .string(begin), "content": content, "end": .string(end?.rawValue ?? "")]
  }

  private static func sequence(_ elements: [JSONValue]) -> JSONValue {
    ["type": "sequence", "elements": .array(elements)]
  }

  private static func optional(_ content: JSONValue) -> JSONValue {
    ["type": "optional", "content": content]
  }

  /// Any number of these.
  private static func star(_ elements: [JSONValue]) -> JSONValue {
    ["type": "star", "content": choice(elements)]
  }

  private static func choice(_ elements: [JSONValue]) -> JSONValue {
    elements.count == 1 ? elements[0] : ["type": "or", "elements": .array(elements)]
  }
}

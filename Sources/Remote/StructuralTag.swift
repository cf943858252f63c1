package import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON

/// What an answer is held to as vLLM takes it: a structural tag, JSON in a string, which the library xgrammar
/// defines. Special tokens stand in it by their names.
///
///     answer →  ( analysis <|end|> <|start|>assistant | preamble <|end|> <|start|>assistant )*
///               ( final text or JSON | call text or JSON )
///
/// Words are any tokens but markers, and nothing follows JSON but a token that ends the answer. What a tag does
/// not say, ``AnswerContract/check(_:_:)`` finds out afterwards.
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
      [behindChannel(call), behindRole(call)].map { Part(header: $0, schema: call.schema) }
    }
    let reasoning = limit == 0 ? [] : [followed(message(on: .analysis), limit)]
    // A preamble comes before a call.
    var others = contract.mayAnswer && !calls.isEmpty ? [followed(message(on: .commentary))] : []
    if contract.allowsParallelCalls { others += calls.map { followed($0) } }
    var elements: [JSONValue]
    if contract.mayAnswer, limit == nil, !others.isEmpty {
      elements = [star(reasoning + others)]
    } else {
      // A limit is one message's. Who has to call a tool but sees no use in it would go on thinking.
      elements = reasoning.map(optional) + (others.isEmpty ? [] : [star(others)])
    }
    let answer = contract.mayAnswer ? [message(on: .final, fitting: contract.format)] : []
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

  /// A message: its header, and what follows up to its end.
  private struct Part {
    let header: [Segment]
    /// What it has to fit; nil for text.
    let schema: JSONValue?
  }

  private static func message(on channel: Channel, fitting schema: JSONValue? = nil) -> Part {
    Part(header: [.marker(.channel), .text(channel.rawValue), .marker(.message)], schema: schema)
  }

  /// The header of a call with the recipient behind the channel.
  private static func behindChannel(_ call: AnswerContract.Call) -> [Segment] {
    [.marker(.channel)] + contentType(call, behind: call.channel + " to=" + call.recipient)
  }

  /// The header of a call with the recipient behind the role.
  private static func behindRole(_ call: AnswerContract.Call) -> [Segment] {
    [.text(" to=" + call.recipient), .marker(.channel)] + contentType(call, behind: call.channel)
  }

  private static func contentType(_ call: AnswerContract.Call, behind text: String) -> [Segment] {
    call.schema == nil
      ? [.text(text + " code"), .marker(.message)]
      : [.text(text + " "), .marker(.constrain), .text("json"), .marker(.message)]
  }

  /// A message and the beginning of the next one.
  private static func followed(_ part: Part, _ limit: Int? = nil) -> JSONValue {
    let next: [Segment] = [.marker(.end), .marker(.start), .text(Role.assistant.rawValue)]
    return sequence(part.header.map(segment) + [content(part, limit)] + next.map(segment))
  }

  /// A message and the end of the answer.
  private static func last(_ part: Part) -> JSONValue {
    sequence(part.header.map(segment) + [content(part)])
  }

  private static func content(_ part: Part, _ limit: Int? = nil) -> JSONValue {
    part.schema.map(json) ?? words(limit)
  }

  // MARK: xgrammar's formats

  /// A marker is the token and nothing that is spelled like it: whoever may write no more words would write the
  /// marker in letters.
  private static func segment(_ segment: Segment) -> JSONValue {
    switch segment {
    case .marker(let marker): ["type": "token", "token": .string(marker.rawValue)]
    case .text(let text): ["type": "const_string", "value": .string(text)]
    }
  }

  /// Any tokens but markers.
  private static func words(_ limit: Int?) -> JSONValue {
    var object = JSONObject([
      (key: "type", value: "any_tokens"),
      (key: "exclude_tokens", value: .array(Marker.allCases.map { .string($0.rawValue) })),
    ])
    object["max_tokens"] = limit.map { JSONValue($0) }
    return .object(object)
  }

  private static func json(_ schema: JSONValue) -> JSONValue {
    ["type": "json_schema", "json_schema": schema]
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

package import GPTOSS
package import GPTOSSHarmony
package import GPTOSSJSON

/// What an answer is held to as vLLM takes it: a structural tag, JSON in a string, which the library xgrammar
/// defines.
///
///     answer →  ( analysis <|end|> <|start|>assistant | preamble <|end|> <|start|>assistant )*
///               ( final text or JSON | call text or JSON )
///
/// Words are any tokens but markers, and nothing follows JSON but a token that ends the answer. What a tag does
/// not say, ``AnswerContract/check(_:_:)`` finds out afterwards.
package struct StructuralTag: Sendable {
  private let encoding: HarmonyEncoding

  package init(_ encoding: HarmonyEncoding) { self.encoding = encoding }

  /// The structural tag, in the object that vLLM takes.
  ///
  /// - Throws: ``RemoteError/unsupported(option:reason:)`` for a budget of time.
  package func structure(_ contract: AnswerContract) throws(RemoteError) -> JSONValue {
    let tag: JSONValue = ["type": "structural_tag", "format": try format(contract)]
    return ["structural_tag": .string(tag.text)]
  }

  private func format(_ contract: AnswerContract) throws(RemoteError) -> JSONValue {
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
  private func tokenLimit(_ budget: ReasoningBudget?) throws(RemoteError) -> Int? {
    switch budget {
    case nil: nil
    case .tokens(let limit): min(limit, Int(Int32.max))
    case .time:
      throw .unsupported(
        option: "a reasoning budget of seconds", reason: "vLLM counts tokens; give a number of them",
        parameter: "reasoning_budget")
    }
  }

  // MARK: Messages

  /// A message: its header, and what follows up to its end.
  private struct Part {
    let header: String
    /// What it has to fit; nil for text.
    let schema: JSONValue?
  }

  private func message(on channel: Channel, fitting schema: JSONValue? = nil) -> Part {
    Part(header: Marker.channel.rawValue + channel.rawValue + Marker.message.rawValue, schema: schema)
  }

  /// The header of a call with the recipient behind the channel.
  private func behindChannel(_ call: AnswerContract.Call) -> String {
    Marker.channel.rawValue + call.channel + " to=" + call.recipient + contentType(call)
  }

  /// The header of a call with the recipient behind the role.
  private func behindRole(_ call: AnswerContract.Call) -> String {
    " to=" + call.recipient + Marker.channel.rawValue + call.channel + contentType(call)
  }

  private func contentType(_ call: AnswerContract.Call) -> String {
    (call.schema == nil ? " code" : " " + Marker.constrain.rawValue + "json") + Marker.message.rawValue
  }

  /// A message and the beginning of the next one.
  private func followed(_ part: Part, _ limit: Int? = nil) -> JSONValue {
    sequence([
      text(part.header), content(part, limit), token(.end), token(.start), text(Role.assistant.rawValue),
    ])
  }

  /// A message and the end of the answer.
  private func last(_ part: Part) -> JSONValue {
    sequence([text(part.header), content(part)])
  }

  private func content(_ part: Part, _ limit: Int? = nil) -> JSONValue {
    part.schema.map(json) ?? words(limit)
  }

  // MARK: xgrammar's formats

  /// A text, whatever its tokens are: a marker, or letters that spell it.
  ///
  /// Markers of a header stand in its text: behind a text that two tags have in common, xgrammar 0.2.8 may take
  /// a token of the second for impossible, because it remembers what could follow in the first.
  private func text(_ text: String) -> JSONValue {
    ["type": "const_string", "value": .string(text)]
  }

  /// A marker, and nothing that is spelled like it: a model that may write no more words, but wants to, would
  /// begin to spell it.
  private func token(_ marker: Marker) -> JSONValue {
    ["type": "token", "token": id(marker)]
  }

  /// Any tokens but markers.
  private func words(_ limit: Int?) -> JSONValue {
    var object = JSONObject([
      (key: "type", value: "any_tokens"),
      (key: "exclude_tokens", value: .array(Marker.allCases.map(id))),
    ])
    object["max_tokens"] = limit.map { JSONValue($0) }
    return .object(object)
  }

  /// Names of tokens are refused: vLLM looks at a tag before it has a tokenizer to hand.
  private func id(_ marker: Marker) -> JSONValue { JSONValue(encoding.token(of: marker)) }

  private func json(_ schema: JSONValue) -> JSONValue {
    ["type": "json_schema", "json_schema": schema]
  }

  private func sequence(_ elements: [JSONValue]) -> JSONValue {
    ["type": "sequence", "elements": .array(elements)]
  }

  private func optional(_ content: JSONValue) -> JSONValue {
    ["type": "optional", "content": content]
  }

  /// Any number of these.
  private func star(_ elements: [JSONValue]) -> JSONValue {
    ["type": "star", "content": choice(elements)]
  }

  private func choice(_ elements: [JSONValue]) -> JSONValue {
    elements.count == 1 ? elements[0] : ["type": "or", "elements": .array(elements)]
  }
}

package import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON

/// What an answer is held to as vLLM takes it: a structural tag, JSON in a string, which the library xgrammar
/// defines. Special tokens stand in it by their names.
///
/// Two shapes are enough. Where the answer has a format, or a tool has to be called, the whole answer is
/// described:
///
///     answer →  [ analysis <|end|> <|start|>assistant ] [ preamble <|end|> <|start|>assistant ]
///               ( final JSON | call JSON )
///
/// Where the answer is free text, only a call is, from the moment that its header has begun. What a shape does
/// not say, ``AnswerContract/check(_:)`` finds out afterwards.
package enum StructuralTag {
  /// The structural tag, in the object that vLLM takes; nil if there is nothing to hold.
  ///
  /// - Throws: ``RemoteError/unsupported(option:reason:)`` for a tool that is called with text where the whole
  ///   answer has to be described.
  package static func structure(_ contract: AnswerContract) throws(RemoteError) -> JSONValue? {
    guard let format = try format(contract) else { return nil }
    let tag: JSONValue = ["type": "structural_tag", "format": format]
    return ["structural_tag": .string(tag.text)]
  }

  private static func format(_ contract: AnswerContract) throws(RemoteError) -> JSONValue? {
    let calls = contract.calls.filter { $0.schema != nil }
    if contract.format == nil, contract.mayAnswer {
      return calls.isEmpty ? nil : freeText(calls, isClosed: calls.count == contract.calls.count)
    }
    guard calls.count == contract.calls.count else {
      throw .unsupported(
        option: "a tool that is called with text",
        reason: "not beside a format of the answer, or where a tool has to be called")
    }
    return whole(contract)
  }

  // MARK: Free text with calls

  /// - Parameter isClosed: whether no other tool may be called, so that the name is held, too.
  private static func freeText(_ calls: [AnswerContract.Call], isClosed: Bool) -> JSONValue {
    let headers = calls.map { call in
      (behindChannel: Header(channel: call.channel, call), inRole: Header(role: opening, call))
    }
    let beginnings = headers.flatMap { [$0.behindChannel, $0.inRole] }
      .map { isClosed ? $0.beforeName : $0.beforeName + $0.name }
    let tags = zip(calls, headers).flatMap { call, headers in
      [tag(headers.behindChannel.text, call.schema), tag(headers.inRole.text, call.schema)]
    }
    return [
      "type": "triggered_tags", "triggers": .array(Set(beginnings).sorted().map(JSONValue.string)),
      "tags": .array(tags),
    ]
  }

  // MARK: The whole answer

  private static func whole(_ contract: AnswerContract) -> JSONValue {
    var elements = [optional(words(on: .analysis))]
    if contract.mayAnswer, !contract.calls.isEmpty { elements.append(optional(words(on: .commentary))) }
    var ends: [JSONValue] = []
    if contract.mayAnswer, let format = contract.format { ends.append(tag(header(.final), format)) }
    for call in contract.calls {
      ends.append(tag(Header(channel: call.channel, call).text, call.schema))
      ends.append(tag(Header(role: "", call).text, call.schema))
    }
    elements.append(choice(ends))
    return sequence(elements)
  }

  /// A message of words and the beginning of the next one.
  private static func words(on channel: Channel) -> JSONValue {
    sequence([
      [
        "type": "tag", "begin": .string(header(channel)), "content": ["type": "any_text"],
        "end": .string(Marker.end.rawValue),
      ],
      ["type": "const_string", "value": .string(opening)],
    ])
  }

  // MARK: Pieces

  /// What a message begins with that follows another.
  private static let opening = Marker.start.rawValue + Role.assistant.rawValue

  private static func header(_ channel: Channel) -> String {
    Marker.channel.rawValue + channel.rawValue + Marker.message.rawValue
  }

  /// The header of a call.
  private struct Header {
    let beforeName: String
    let name: String
    private let behindName: String
    var text: String { beforeName + name + behindName }

    private static let end = " " + Marker.constrain.rawValue + "json" + Marker.message.rawValue

    /// The recipient behind the channel.
    init(channel: String, _ call: AnswerContract.Call) {
      beforeName = Marker.channel.rawValue + channel + " to="
      (name, behindName) = (call.recipient, Self.end)
    }

    /// The recipient behind the role.
    init(role: String, _ call: AnswerContract.Call) {
      beforeName = role + " to="
      (name, behindName) = (call.recipient, Marker.channel.rawValue + call.channel + Self.end)
    }
  }

  /// JSON behind a header. Then the message may end, or the whole answer.
  private static func tag(_ begin: String, _ schema: JSONValue?) -> JSONValue {
    [
      "type": "tag", "begin": .string(begin),
      "content": ["type": "json_schema", "json_schema": schema ?? true],
      "end": [.string(Marker.end.rawValue), ""],
    ]
  }

  private static func sequence(_ elements: [JSONValue]) -> JSONValue {
    ["type": "sequence", "elements": .array(elements)]
  }

  private static func optional(_ content: JSONValue) -> JSONValue {
    ["type": "optional", "content": content]
  }

  private static func choice(_ elements: [JSONValue]) -> JSONValue {
    elements.count == 1 ? elements[0] : ["type": "or", "elements": .array(elements)]
  }
}

package import GPTOSSJSON

/// One event of a stream, as it is written to the client.
package struct ServerSentEvent: Equatable {
  package let text: String

  /// An event without a name, as chat and completions send them.
  package init(_ json: JSONValue) { text = "data: \(Self.line(json))\n\n" }

  /// An event that is named after its `type`, as Responses and Messages send them.
  package init(named json: JSONValue) {
    text = "event: \(json["type"]?.stringValue ?? "message")\ndata: \(Self.line(json))\n\n"
  }

  private init(text: String) { self.text = text }

  /// The end of a stream of chat and completions.
  package static let done = ServerSentEvent(text: "data: [DONE]\n\n")

  /// A comment with how much of the prompt has been read: clients ignore it, and proxies see that the
  /// connection is alive.
  package static func progress(read: Int, total: Int) -> ServerSentEvent {
    ServerSentEvent(text: ": read \(read) of \(total) tokens of the prompt\n\n")
  }

  /// JSON on one line, also for clients to which U+0085, U+2028 and U+2029 end a line.
  private static func line(_ json: JSONValue) -> String {
    let text = json.text
    guard text.unicodeScalars.contains(where: { lineEnds.keys.contains($0) }) else { return text }
    var line = ""
    for scalar in text.unicodeScalars {
      if let escape = lineEnds[scalar] { line += escape } else { line.unicodeScalars.append(scalar) }
    }
    return line
  }

  private static let lineEnds: [Unicode.Scalar: String] = [
    "\u{85}": "\\u0085", "\u{2028}": "\\u2028", "\u{2029}": "\\u2029",
  ]
}

import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// Breaks when an event is not one line that every client reads as one.
struct ServerSentEventTests {
  @Test func events() {
    #expect(ServerSentEvent(["a": 1]).text == "data: {\"a\":1}\n\n")
    #expect(ServerSentEvent(named: ["type": "x.y"]).text == "event: x.y\ndata: {\"type\":\"x.y\"}\n\n")
    #expect(ServerSentEvent.done.text == "data: [DONE]\n\n")
    #expect(ServerSentEvent.progress(read: 1, total: 2).text.hasPrefix(":"))
  }

  @Test func lineEndsOfAnyKindAreEscaped() throws {
    let text = "a\nb\r\u{85}\u{2028}\u{2029}c"
    let event = ServerSentEvent(["a": .string(text)]).text
    let line = event.dropFirst("data: ".count).dropLast(2)
    #expect(line.unicodeScalars.allSatisfy { !["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0) })
    #expect(try JSONValue(parsing: String(line))["a"]?.stringValue == text)
  }
}

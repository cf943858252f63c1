import GPTOSSHarmony
import Testing

/// What `print` shows.
struct DescriptionTests {
  @Test func aCallLooksLikeOne() {
    let call = ToolCall(recipient: "functions.get_weather", contentType: "json", content: #"{"city":"Oslo"}"#)
    #expect("\(call)" == #"get_weather({"city":"Oslo"})"#)
    #expect("\(ToolCall(recipient: "python", content: "1 + 1"))" == "python(1 + 1)")
  }

  @Test func argumentsAreJSONWithTheirRepairs() throws {
    let plain = ToolCall(recipient: "functions.f", content: #"{"b":1,"a":2}"#)
    #expect("\(try #require(plain.arguments))" == #"{"b":1,"a":2}"#)
    let repaired = ToolCall(recipient: "functions.f", content: #"Here: [{"a":"b"}"#)
    #expect(
      "\(try #require(repaired.arguments))"
        == #"{"a":"b"} (repaired: dropped "Here: " before the object, added "]", took the object out of an array)"#
    )
    for repair in [
      .empty, .trailingText("}"), .unwrappedArray, .unquoted, .unwrappedCall, .unescapedControlCharacters,
      .closed(brackets: "}"),
    ] as [ToolArguments.Repair] {
      #expect("\(repair)".contains(" "), "\(repair)")
    }
  }

  @Test func segmentsAreWhatTheModelReads() throws {
    let segments = try Renderer().segments(of: Message(.user, "<|end|>"))
    #expect(segments.map(\.description).joined() == "<|start|>user<|message|><|end|><|end|>")
    #expect("\(segments)" == #"[<|start|>, "user", <|message|>, "<|end|>", <|end|>]"#, "text is in quotes")
  }

  @Test func messagesSayWhoSpeaksToWhom() {
    #expect("\(Message(.user, "Hi"))" == "user: Hi")
    let call = Message(.assistant, "{}", channel: .commentary, recipient: "functions.f")
    #expect("\(call)" == "assistant to functions.f on commentary: {}")
    #expect(
      "\(Message.toolResult("4", from: "functions.f"))" == "tool functions.f to assistant on commentary: 4")
    #expect("\(Message.developer(DeveloperContent(instructions: "Be brief.")))".contains("Be brief."))
    #expect("\(Channel.final)" == "final")
  }
}

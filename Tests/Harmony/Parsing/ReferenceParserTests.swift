import GPTOSSHarmony
import GPTOSSTokenizer
import Testing

/// Parsing as OpenAI's library does.
///
/// The tests named in the comments are its own (openai/harmony v0.0.8, `tests/test_harmony.py` and
/// `src/tests.rs`).
@Suite struct ReferenceParserTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    var role: Role? = .assistant
    var strictness = ReferenceParser.Strictness.strict
    let messages: [Message]
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "test_simple_reasoning_response",
      text: """
        <|channel|>analysis<|message|>User asks: "What is 2 + 2?" Simple arithmetic. Provide answer.<|return|>\
        <|start|>assistant<|channel|>final<|message|>2 + 2 = 4.
        """,
      messages: [
        Message(
          .assistant, #"User asks: "What is 2 + 2?" Simple arithmetic. Provide answer."#, channel: .analysis),
        Message(.assistant, "2 + 2 = 4.", channel: .final),
      ]),
    Case(
      name: "test_simple_tool_call",
      text: """
        <|channel|>analysis<|message|>User asks: "What is the weather in Tokyo?" We need to use lookup_weather \
        tool.<|return|><|start|>assistant to=lookup_weather<|channel|>analysis code<|message|>{"location": "Tokyo"}
        """,
      messages: [
        Message(
          .assistant, #"User asks: "What is the weather in Tokyo?" We need to use lookup_weather tool."#,
          channel: .analysis),
        Message(
          .assistant, #"{"location": "Tokyo"}"#, channel: .analysis, recipient: "lookup_weather",
          contentType: "code"),
      ]),
    Case(
      name: "test_tool_call_with_constrain_tokenized_correctly",
      text: """
        <|start|>assistant to=functions.get_weather<|channel|>commentary <|constrain|>json<|message|>\
        {"location": "Tokyo"}<|call|>
        """,
      role: nil, messages: [tokyo("<|constrain|>json")]),
    Case(
      name: "test_tool_call_with_constrain_marker_adjacent",
      text: """
        <|start|>assistant to=functions.get_weather<|channel|>commentary<|constrain|>json<|message|>\
        {"location": "Tokyo"}<|call|>
        """,
      role: nil, messages: [tokyo("<|constrain|>json")]),
    Case(
      name: "test_tool_call_with_channel_before_recipient_and_constrain_adjacent",
      text: """
        <|start|>assistant<|channel|>commentary to=functions.get_weather<|constrain|>json<|message|>\
        {"location": "Tokyo"}<|call|>
        """,
      role: nil, messages: [tokyo("<|constrain|>json")]),
    Case(
      name: "test_tool_response_parsing",
      text: """
        <|start|>browser.search to=assistant<|channel|>commentary<|message|>{"result": "https://openai.com/"}
        """,
      role: nil,
      messages: [.toolResult(#"{"result": "https://openai.com/"}"#, from: "browser.search")]),
    Case(
      name: "test_streamable_parser",
      text: """
        <|channel|>analysis<|message|>We need to browse.<|end|><|start|>assistant<|channel|>commentary \
        to=browser.search code<|message|>{"query": "president", "topn": 10}<|call|><|start|>browser.search \
        to=assistant<|channel|>commentary<|message|>{"result": "https://openai.com/"}<|end|>
        """,
      messages: [
        Message(.assistant, "We need to browse.", channel: .analysis),
        Message(
          .assistant, #"{"query": "president", "topn": 10}"#, channel: .commentary,
          recipient: "browser.search",
          contentType: "code"),
        .toolResult(#"{"result": "https://openai.com/"}"#, from: "browser.search"),
      ]),
    Case(
      name: "test_streamable_parser_missing_message_token",
      text: """
        I must refuse<|end|><|start|>assistant<|channel|>analysis<|message|>We must refuse<|end|>\
        <|start|>assistant<|channel|>final<|message|>I'm sorry, but I can't help with that.<|return|>
        """,
      strictness: .permissive, messages: [Message(.assistant, "I must refuse")] + refusal),
    Case(
      name: "test_streamable_parser_missing_message_token_other_initial_headers",
      text: """
        <|channel|>analysis I must refuse<|end|><|start|>assistant<|channel|>analysis<|message|>We must refuse<|end|>\
        <|start|>assistant<|channel|>final<|message|>I'm sorry, but I can't help with that.<|return|>
        """,
      strictness: .permissive,
      messages: [Message(.assistant, "I must refuse", channel: .analysis)] + refusal),
    Case(
      name: "test_streamable_parser_missing_message_token_tool_call",
      text: """
        ... Let's use the tool.<|end|><|start|>assistant to=functions.get_weather<|channel|>commentary json<|message|>\
        {"location": "Tokyo"}<|call|>
        """,
      strictness: .permissive, messages: [Message(.assistant, "... Let's use the tool."), tokyo("json")]),
    Case(
      name: "test_missing_message_token_requires_non_strict_mode", text: "<|channel|>commentary Hello<|end|>",
      strictness: .permissive, messages: [Message(.assistant, "Hello", channel: .commentary)]),
    Case(
      name: "a header that names its tool without to=",
      text: "<|channel|>commentary functions.f json<|message|>{}",
      messages: [
        Message(.assistant, "{}", channel: .commentary, recipient: "functions.f", contentType: "json")
      ]),
    Case(
      name: "special tokens that end no message are text within content",
      text: "<|channel|>final<|message|>a<|start|>b<|channel|>c<|endoftext|><|return|>",
      messages: [Message(.assistant, "a<|start|>b<|channel|>c<|endoftext|>", channel: .final)]),
    Case(
      name: "a header without a role is dropped when permissive", text: "<|start|>assistant<|end|>",
      role: nil, strictness: .permissive, messages: []),
  ]

  private static func tokyo(_ contentType: String) -> Message {
    Message(
      .assistant, #"{"location": "Tokyo"}"#, channel: .commentary, recipient: "functions.get_weather",
      contentType: contentType)
  }

  private static let refusal = [
    Message(.assistant, "We must refuse", channel: .analysis),
    Message(.assistant, "I'm sorry, but I can't help with that.", channel: .final),
  ]

  @Test(arguments: TestEncoding.all, cases)
  func messages(_ named: TestEncoding.Named, _ test: Case) throws {
    var parser = ReferenceParser(encoding: named.encoding, role: test.role, strictness: test.strictness)
    _ = try parser.run(named.encoding.tokens(spelled: test.text))
    #expect(parser.messages == test.messages)
    #expect(parser.phase == .expectStart)
    #expect(parser.delta == nil)
    #expect(parser.content.isEmpty)
  }

  @Test("What strict refuses", arguments: TestEncoding.all)
  func errors(_ named: TestEncoding.Named) throws {
    let encoding = named.encoding
    let end = encoding.token(of: .end)
    let table: [(text: String, role: Role?, strictness: ReferenceParser.Strictness, error: HarmonyError)] = [
      (
        "I must refuse<|end|><|start|>assistant<|message|>x", .assistant, .strict,
        .unexpectedHeaderText("I")
      ),
      ("<|channel|>commentary to=a b c<|message|>x", .assistant, .strict, .unexpectedHeaderText("to=a")),
      ("<|channel|> final<|message|>x", .assistant, .strict, .emptyChannel),
      ("<|channel|><|end|>", .assistant, .permissive, .emptyChannel),
      ("<|start|><|message|>x", nil, .strict, .missingRole),
      ("<|start|>final<|message|>x", nil, .strict, .unknownRole("final")),
      ("<|end|>", nil, .strict, .unexpectedToken(end)),
      ("<|channel|>final<|message|>x<|end|><|end|>", .assistant, .permissive, .unexpectedToken(end)),
      ("<|channel|>final", .assistant, .strict, .unexpectedEnd),
      ("<|channel|>final", .assistant, .permissive, .unexpectedEnd),
    ]
    for row in table {
      var parser = ReferenceParser(encoding: encoding, role: row.role, strictness: row.strictness)
      #expect(throws: row.error, "\(row.text)") { try parser.run(encoding.tokens(spelled: row.text)) }
    }
    var parser = ReferenceParser(encoding: encoding, role: .assistant)
    #expect(throws: HarmonyError.undecodableHeader) {
      try parser.run([99_999_999, encoding.token(of: .message)])
    }
  }

  // MARK: Streaming

  /// Tokens that end within a character: ` F0 9F` and what goes on with it.
  private static func halves(_ encoding: HarmonyEncoding) -> TokenID {
    TestEncoding.real.map { $0.tokenizer.vocabulary === encoding.tokenizer.vocabulary } == true ? 9552 : 256
  }

  @Test("test_streamable_parser_invalid_utf8_decoding", arguments: TestEncoding.all) func invalidUTF8(
    _ named: TestEncoding.Named
  ) throws {
    let encoding = named.encoding
    let half = Self.halves(encoding)
    let table: [(tokens: [TokenID], text: String, reason: String)] = [
      ([half, half] + encoding.tokens(spelled: "worked"), " \u{FFFD} \u{FFFD}worked", "twice, then text"),
      ([half] + encoding.tokens(spelled: "XY"), " \u{FFFD}XY", "split across tokens"),
      ([half] + encoding.tokens(spelled: " interesting"), " \u{FFFD} interesting", "before a long token"),
      ([half, half], " \u{FFFD} \u{FFFD}", "at the end of the message"),
      (
        [half, 99_999_999] + encoding.tokens(spelled: "lost"), " \u{FFFD}\u{FFFD}",
        "an unknown token takes the rest of the message with it"
      ),
    ]
    for row in table {
      var parser = ReferenceParser(encoding: encoding, role: nil)
      let start = encoding.tokens(spelled: "<|start|>assistant<|message|>")
      _ = try parser.run(
        start + row.tokens + encoding.tokens(spelled: "<|end|><|start|>assistant<|message|>Hi<|end|>"))
      #expect(parser.messages == [Message(.assistant, row.text), Message(.assistant, "Hi")], "\(row.reason)")
    }
  }

  @Test(
    "test_streamable_parser_invalid_utf8_decoding_multi_byte_token_no_eos_marker", arguments: TestEncoding.all
  ) func contentIsThereBeforeTheEnd(_ named: TestEncoding.Named) throws {
    let encoding = named.encoding
    var parser = ReferenceParser(encoding: encoding, role: nil)
    let tokens =
      encoding.tokens(spelled: "<|start|>assistant<|message|>") + [Self.halves(encoding)]
      + encoding.tokens(spelled: " interesting story")
    let deltas = try parser.run(tokens, finishing: false)
    #expect(parser.content == " \u{FFFD} interesting story")
    #expect(deltas.joined() == parser.content)
    try parser.process(encoding.tokens(spelled: "Y")[0])
    #expect(parser.delta == "Y")
    #expect(parser.content == " \u{FFFD} interesting storyY")
    try parser.finish()
    #expect(parser.messages == [Message(.assistant, " \u{FFFD} interesting storyY")])
    #expect(parser.delta == nil)
    #expect(parser.content.isEmpty)
  }

  @Test("test_streamable_parser_tricky_utf8_decoding", arguments: TestEncoding.all)
  func charactersAreNeverHalf(_ named: TestEncoding.Named) throws {
    let encoding = named.encoding
    let text = """
      Hello Müller, Γειά σου, Привет, שלום, مرحبا, नमस्ते, こんにちは, 안녕하세요, 你好. \
      Normalized (naïve) vs. decomposed (nai\u{308}ve) characters. Some emojis: 😊👋🏾👨‍👩‍👧‍👦🇺🇸💖.
      """
    var parser = ReferenceParser(encoding: encoding, role: .assistant)
    let deltas = try parser.run(encoding.tokens(spelled: "<|message|>\(text)<|end|>"))
    #expect(parser.messages.map(\.text).joined().utf8.elementsEqual(text.utf8))
    #expect(deltas.joined().utf8.elementsEqual(text.utf8))
    #expect(!deltas.contains { $0.contains("\u{FFFD}") })
  }

  @Test(arguments: TestEncoding.all) func whatItKnowsAfterEachToken(_ named: TestEncoding.Named) throws {
    let encoding = named.encoding
    var parser = ReferenceParser(encoding: encoding, role: .assistant)
    #expect(parser.phase == .header)
    #expect(parser.role == .assistant)
    _ = try parser.run(
      encoding.tokens(spelled: "<|channel|>commentary to=functions.f json"), finishing: false)
    #expect(parser.header == nil)
    try parser.process(encoding.token(of: .message))
    let header = MessageHeader(
      author: Author(.assistant), recipient: "functions.f", channel: .commentary, contentType: "json")
    #expect(parser.header == header)
    #expect(parser.phase == .content)
    try parser.process(encoding.token(of: .call))
    #expect(parser.header == nil)
    #expect(parser.role == nil)
    #expect(parser.phase == .expectStart)
  }

  @Test(.enabled(if: TestEncoding.real != nil, "\(TestEncoding.realIsMissing)"))
  func tokensOfTheRealVocabulary() throws {
    let tokens = [
      200_005, 35_644, 200_008, 1844, 31_064, 25, 392, 4827, 382, 220, 17, 659, 220, 17, 16_842, 12_295,
      81_645,
      13, 51_441, 6052, 13, 200_002, 200_006, 173_781, 200_005, 17_196, 200_008, 17, 659, 220, 17, 314, 220,
      19,
      13,
    ]
    var parser = ReferenceParser(encoding: try #require(TestEncoding.real), role: .assistant)
    _ = try parser.run(tokens)
    #expect(parser.messages == Self.cases[0].messages)
  }
}

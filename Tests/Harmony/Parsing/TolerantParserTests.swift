import GPTOSSHarmony
import GPTOSSTokenizer
import Testing

@Suite struct TolerantParserTests {
  @Test func theTableIsLongEnough() {
    #expect(MalformedOutput.all.count >= 40)
  }

  @Test(arguments: TestEncoding.all) func malformedOutputs(_ named: TestEncoding.Named) throws {
    for output in MalformedOutput.all {
      var parser = TolerantParser(encoding: named.encoding, tools: output.tools)
      let deltas = try parser.run(tokens(of: output.text, named.encoding))
      let label: Comment = "\(output.source): \(output.shape): \(output.text): \(parser.repairs.map(\.kind))"
      #expect(parser.messages.map(MalformedOutput.summary) == output.messages, label)
      #expect(deltas.joined() == parser.messages.map(\.text).joined(), label)
      #expect(!parser.repairs.isEmpty == output.isRepaired, label)
      #expect(parser.phase == .expectStart, label)
    }
  }

  /// In the table, `␛` stands for the bar of a marker that is written in letters.
  private func tokens(of text: String, _ encoding: HarmonyEncoding) -> [TokenID] {
    let parts = text.split(separator: "␛", omittingEmptySubsequences: false).map(String.init)
    return encoding.tokens(spelled: parts[0])
      + parts.dropFirst().flatMap { encoding.tokens(spelled: "|" + $0) }
  }

  /// What was repaired, and at which token.
  @Test(
    arguments: [
      ("<|channel|>final<|message|>Hi<|end|><|return|>", [Repair.Kind.strayMarker(.return)]),
      ("<|channel|>final Hi<|return|>", [.missingMessage]),
      ("<|channel|>finalx<|message|>Hi<|return|>", [.malformedChannel("finalx")]),
      ("<|channel|>??<|message|>Hi<|return|>", [.unknownChannel("??")]),
      ("<|channel|>summary<|message|>Hi<|return|>", [.unknownChannel("summary")]),
      (
        "<|channel|>final<|message|>Hi<|start|>assistant<|channel|>final<|message|>Ho<|return|>",
        [.missingEnd]
      ),
      ("<|channel|>final<|message|>Hi<|end|><|channel|>final<|message|>Ho<|return|>", [.missingStart]),
      (
        "<|channel|>final<|message|>Hi<|end|><|start|>final<|message|>Ho<|return|>",
        [.missingRole, .missingChannelMarker]
      ),
      (
        "<|channel|>final<|message|>Hi<|end|><|start|>ghost<|channel|>final<|message|>Ho<|return|>",
        [.unknownRole("ghost"), .ignoredHeaderText("ghost")]
      ),
      ("<|channel|>analysis<|channel|>final<|message|>Hi<|return|>", [.repeatedChannel]),
      (
        " to=functions.a<|channel|>commentary to=functions.b<|message|>{}<|call|>",
        [.repeatedRecipient("functions.a")]
      ),
      ("<|channel|>commentary to=assistant<|message|>Hi<|end|>", [.selfAddressed]),
      ("<|channel|>final to=...<|message|>Hi<|return|>", []),
      ("<|channel|>commentary to=functions.fjson<|message|>{}<|call|>", [.gluedContentType]),
      ("<|channel|>commentary<|message|>{}<|call|>", [.callWithoutRecipient]),
      ("<|channel|>final a b<|message|>Hi<|return|>", [.textBeforeMessage("a b")]),
      ("<|channel|>analysis a b<|message|>Hi<|return|>", [.ignoredHeaderText("a b")]),
      ("<|channel|>final", [.droppedHeader("<|channel|>final")]),
      ("<|channel|>final<|message|>a<|reserved_200013|><|return|>", [.strayToken(-1)]),
      ("<|channel|>final<|message|>a<|constrain|>b<|return|>", [.strayMarker(.constrain)]),
    ] as [(String, [Repair.Kind])])
  func repairs(_ text: String, expected: [Repair.Kind]) throws {
    let encoding = TestEncoding.small
    var parser = TolerantParser(encoding: encoding)
    _ = try parser.run(encoding.tokens(spelled: text))
    let reserved = try #require(encoding.tokenizer.vocabulary.specialToken("<|reserved_200013|>"))
    #expect(parser.repairs.map(\.kind) == expected.map { $0 == .strayToken(-1) ? .strayToken(reserved) : $0 })
  }

  /// APIs allow names that end in the signs that prose puts behind a name.
  @Test(arguments: ["functions.a-", "functions.-", "functions.a..", "functions.a."])
  func namesMayEndInSigns(_ name: String) throws {
    let encoding = TestEncoding.small
    var parser = TolerantParser(encoding: encoding, tools: [name, "functions.b"])
    _ = try parser.run(encoding.tokens(spelled: "<|channel|>commentary to=\(name)<|message|>{}<|call|>"))
    #expect(parser.messages.map(\.recipient) == [name])
    #expect(parser.repairs.isEmpty)

    parser = TolerantParser(encoding: encoding, tools: ["functions.b"])
    _ = try parser.run(encoding.tokens(spelled: "<|channel|>commentary to=functions.b.-<|message|>{}"))
    #expect(parser.messages.map(\.recipient) == ["functions.b"])
  }

  @Test func repairsSayWhere() throws {
    let encoding = TestEncoding.small
    var parser = TolerantParser(encoding: encoding)
    // One token per byte: 7 of `<|channel|>final`, `<|message|>`, 2 of the content, `<|end|>`, then the
    // stray.
    _ = try parser.run(encoding.tokens(spelled: "<|channel|>final<|message|>Hi<|end|><|return|>"))
    #expect(parser.repairs == [Repair(kind: .strayMarker(.return), tokenIndex: 10)])
  }

  @Test func unknownTokensAreDropped() throws {
    let encoding = TestEncoding.small
    var parser = TolerantParser(encoding: encoding)
    let tokens = encoding.tokens(spelled: "<|channel|>final<|message|>a") + [99_999_999, -1, Int.max]
    _ = try parser.run(tokens + encoding.tokens(spelled: "b<|return|>"))
    #expect(parser.messages == [Message(.assistant, "ab", channel: .final)])
    #expect(
      parser.repairs.map(\.kind) == [.unknownToken(99_999_999), .unknownToken(-1), .unknownToken(.max)])
  }

  // MARK: Streaming

  /// The delta that a message ends with belongs to that message.
  @Test(arguments: TestEncoding.all) func headerOfTheLastDelta(_ named: TestEncoding.Named) throws {
    let encoding = named.encoding
    var parser = TolerantParser(encoding: encoding)
    for text in ["<|channel|>", "final", " Hello", " you"] {
      for token in encoding.tokens(spelled: text) { parser.process(token) }
      #expect(parser.delta == nil)
      #expect(parser.header == nil)
    }
    parser.process(encoding.token(of: .return))
    #expect(parser.delta == "Hello you")
    #expect(parser.header?.channel == .final)
    #expect(parser.phase == .expectStart)
    parser.process(encoding.token(of: .return))
    #expect(parser.delta == nil)
    #expect(parser.header == nil)
  }

  /// A model that forgets `<|message|>` must not keep its reader waiting for the end.
  @Test(arguments: TestEncoding.all) func aLongHeaderIsContent(_ named: TestEncoding.Named) throws {
    let encoding = named.encoding
    let text = String(repeating: "Ein Wörtchen 🙂 mehr. ", count: 60)
    var parser = TolerantParser(encoding: encoding)
    let deltas = try parser.run(encoding.tokens(spelled: "<|channel|>final \(text)<|return|>"))
    #expect(parser.messages == [Message(.assistant, text, channel: .final)])
    #expect(deltas.joined() == text)
    #expect(deltas.count > 10)
    #expect(parser.repairs.map(\.kind) == [.missingMessage])
  }

  /// A header that is never a whole character at its end ends, too.
  @Test(.timeLimit(.minutes(1))) func aHeaderOfHalvesIsContent() throws {
    let encoding = TestEncoding.small
    let half = try #require(encoding.tokens(spelled: "é").first)
    var parser = TolerantParser(encoding: encoding)
    for _ in 0..<20_000 { parser.process(half) }
    for _ in 0..<20_000 { parser.process(encoding.token(of: .channel)) }
    #expect(parser.messages.count == 1)
  }

  @Test(arguments: TestEncoding.all) func charactersAreNeverHalf(_ named: TestEncoding.Named) throws {
    let encoding = named.encoding
    let text = "Grüße, 你好, 👨‍👩‍👧‍👦"
    var parser = TolerantParser(encoding: encoding)
    let deltas = try parser.run(encoding.tokens(spelled: "<|channel|>final<|message|>\(text)<|return|>"))
    #expect(deltas.joined() == text)
    #expect(!deltas.contains { $0.contains("\u{FFFD}") })
  }

  /// A character that the end cuts in half reaches the message and its deltas alike.
  @Test func halfACharacterAtTheEnd() throws {
    let encoding = TestEncoding.small
    let start = encoding.tokens(spelled: "<|channel|>final<|message|>a")
    for end in [encoding.tokens(spelled: "<|return|>"), encoding.tokens(spelled: "<|start|>"), []] {
      var parser = TolerantParser(encoding: encoding)
      let deltas = try parser.run(start + [257] + end)
      #expect(parser.messages == [Message(.assistant, "a\u{FFFD}", channel: .final)])
      #expect(deltas == ["a", "\u{FFFD}"])
      #expect(parser.header == nil || end.isEmpty)
    }
  }

  // MARK: Well-formed output

  /// Whatever the renderer writes, all three parsers read alike.
  @Test(arguments: TestEncoding.all) func wellFormedOutputNeedsNoRepair(_ named: TestEncoding.Named) throws {
    let encoding = named.encoding
    let messages = [
      Message(.assistant, "Thinking…", channel: .analysis),
      Message(.assistant, "Let me look.", channel: .commentary),
      Message(
        .assistant, "{}", channel: .commentary, recipient: "functions.a_b-c", contentType: "<|constrain|>json"
      ),
      .toolResult("42", from: "functions.a_b-c"),
      Message(.assistant, "print(1)", channel: .analysis, recipient: "python", contentType: "code"),
      .toolResult("1", from: "python", channel: nil),
      Message(.assistant, "{\"a\": 1}", channel: .final, contentType: "<|constrain|>json"),
      Message(.assistant, "", channel: .final),
      Message(.assistant, "The answer.", channel: .final),
    ]
    let tokens = try encoding.render(Conversation(messages), history: .everything)
    var tolerant = TolerantParser(encoding: encoding, role: nil)
    var strict = ReferenceParser(encoding: encoding, role: nil)
    for token in tokens {
      tolerant.process(token)
      try strict.process(token)
      #expect(tolerant.delta == strict.delta)
      #expect(tolerant.phase == strict.phase)
    }
    #expect(tolerant.messages == messages)
    #expect(tolerant.repairs.isEmpty)
    // The reference takes a content type that stands alone for a recipient.
    var readByReference = messages
    readByReference[6].recipient = readByReference[6].contentType
    readByReference[6].contentType = nil
    #expect(strict.messages == readByReference)
  }
}

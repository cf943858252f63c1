import GPTOSSHarmony
import GPTOSSTokenizer
import Testing

/// Prompts.
///
/// The texts are those that OpenAI's library renders; the tests named in the cases are its
/// own (openai/harmony v0.0.8, `tests/test_harmony.py`).
@Suite struct RendererTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let messages: [Message]
    var history = History.reference
    let prompt: String
    var testDescription: String { name }
  }

  static let cases: [Case] = basicCases + effortCases + toolCases + namespaceCases + historyCases

  @Test(arguments: TestEncoding.all, cases)
  func promptForCompletion(_ named: TestEncoding.Named, _ test: Case) throws {
    let encoding = named.encoding
    let tokens = try encoding.renderForCompletion(Conversation(test.messages), history: test.history)
    #expect(try encoding.spelling(of: tokens) == test.prompt)
    #expect(tokens == encoding.tokens(spelled: test.prompt))
  }

  // MARK: OpenAI's cases

  static let basicCases = [
    Case(
      name: "test_simple_convo",
      messages: [.system(SystemContent()), Message(.user, "What is 2 + 2?")],
      prompt: """
        <|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
        Knowledge cutoff: 2024-06

        Reasoning: medium

        # Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>\
        <|start|>user<|message|>What is 2 + 2?<|end|><|start|>assistant
        """),
    Case(
      name: "test_reasoning_system_message",
      messages: [
        .system(SystemContent(channels: ChannelConfiguration(validChannels: ["analysis", "final"]))),
        Message(.user, "What is 2 + 2?"),
      ],
      prompt: """
        <|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
        Knowledge cutoff: 2024-06

        Reasoning: medium

        # Valid channels: analysis, final. Channel must be included for every message.<|end|>\
        <|start|>user<|message|>What is 2 + 2?<|end|><|start|>assistant
        """),
    Case(
      name: "test_reasoning_system_message_no_instruction",
      messages: [
        .system(
          SystemContent(
            reasoningEffort: .high, channels: ChannelConfiguration(validChannels: ["analysis", "final"]))),
        Message(.user, "What is the best place to eat candy in the world?"),
      ],
      prompt: """
        <|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
        Knowledge cutoff: 2024-06

        Reasoning: high

        # Valid channels: analysis, final. Channel must be included for every message.<|end|>\
        <|start|>user<|message|>What is the best place to eat candy in the world?<|end|><|start|>assistant
        """),
    Case(
      name: "test_reasoning_system_message_with_dates",
      messages: [
        .system(
          SystemContent(
            conversationStartDate: "2021-01-01", knowledgeCutoff: "2021-01",
            channels: ChannelConfiguration(validChannels: ["analysis", "final"]))),
        Message(.user, "What is 42 * pi?"),
      ],
      prompt: """
        <|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
        Knowledge cutoff: 2021-01
        Current date: 2021-01-01

        Reasoning: medium

        # Valid channels: analysis, final. Channel must be included for every message.<|end|>\
        <|start|>user<|message|>What is 42 * pi?<|end|><|start|>assistant
        """),
  ]

  /// `test_simple_convo_with_effort`: three efforts, with and without instructions.
  static let effortCases = ReasoningEffort.allCases.flatMap { effort in
    [true, false].map { hasInstructions in
      let instructions = Message.developer(
        DeveloperContent(instructions: "Answer the user's questions like a robot."))
      let question = "What is the capital of the largest country in the world?"
      return Case(
        name: "test_simple_convo_with_effort \(effort) \(hasInstructions)",
        messages: [.system(SystemContent(reasoningEffort: effort))]
          + (hasInstructions ? [instructions] : []) + [Message(.user, question)],
        prompt: """
          <|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.
          Knowledge cutoff: 2024-06

          Reasoning: \(effort.rawValue)

          # Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>
          """
            + (hasInstructions
              ? """
              <|start|>developer<|message|># Instructions

              Answer the user's questions like a robot.<|end|>
              """ : "") + "<|start|>user<|message|>\(question)<|end|><|start|>assistant")
    }
  }

  static let historyCases = [
    Case(
      name: "test_dropping_cot_by_default",
      messages: [
        Message(.user, "What is 2 + 2?"),
        Message(
          .assistant, "User asks: “What is 2 + 2?” Simple arithmetic. Provide answer.", channel: .analysis),
        Message(.assistant, "2 + 2 equals 4.", channel: .final),
        Message(.user, "What about 9 / 2?"),
      ],
      prompt: """
        <|start|>user<|message|>What is 2 + 2?<|end|>\
        <|start|>assistant<|channel|>final<|message|>2 + 2 equals 4.<|end|>\
        <|start|>user<|message|>What about 9 / 2?<|end|><|start|>assistant
        """),
    Case(
      name: "test_does_not_drop_if_ongoing_analysis",
      messages: [
        Message(.user, "What is the weather in SF?"),
        Message(
          .assistant, "User asks: “What is the weather in SF?” We need to use lookup_weather tool.",
          channel: .analysis),
        Message(
          .assistant, #"{"location": "San Francisco"}"#, channel: .commentary,
          recipient: "functions.lookup_weather", contentType: "<|constrain|>json"),
        Message(
          author: Author(.tool, name: "functions.lookup_weather"),
          content: [.text(#"{"temperature": 20, "description": "sunny"}"#)]),
      ],
      prompt: """
        <|start|>user<|message|>What is the weather in SF?<|end|><|start|>assistant<|channel|>analysis<|message|>\
        User asks: “What is the weather in SF?” We need to use lookup_weather tool.<|end|>\
        <|start|>assistant to=functions.lookup_weather<|channel|>commentary <|constrain|>json<|message|>\
        {"location": "San Francisco"}<|call|><|start|>functions.lookup_weather<|message|>\
        {"temperature": 20, "description": "sunny"}<|end|><|start|>assistant
        """),
    Case(
      name: "test_preserve_cot",
      messages: [
        Message(.user, "What is 2 + 2?"),
        Message(
          .assistant, #"User asks a simple question: "What is 2 + 2?" The answer: 4."#, channel: .analysis),
        Message(.assistant, "2 + 2 equals 4.", channel: .final),
        Message(.user, "What about 9 / 2?"),
      ],
      history: .everything,
      prompt: """
        <|start|>user<|message|>What is 2 + 2?<|end|><|start|>assistant<|channel|>analysis<|message|>\
        User asks a simple question: "What is 2 + 2?" The answer: 4.<|end|>\
        <|start|>assistant<|channel|>final<|message|>2 + 2 equals 4.<|end|>\
        <|start|>user<|message|>What about 9 / 2?<|end|><|start|>assistant
        """),
  ]

  @Test("test_keep_analysis_between_final_messages", arguments: TestEncoding.all)
  func keepsAnalysisBetweenFinals(_ named: TestEncoding.Named) throws {
    let conversation = Conversation([
      Message(.user, "What is 2 + 2?"),
      Message(.assistant, "thinking 2+2", channel: .analysis),
      Message(.assistant, "4", channel: .final),
      Message(.user, "What is 3 + 5?"),
      Message(.assistant, "thinking 3+5", channel: .analysis),
      Message(.assistant, "8", channel: .final),
    ])
    let tokens = try named.encoding.render(conversation, history: .reference)
    #expect(
      try named.encoding.spelling(of: tokens) == """
        <|start|>user<|message|>What is 2 + 2?<|end|><|start|>assistant<|channel|>final<|message|>4<|end|>\
        <|start|>user<|message|>What is 3 + 5?<|end|>\
        <|start|>assistant<|channel|>analysis<|message|>thinking 3+5<|end|>\
        <|start|>assistant<|channel|>final<|message|>8<|end|>
        """)
  }

  @Test("test_render_and_render_conversation_roundtrip", arguments: TestEncoding.all)
  func messageConversationAndCompletionAgree(_ named: TestEncoding.Named) throws {
    let message = Message(.user, "Hello")
    let tokens = try named.encoding.render(Conversation([message]))
    #expect(try named.encoding.render(message) == tokens)
    #expect(try named.encoding.renderForCompletion(Conversation([message])).starts(with: tokens))
  }

  @Test("test_render_conversation_for_training_final_channel", arguments: TestEncoding.all)
  func trainingEndsWithReturn(_ named: TestEncoding.Named) throws {
    let conversation = Conversation([Message(.user, "hi"), Message(.assistant, "hello", channel: .final)])
    let regular = try named.encoding.render(conversation)
    let training = try named.encoding.renderForTraining(conversation)
    #expect(training.dropLast() == regular.dropLast())
    #expect(regular.last == named.encoding.token(of: .end))
    #expect(training.last == named.encoding.token(of: .return))
  }

  @Test("test_render_conversation_for_training_non_final", arguments: TestEncoding.all)
  func trainingWithoutAnswerIsRegular(_ named: TestEncoding.Named) throws {
    let conversation = Conversation([Message(.user, "hi")])
    #expect(try named.encoding.renderForTraining(conversation) == named.encoding.render(conversation))
  }

  // MARK: More

  @Test(arguments: TestEncoding.all) func textNeverBecomesASpecialToken(_ named: TestEncoding.Named) throws {
    let encoding = named.encoding
    let text = Marker.allCases.map(\.rawValue).joined() + "<|endoftext|>"
    let message = Message(
      author: Author(.user, name: text), content: [.text(text)], channel: Channel(rawValue: text),
      recipient: text,
      contentType: " " + text)
    let tokens = try encoding.render(message)
    let markers = Marker.allCases.map { encoding.token(of: $0) }
    #expect(
      tokens.filter(markers.contains) == [.start, .channel, .message, .end].map { encoding.token(of: $0) })
    #expect(
      try encoding.spelling(of: tokens)
        == "<|start|>user:\(text) to=\(text)<|channel|>\(text)  \(text)<|message|>\(text)<|end|>")
  }

  @Test(arguments: [
    ("<|constrain|>json", [Segment.text(" "), .marker(.constrain), .text("json")]),
    ("<|constrain|>", [.text(" "), .marker(.constrain), .text("")]),
    ("json", [.text(" json")]),
    ("x<|constrain|>json", [.text(" x<|constrain|>json")]),
    ("", [.text(" ")]),
  ])
  func contentTypes(_ contentType: String, expected: [Segment]) throws {
    let message = Message(.assistant, "", contentType: contentType)
    let segments = try Renderer().segments(of: message)
    #expect(
      segments == [.marker(.start), .text("assistant")] + expected + [
        .marker(.message), .text(""), .marker(.end),
      ])
  }

  @Test func recipientsAndEndings() throws {
    func spelled(_ message: Message) throws -> String {
      try Renderer().segments(of: message).map {
        switch $0 {
        case .marker(let marker): marker.rawValue
        case .text(let text): text
        }
      }.joined(separator: "¦")
    }
    #expect(
      try spelled(Message(.assistant, "x", channel: .analysis, recipient: "python", contentType: "code"))
        == "<|start|>¦assistant¦ to=python¦<|channel|>¦analysis¦ code¦<|message|>¦x¦<|call|>")
    #expect(
      try spelled(Message(.assistant, "x", recipient: "all")) == "<|start|>¦assistant¦<|message|>¦x¦<|call|>")
    #expect(
      try spelled(.toolResult("r", from: "functions.f"))
        == "<|start|>¦functions.f¦ to=assistant¦<|channel|>¦commentary¦<|message|>¦r¦<|end|>")
    #expect(
      try spelled(Message(author: Author(.user), content: [.text("a"), .text("b")]))
        == "<|start|>¦user¦<|message|>¦a¦b¦<|end|>")
  }

  @Test func whatCannotBeRendered() {
    #expect(throws: HarmonyError.toolWithoutName) { try Renderer().segments(of: Message(.tool, "x")) }
    #expect(throws: HarmonyError.contentInWrongRole(content: "system_content", role: .user)) {
      try Renderer().segments(of: Message(author: Author(.user), content: [.system(SystemContent())]))
    }
    #expect(throws: HarmonyError.contentInWrongRole(content: "developer_content", role: .system)) {
      try Renderer().segments(of: Message(author: Author(.system), content: [.developer(DeveloperContent())]))
    }
  }

  @Test func vocabulariesWithoutTheSpecialTokensAreRefused() throws {
    let tokens = (0..<256).map { "<0x" + String($0 + 256, radix: 16, uppercase: true).dropFirst() + ">" }
    let vocabulary = try Vocabulary(
      tokens: tokens, tokenTypes: [Int32](repeating: 6, count: 256), merges: [])
    #expect(throws: HarmonyError.missingSpecialToken(.start)) {
      try HarmonyEncoding(tokenizer: Tokenizer(vocabulary: vocabulary))
    }
  }

  @Test func stopTokens() {
    let encoding = TestEncoding.small
    #expect(encoding.stopTokens == [encoding.token(of: .return), encoding.token(of: .call)])
  }

  @Test(.enabled(if: TestEncoding.real != nil, "\(TestEncoding.realIsMissing)"))
  func tokensOfTheRealVocabulary() throws {
    let encoding = try #require(TestEncoding.real)
    #expect(encoding.stopTokens == [200_002, 200_012])
    #expect(
      try encoding.renderForCompletion(Conversation([Message(.user, "What is 2 + 2?")]))
        == [200_006, 1428, 200_008, 4827, 382, 220, 17, 659, 220, 17, 30, 200_007, 200_006, 173_781])
  }
}

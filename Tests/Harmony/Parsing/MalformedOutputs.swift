import GPTOSSHarmony

/// What models really write, with where it was seen.
///
/// LC is ggml-org/llama.cpp, VL vllm-project/vllm, OL ollama/ollama, HA openai/harmony, SG
/// sgl-project/sglang, DY ai-dynamo (dynamo and frontend-crates), LM lmstudio-ai/lmstudio-bug-tracker.
/// Where an issue shows a shape and no text, the text is ours.
struct MalformedOutput: Sendable {
  let source: String
  let shape: String
  /// What follows `<|start|>assistant`, special tokens spelled out.
  let text: String
  /// The messages, written by ``summary(of:)``.
  let messages: [String]
  /// Names that the parser is given.
  var tools: [String] = []
  /// Whether anything has to be repaired: some shapes look odd and are in order.
  var isRepaired = true

  /// `channel>recipient(content type): content`; a role other than the assistant's stands in front.
  static func summary(of message: Message) -> String {
    let author =
      message.author.role == .assistant ? "" : "\(message.author.role)[\(message.author.name ?? "")] "
    let recipient = message.recipient.map { ">" + $0 } ?? ""
    let contentType = message.contentType.map { "(\($0))" } ?? ""
    return author + (message.channel?.rawValue ?? "-") + recipient + contentType + ": " + message.text
  }

  static let all: [MalformedOutput] =
    recipients + contentTypes + channels + missing + repeated + leaks + cutOff

  // MARK: Where the recipient stands

  static let recipients = [
    MalformedOutput(
      source: "LC#15181", shape: "the recipient in the role's part",
      text:
        #" to=functions.get_weather<|channel|>commentary <|constrain|>json<|message|>{"c":"Oslo"}<|call|>"#,
      messages: [#"commentary>functions.get_weather(<|constrain|>json): {"c":"Oslo"}"#], isRepaired: false),
    MalformedOutput(
      source: "HA docs/format.md", shape: "the recipient in the channel's part",
      text:
        #"<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"c":"Oslo"}<|call|>"#,
      messages: [#"commentary>functions.get_weather(<|constrain|>json): {"c":"Oslo"}"#], isRepaired: false),
    MalformedOutput(
      source: "VL#35907, DY dynamo#10366", shape: "a function called on analysis",
      text: #"<|channel|>analysis to=functions.grep code<|message|>{"pattern":"foo"}<|call|>"#,
      messages: [#"analysis>functions.grep(code): {"pattern":"foo"}"#], isRepaired: false),
    MalformedOutput(
      source: "waybarrios/vllm-mlx#562", shape: "a function called on analysis, after reasoning",
      text: """
        <|channel|>analysis<|message|>Let us search.<|end|><|start|>assistant<|channel|>analysis \
        to=functions.ffgrep code<|message|>
        {"path":""}<|call|>
        """,
      messages: ["analysis: Let us search.", "analysis>functions.ffgrep(code): \n{\"path\":\"\"}"],
      isRepaired: false),
    MalformedOutput(
      source: "VL#51977", shape: "the recipient twice",
      text:
        #" to=functions.web-browsing<|channel|>commentary to=functions.web-browsing json<|message|>{}<|call|>"#,
      messages: ["commentary>functions.web-browsing(json): {}"], isRepaired: false),
    MalformedOutput(
      source: "HA#114", shape: "two recipients",
      text: #" to=functions.ls<|channel|>commentary to=functions.bash<|message|>{}<|call|>"#,
      messages: ["commentary>functions.bash: {}"]),
    MalformedOutput(
      source: "HA#114", shape: "a space behind to=",
      text: "<|channel|>commentary to= functions.f json<|message|>{}<|call|>",
      messages: ["commentary>functions.f(json): {}"], isRepaired: false),
    MalformedOutput(
      source: "HA src/encoding.rs", shape: "the recipient without to=",
      text: "<|channel|>commentary functions.f json<|message|>{}<|call|>",
      messages: ["commentary>functions.f(json): {}"], isRepaired: false),
    MalformedOutput(
      source: "HA src/encoding.rs", shape: "the recipient without to= and without namespace",
      text: "<|channel|>commentary get_weather <|constrain|>json<|message|>{}<|call|>",
      messages: ["commentary>get_weather(<|constrain|>json): {}"], isRepaired: false),
    MalformedOutput(
      source: "OL#11704", shape: "the assistant calls itself",
      text: #" to=assistant<|channel|>analysis code<|message|>{"command":"./test"}<|call|>"#,
      messages: [#"analysis(code): {"command":"./test"}"#]),
    MalformedOutput(
      source: "HA tests, test_simple_tool_call", shape: "a name without its namespace",
      text: #" to=lookup_weather<|channel|>analysis code<|message|>{}<|call|>"#,
      messages: ["analysis>functions.lookup_weather(code): {}"], tools: ["functions.lookup_weather"]),
    MalformedOutput(
      source: "reference list 12", shape: "a built-in tool on analysis",
      text: "<|channel|>analysis to=python code<|message|>print(1)<|call|>",
      messages: ["analysis>python(code): print(1)"], isRepaired: false),
    MalformedOutput(
      source: "SG#10576", shape: "a call that <|return|> ends",
      text: #"<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"a":1}<|return|>"#,
      messages: [#"commentary>functions.f(<|constrain|>json): {"a":1}"#], isRepaired: false),
    MalformedOutput(
      source: "raullenchai/Rapid-MLX#438", shape: "a call whose <|call|> was swallowed",
      text: #"<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"a":1}"#,
      messages: [#"commentary>functions.f(<|constrain|>json): {"a":1}"#], isRepaired: false),
  ]

  // MARK: How the content type is written

  static let contentTypes = [
    MalformedOutput(
      source: "LC#15181", shape: "<|constrain|> glued to the recipient",
      text: #" to=functions.f<|constrain|>json<|message|>{"a":1}<|call|>"#,
      messages: [#"->functions.f(<|constrain|>json): {"a":1}"#], isRepaired: false),
    MalformedOutput(
      source: "LM#942", shape: "<|constrain|> glued to the recipient behind the channel",
      text:
        #"<|channel|>commentary to=functions.get_ecs_instructions<|constrain|>json<|message|>{"data":{}}<|call|>"#,
      messages: [#"commentary>functions.get_ecs_instructions(<|constrain|>json): {"data":{}}"#],
      isRepaired: false),
    MalformedOutput(
      source: "LC#15158", shape: "json glued to the name, tools unknown",
      text: #"<|channel|>commentary to=functions.shelljson<|message|>{"cmd":"ls"}<|call|>"#,
      messages: [#"commentary>functions.shell(json): {"cmd":"ls"}"#]),
    MalformedOutput(
      source: "LC#15158", shape: "json glued to the name, tool known",
      text: #"<|channel|>commentary to=shelljson<|message|>{"cmd":"ls"}<|call|>"#,
      messages: [#"commentary>functions.shell(json): {"cmd":"ls"}"#], tools: ["functions.shell"]),
    MalformedOutput(
      source: "LC#15158", shape: "a tool whose name ends in json",
      text: #"<|channel|>commentary to=functions.tojson<|message|>{}<|call|>"#,
      messages: ["commentary>functions.tojson: {}"], tools: ["functions.tojson"], isRepaired: false),
    MalformedOutput(
      source: "LC#19814", shape: "free text behind <|constrain|>",
      text: #"<|channel|>commentary to=functions.f <|constrain|>json with care<|message|>{"a":1}<|call|>"#,
      messages: [#"commentary>functions.f(<|constrain|>json): {"a":1}"#]),
    MalformedOutput(
      source: "HA#60", shape: "a content type of the model's own",
      text: "<|channel|>final <|constrain|>response<|message|>{}<|return|>",
      messages: ["final(<|constrain|>response): {}"], isRepaired: false),
    MalformedOutput(
      source: "HA#114", shape: "a channel behind <|constrain|>",
      text: #" to=functions.f<|constrain|>commentary<|message|>{"a":1}<|call|>"#,
      messages: [#"commentary>functions.f: {"a":1}"#]),
    MalformedOutput(
      source: "VL#35906", shape: "<|constrain|> where the recipient belongs",
      text: #"<|channel|>commentary<|constrain|>json<|message|>{"a":1}<|call|>"#,
      messages: [#"commentary(<|constrain|>json): {"a":1}"#]),
    MalformedOutput(
      source: "HA#114, tilesprivacy/tiles#145", shape: "prose behind <|constrain|>, then <|end|>",
      text: """
        <|channel|>commentary to=functions.write<|constrain|>write: edit file with content.<|end|>\
        <|start|>assistant<|channel|>final<|message|>Done<|return|>
        """,
      messages: ["commentary>functions.write: write: edit file with content.", "final: Done"]),
    MalformedOutput(
      source: "VL#35906", shape: "<|constrain|> behind <|message|>",
      text: #"<|channel|>commentary to=functions.f<|message|><|constrain|>json<|message|>{"a":1}<|call|>"#,
      messages: [#"commentary>functions.f(<|constrain|>json): {"a":1}"#]),
    MalformedOutput(
      source: "VL#45213", shape: "json, its object and no <|message|>",
      text: #"<|channel|>commentary to=functions.f <|constrain|>json{"a":1}<|call|>"#,
      messages: [#"commentary>functions.f(<|constrain|>json): {"a":1}"#]),
  ]

  // MARK: What stands for a channel

  static let channels = [
    MalformedOutput(
      source: "LC#27720", shape: "??",
      text: "<|channel|>??<|end|><|start|>assistant<|channel|>final<|message|>4<|return|>",
      messages: ["final: 4"]),
    MalformedOutput(
      source: "LC#27720", shape: "?? and content", text: "<|channel|>?? <|message|>Hello<|return|>",
      messages: ["-: Hello"]),
    MalformedOutput(
      source: "LC#27720", shape: "commentary 2?",
      text:
        "<|channel|>commentary 2?<|message|>Let me look.<|end|><|start|>assistant<|channel|>final<|message|>4<|return|>",
      messages: ["commentary: Let me look.", "final: 4"]),
    MalformedOutput(
      source: "LC#27720", shape: "commentary?commentary?",
      text:
        "<|channel|>commentary?commentary?<|end|><|start|>assistant<|channel|>final<|message|>4<|return|>",
      messages: ["final: 4"]),
    MalformedOutput(
      source: "LC#27720", shape: "a doubled channel",
      text: """
        <|channel|>commentary to=assistant<|channel|>commentary?commentary?<|end|>\
        <|start|>assistant<|channel|>analysis<|message|>Hm<|end|>\
        <|start|>assistant<|channel|>final<|message|>4<|return|>
        """,
      messages: ["analysis: Hm", "final: 4"]),
    MalformedOutput(
      source: "LC#27720", shape: "free text",
      text: """
        <|channel|>We need to answer.<|end|><|start|>assistant<|channel|>analysis<|message|>Hm<|end|>\
        <|start|>assistant<|channel|>final<|message|>4<|return|>
        """,
      messages: ["-: We need to answer.", "analysis: Hm", "final: 4"]),
    MalformedOutput(
      source: "DY frontend-crates#237", shape: "a letter too much",
      text: "<|channel|>finalx<|message|>Hi<|return|>",
      messages: ["final: Hi"]),
    MalformedOutput(
      source: "raullenchai/Rapid-MLX#515", shape: "a token too few, as commentary has two",
      text: "<|channel|>comment to=functions.f<|message|>{}<|call|>", messages: ["commentary>functions.f: {}"]
    ),
    MalformedOutput(
      source: "HA#38", shape: "dashes before it",
      text: "<|channel|>––commentary to=functions.f<|message|>{}<|call|>",
      messages: ["commentary>functions.f: {}"]),
    MalformedOutput(
      source: "HA#38", shape: "the recipient glued to it",
      text: "<|channel|>commentaryto=functions.f json<|message|>{}<|call|>",
      messages: ["commentary>functions.f(json): {}"]),
    MalformedOutput(
      source: "HA#114", shape: "a tool's name, tools unknown",
      text: "<|channel|>bash<|channel|>commentary to=functions.bash<|message|>{}<|call|>",
      messages: ["commentary>functions.bash: {}"]),
    MalformedOutput(
      source: "HA#114", shape: "a tool's name, tool known",
      text: "<|channel|>bash<|channel|>commentary<|message|>{}<|call|>",
      messages: ["commentary>functions.bash: {}"], tools: ["functions.bash"]),
    MalformedOutput(
      source: "–", shape: "a name without its namespace, which is not functions",
      text: "<|channel|>commentary to=find <|constrain|>json<|message|>{}<|call|>",
      messages: ["commentary>crm.find(<|constrain|>json): {}"], tools: ["crm.find", "functions.bash"]),
    MalformedOutput(
      source: "–", shape: "a name that two namespaces have",
      text: "<|channel|>commentary to=find <|constrain|>json<|message|>{}<|call|>",
      messages: ["commentary>find(<|constrain|>json): {}"], tools: ["crm.find", "erp.find"], isRepaired: false
    ),
    MalformedOutput(
      source: "VL#35906", shape: "the marker in letters",
      text: " to=functions.manage_cart<␛channel|>commentary json<|message|>{}<|call|>",
      messages: ["commentary>functions.manage_cart(json): {}"], isRepaired: false),
    MalformedOutput(
      source: "OL#12132", shape: "analysis behind the recipient",
      text: " to=functions.create_event<|channel|>analysis<|message|>{}<|call|>",
      messages: ["analysis>functions.create_event: {}"], isRepaired: false),
  ]

  // MARK: What is missing

  static let missing = [
    MalformedOutput(
      source: "HA#80, HA#82", shape: "a header and <|message|>",
      text: """
        I must refuse<|end|><|start|>assistant<|channel|>analysis<|message|>We must refuse<|end|>\
        <|start|>assistant<|channel|>final<|message|>I'm sorry.<|return|>
        """,
      messages: ["-: I must refuse", "analysis: We must refuse", "final: I'm sorry."]),
    MalformedOutput(
      source: "HA#82", shape: "<|message|> behind a channel",
      text:
        "<|channel|>analysis I must refuse<|end|><|start|>assistant<|channel|>final<|message|>Sorry<|return|>",
      messages: ["analysis: I must refuse", "final: Sorry"]),
    MalformedOutput(
      source: "VL#45213, VL#45736", shape: "<|message|> behind final",
      text:
        #"<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final {"answer": 4}<|return|>"#,
      messages: ["analysis: Hm", #"final: {"answer": 4}"#]),
    MalformedOutput(
      source: "VL#45736", shape: "<|message|> and the stop token", text: "<|channel|>final The answer is 4",
      messages: ["final: The answer is 4"]),
    MalformedOutput(
      source: "avalan-ai/avalan#715", shape: "<|message|> and arguments",
      text: "<|channel|>commentary to=functions.now<|call|>", messages: ["commentary>functions.now: "]),
    MalformedOutput(
      source: "VL#22519, token 12606", shape: "<|start|>assistant<|channel|>",
      text: "<|channel|>analysis<|message|>Hm<|end|>commentary to=functions.f json<|message|>{}<|call|>",
      messages: ["analysis: Hm", "commentary>functions.f(json): {}"]),
    MalformedOutput(
      source: "VL#35906", shape: "<|start|>",
      text: "<|channel|>analysis<|message|>Hm<|end|>assistant<|channel|>final<|message|>Hi<|return|>",
      messages: ["analysis: Hm", "final: Hi"]),
    MalformedOutput(
      source: "VL#35906", shape: "<|start|>assistant",
      text: "<|channel|>analysis<|message|>Hm<|end|><|channel|>final<|message|>Hi<|return|>",
      messages: ["analysis: Hm", "final: Hi"]),
    MalformedOutput(
      source: "HA#114, unknown role: final", shape: "assistant<|channel|>",
      text: "<|channel|>analysis<|message|>Hm<|end|><|start|>final<|message|>Hi<|return|>",
      messages: ["analysis: Hm", "final: Hi"]),
    MalformedOutput(
      source: "tilesprivacy/tiles#145, unknown role: bash", shape: "a role: a known tool stands there",
      text: "<|channel|>analysis<|message|>Hm<|end|><|start|>bash<|channel|>commentary<|message|>{}<|call|>",
      messages: ["analysis: Hm", "commentary>functions.bash: {}"], tools: ["functions.bash"]),
    MalformedOutput(
      source: "Augustas11/macprovider#743", shape: "<|channel|> behind assistant",
      text: "<|channel|>analysis<|message|>Hm<|end|><|start|>assistantfinal<|message|>four<|return|>",
      messages: ["analysis: Hm", "final: four"]),
    MalformedOutput(
      source: "HA#114", shape: "<|channel|> behind assistant, in a call",
      text:
        "<|channel|>analysis<|message|>Hm<|end|><|start|>assistantcommentary to=functions.f json<|message|>{}<|call|>",
      messages: ["analysis: Hm", "commentary>functions.f(json): {}"]),
    MalformedOutput(
      source: "VL#43408", shape: "<|end|>",
      text: "<|channel|>analysis<|message|>Hm<|start|>assistant<|channel|>final<|message|>Hi<|return|>",
      messages: ["analysis: Hm", "final: Hi"]),
    MalformedOutput(
      source: "VL#43408", shape: "<|end|><|start|>assistant",
      text: "<|channel|>analysis<|message|>Hm<|channel|>final<|message|>Hi<|return|>",
      messages: ["analysis: Hm", "final: Hi"]),
    MalformedOutput(
      source: "HA#114", shape: "a content type, with <|end|><|start|>assistant in its place",
      text: """
        <|channel|>analysis<|constrain|>control<|end|><|start|>assistant<|channel|>commentary \
        to=functions.f<|message|>{}<|call|>
        """,
      messages: ["analysis: control", "commentary>functions.f: {}"]),
  ]

  // MARK: What comes twice

  static let repeated = [
    MalformedOutput(
      source: "VL#50690", shape: "<|return|> behind <|end|>",
      text: "<|channel|>final<|message|>Answer<|end|><|return|>",
      messages: ["final: Answer"]),
    MalformedOutput(
      source: "VL#50690", shape: "<|return|> over and over, with ignore_eos",
      text: "<|channel|>final<|message|>Answer<|return|><|return|><|return|>", messages: ["final: Answer"]),
    MalformedOutput(
      source: "VL#27243", shape: "<|call|> twice",
      text: "<|channel|>commentary to=functions.f<|message|>{}<|call|><|call|>",
      messages: ["commentary>functions.f: {}"]),
    MalformedOutput(
      source: "hiyouga/LlamaFactory#9151", shape: "<|end|> and <|return|> at every end",
      text: """
        <|channel|>analysis<|message|>Hm<|end|><|return|><|start|>assistant<|channel|>final<|message|>Hi<|end|><|return|>
        """,
      messages: ["analysis: Hm", "final: Hi"]),
    MalformedOutput(
      source: "VL#43408", shape: "<|start|>",
      text:
        "<|channel|>analysis<|message|>Hm<|end|><|start|><|start|>assistant<|channel|>final<|message|>Hi<|return|>",
      messages: ["analysis: Hm", "final: Hi"]),
    MalformedOutput(
      source: "HA#33", shape: "<|start|>assistant, which the prompt had already",
      text: "<|start|>assistant<|channel|>final<|message|>Hi<|return|>", messages: ["final: Hi"]),
    MalformedOutput(
      source: "VL#43408", shape: "<|message|>", text: "<|channel|>final<|message|><|message|>Hi<|return|>",
      messages: ["final: Hi"]),
    MalformedOutput(
      source: "LC#27720", shape: "<|channel|>", text: "<|channel|><|channel|>final<|message|>Hi<|return|>",
      messages: ["final: Hi"]),
    MalformedOutput(
      source: "LC#27720", shape: "the header",
      text: "<|channel|>analysis<|message|><|channel|>final<|message|>Hi<|return|>",
      messages: ["final: Hi"]),
  ]

  // MARK: What does not belong there

  static let leaks = [
    MalformedOutput(
      source: "VL#35906, VL#50690", shape: "text behind the end",
      text: "<|channel|>final<|message|>Answer<|end|>and more<|return|>",
      messages: ["final: Answer", "-: and more"]),
    MalformedOutput(
      source: "LC#27720", shape: "the beginning of the answer in the header",
      text: "<|channel|>final Here it is<|message|>Hello<|return|>", messages: ["final: Here it is Hello"]),
    MalformedOutput(
      source: "reference list 13", shape: "the model answers its own call",
      text: """
        <|channel|>commentary to=functions.f json<|message|>{}<|call|><|start|>functions.f \
        to=assistant<|channel|>commentary<|message|>1<|end|><|start|>assistant<|channel|>final<|message|>One<|return|>
        """,
      messages: [
        "commentary>functions.f(json): {}", "tool[functions.f] commentary>assistant: 1", "final: One",
      ],
      isRepaired: false),
    MalformedOutput(
      source: "LC#15091", shape: "special tokens in letters are text",
      text: "<|channel|>final<|message|>Use <␛end|> and <␛return|>.<|return|>",
      messages: ["final: Use <|end|> and <|return|>."], isRepaired: false),
    MalformedOutput(
      source: "reference, 199999 as end of text", shape: "another end token",
      text: "<|channel|>final<|message|>Hi<|endoftext|>", messages: ["final: Hi"]),
    MalformedOutput(
      source: "VL#32587", shape: "a reserved token in the content",
      text: "<|channel|>final<|message|>Hi<|reserved_200013|> there<|return|>", messages: ["final: Hi there"]),
    MalformedOutput(
      source: "reference list 10", shape: "commentary without a recipient is a preamble",
      text:
        "<|channel|>commentary<|message|>Let me look.<|end|><|start|>assistant<|channel|>final<|message|>Hi<|return|>",
      messages: ["commentary: Let me look.", "final: Hi"], isRepaired: false),
  ]

  // MARK: Cut off by a length limit

  static let cutOff = [
    MalformedOutput(
      source: "HA#33", shape: "in the content", text: "<|channel|>final<|message|>Once upon",
      messages: ["final: Once upon"],
      isRepaired: false),
    MalformedOutput(
      source: "HA#33", shape: "in a channel's name",
      text: "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>fi",
      messages: ["analysis: Hm"]),
    MalformedOutput(
      source: "HA#33", shape: "in a tool's name: half a name is no call",
      text: "<|channel|>commentary to=functions.get_wea", messages: []),
    MalformedOutput(
      source: "HA#33", shape: "in a content type",
      text: "<|channel|>commentary to=functions.f <|constrain|>js", messages: []),
    MalformedOutput(
      source: "HA#33", shape: "in the role", text: "<|channel|>analysis<|message|>Hm<|end|><|start|>assis",
      messages: ["analysis: Hm"]),
  ]
}

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
}

/// What is wrong with messages as a whole; ``MalformedOutput`` has what is wrong within their headers.
extension MalformedOutput {
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

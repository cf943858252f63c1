import ArgumentParser
import GPTOSSHarmony
import GPTOSSJSON

/// `gptoss harmony`: conversations to tokens and back.
struct Harmony: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Turn conversations into tokens, and tokens into messages.",
    subcommands: [HarmonyRender.self, HarmonyParse.self])
}

/// `gptoss harmony render`: conversations to tokens.
struct HarmonyRender: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Turn conversations into tokens.",
    discussion: """
      Reads one JSON object a line from standard input: {"conversation": {"messages": […]}, "mode": "completion", \
      "next_role": "assistant", "auto_drop_analysis": true}; mode is completion, conversation or training. Writes \
      {"tokens": […], "text": "…"} or {"error": "…"} a line.
      """)

  @OptionGroup var vocabulary: VocabularyOptions

  func run() throws {
    let encoding = try HarmonyEncoding(tokenizer: vocabulary.tokenizer())
    try Input(path: "-").answerEachLine { (line: JSONField) in
      try RenderRequest(line).answer(encoding)
    }
  }
}

/// `gptoss harmony parse`: tokens to messages.
struct HarmonyParse: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse",
    abstract: "Turn tokens into messages.",
    discussion: """
      Reads one JSON object a line from standard input: {"tokens": […], "role": "assistant", "strict": true, \
      "eos": true}; role is null if the tokens begin with <|start|>, and "tolerant": true, with "tools": ["name", …] \
      if they are known, reads as the engine does. Writes {"messages": […], "deltas": […], "rest": "…"} or \
      {"error": "…"} a line, with "calls" and "repairs" when tolerant.
      """)

  @OptionGroup var vocabulary: VocabularyOptions

  func run() throws {
    let encoding = try HarmonyEncoding(tokenizer: vocabulary.tokenizer())
    try Input(path: "-").answerEachLine { (line: JSONField) in
      try ParseRequest(line).answer(encoding)
    }
  }
}

extension Input {
  /// Writes an answer for each line, or `{"error": "…"}` for one that cannot be answered.
  fileprivate func answerEachLine(_ answer: (JSONField) throws -> JSONValue) throws {
    try forEachLine { _, line in
      let text: String
      do {
        // The conversation itself may be as deep as the reference library allows.
        let depth = JSONParser.defaultMaximumDepth + 1
        let request = try JSONValue(parsing: line, maximumDepth: depth)
        text = try answer(JSONField(request)).text
      } catch {
        text = (["error": .string("\(error)")] as JSONValue).text
      }
      try StandardOutput.writeLine(text)
    }
  }
}

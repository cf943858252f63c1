import ArgumentParser
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSTerminal

/// `gptoss harmony`: conversations to tokens and back.
struct HarmonyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "harmony",
    abstract: "Turn conversations into tokens, and tokens into messages.",
    subcommands: [RenderCommand.self, ParseCommand.self])
}

/// `gptoss harmony render`: conversations to tokens.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Turn conversations into tokens.",
    discussion: """
      Reads one JSON object per line from standard input: {"conversation": {"messages": […]}, "mode": \
      "completion", "next_role": "assistant", "auto_drop_analysis": true}; mode is completion, conversation \
      or training. Writes {"tokens": […], "text": "…"} or {"error": "…"} per line. A field of another name is \
      an error, unless it is one of a test case: kind, id, or the answer expected.
      """)

  @OptionGroup var vocabulary: VocabularyOptions

  func run() throws {
    let encoding = try HarmonyEncoding(tokenizer: vocabulary.tokenizer())
    try Input(path: "-").answerEachLine { line in try RenderRequest(json: line).answer(encoding) }
  }
}

/// `gptoss harmony parse`: tokens to messages.
struct ParseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse",
    abstract: "Turn tokens into messages.",
    discussion: """
      Reads one JSON object per line from standard input: {"tokens": […], "role": "assistant", "strict": \
      true, "eos": true}. The role is null if the tokens begin with <|start|>. With "tolerant": true, the \
      tokens are read as the engine does; "tools": ["name", …] then names the tools, if they are known. \
      Writes {"messages": […], "deltas": […], "rest": "…"} or {"error": "…"} per line, with "calls" and \
      "repairs" if tolerant. A field of another name is an error, unless it is one of a test case: kind, id, \
      or the answer expected.
      """)

  @OptionGroup var vocabulary: VocabularyOptions

  func run() throws {
    let encoding = try HarmonyEncoding(tokenizer: vocabulary.tokenizer())
    try Input(path: "-").answerEachLine { line in try ParseRequest(json: line).answer(encoding) }
  }
}

extension Input {
  /// Writes an answer for each line, or `{"error": "…"}` for one that cannot be answered.
  fileprivate func answerEachLine(_ answer: (JSONValue) throws -> JSONValue) throws {
    try forEachLine { _, line in
      let text: String
      do {
        // The conversation itself may be as deep as the reference library allows.
        let depth = JSONParser.defaultMaximumDepth + 1
        let request = try JSONValue(parsing: line, maximumDepth: depth)
        text = try answer(request).text
      } catch {
        text = (["error": .string("\(error)")] as JSONValue).text
      }
      try StandardOutput.writeJSON(text)
    }
  }
}

import ArgumentParser
import GPTOSSJSON
import GPTOSSTerminal
import GPTOSSTokenizer

/// `gptoss tokenize`: text to token ids.
struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Turn text into token ids.",
    discussion:
      "Reads one JSON string per line from standard input and writes one JSON array of ids per line.")

  @OptionGroup var vocabulary: VocabularyOptions

  @Flag(help: "Read text that spells a special token, such as <|start|>, as that token.")
  var special = false

  func run() throws {
    let tokenizer = try vocabulary.tokenizer()
    try Input(path: "-").forEachLine { number, line in
      guard case .string(let text) = try JSONValue(line: line, number: number) else {
        throw RunnerError.malformedLine(number, problem: "not a JSON string")
      }
      let tokens = tokenizer.encode(text, specialTokens: special ? .allowAll : .asText)
      try StandardOutput.writeLine("[\(tokens.map(String.init).joined(separator: ","))]")
    }
  }
}

/// `gptoss detokenize`: token ids to text.
struct DetokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detokenize",
    abstract: "Turn token ids into text.",
    discussion: """
      Reads one JSON array of ids per line from standard input and writes one JSON string per line. Special \
      tokens are spelled as their names; bytes that are not UTF-8, such as half a character, become U+FFFD.
      """)

  @OptionGroup var vocabulary: VocabularyOptions

  func run() throws {
    let tokenizer = try vocabulary.tokenizer()
    try Input(path: "-").forEachLine { number, line in
      guard let elements = try JSONValue(line: line, number: number).arrayValue else {
        throw RunnerError.malformedLine(number, problem: "not a JSON array")
      }
      let tokens = try elements.map { element in
        guard let token = element.intValue else {
          throw RunnerError.malformedLine(number, problem: "\(element.text) is not a token id")
        }
        return token
      }
      do {
        try StandardOutput.writeJSON(JSONValue.string(try tokenizer.decodeReplacingInvalid(tokens)).text)
      } catch let error as TokenizerError {
        throw RunnerError.malformedLine(number, problem: "\(error)")
      }
    }
  }
}

extension JSONValue {
  /// The JSON value on a line of standard input.
  init(line: [UInt8], number: Int) throws(RunnerError) {
    guard let text = String(validating: line, as: UTF8.self) else {
      throw .malformedLine(number, problem: "not text in UTF-8")
    }
    do { try self.init(parsing: text) } catch { throw .malformedLine(number, problem: "\(error)") }
  }
}

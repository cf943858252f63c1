import GPTOSSHarmony
import GPTOSSTokenizer

/// What a model answers, gathered and shown as it comes: the answer on standard output, reasoning on standard error.
struct Answer {
  /// What the tokens are to be read as.
  enum Form {
    /// Text and nothing else.
    case text
    /// Messages of the Harmony format.
    case harmony(HarmonyEncoding)
  }

  /// What the user is to see.
  private(set) var text = ""
  /// What the model thought.
  private(set) var reasoning = ""
  /// All generated tokens.
  private(set) var tokens: [TokenID] = []

  private var parser: TolerantParser?
  private let isShown: Bool
  private let hidesReasoning: Bool

  init(_ form: Form, isShown: Bool, hidesReasoning: Bool) {
    if case .harmony(let encoding) = form { parser = TolerantParser(encoding: encoding) }
    self.isShown = isShown
    self.hidesReasoning = hidesReasoning
  }

  /// Takes the next token and, for plain text, the text that it completes.
  mutating func add(_ token: TokenID, _ text: String) throws {
    tokens.append(token)
    guard parser != nil else { return try show(text) }
    parser?.process(token)
    try showDelta()
  }

  /// Takes the end, and the text of a character that was not finished.
  mutating func finish(_ rest: String) throws {
    if parser == nil {
      try show(rest)
    } else {
      parser?.finish()
      try showDelta()
    }
    guard isShown else { return }
    if !reasoning.isEmpty, text.isEmpty, !hidesReasoning { Console.write("\n") }
    if !text.isEmpty, !text.hasSuffix("\n") { try StandardOutput.write("\n") }
  }

  /// Shows what the parser made of the last token. Calls of tools are not shown: there are none to call.
  private mutating func showDelta() throws {
    guard let delta = parser?.delta, let header = parser?.header, header.recipient == nil else { return }
    if header.channel == .analysis { showReasoning(delta) } else { try show(delta) }
  }

  private mutating func show(_ fragment: String) throws {
    guard !fragment.isEmpty else { return }
    if isShown {
      if text.isEmpty, !reasoning.isEmpty, !hidesReasoning { Console.write("\n") }
      try StandardOutput.write(fragment)
    }
    text += fragment
  }

  private mutating func showReasoning(_ fragment: String) {
    if isShown, !hidesReasoning { Console.write(Style.dim(fragment)) }
    reasoning += fragment
  }
}

import GPTOSS
import GPTOSSPlatform
import GPTOSSTerminal

/// Shows a conversation: answers on standard output, everything about them on standard error.
struct ChatScreen {
  private var answer: AnswerScreen
  private let hidesReasoning: Bool
  private var openCalls = 0
  /// The number of the call whose arguments are being shown as they come.
  private var shownCall: Int?
  private var hasText = false

  init(hidesReasoning: Bool) {
    // Where nobody watches, reasoning would only be in the way.
    self.hidesReasoning = hidesReasoning || !StandardError.isTerminal
    answer = AnswerScreen(isShown: true, hidesReasoning: self.hidesReasoning)
  }

  /// Whether a tool was called and has not answered.
  var hasOpenCall: Bool { openCalls > 0 }

  /// Shows what has happened.
  mutating func show(_ event: ResponseEvent) throws(TerminalError) {
    switch event {
    case .prompt(let read, let total): answer.showProgress(read, of: total)
    case .reasoning(let fragment): answer.showReasoning(fragment)
    case .text(let fragment):
      hasText = hasText || !fragment.isEmpty
      try answer.show(fragment)
    case .toolCallStarted(let index, let name):
      guard StandardError.isTerminal else { break }
      try answer.finish()
      StandardError.write(Style.dim("→ \(Self.shortName(name).inert) "))
      shownCall = index
    case .toolCallArguments(let index, let fragment):
      if index == shownCall { StandardError.write(Style.dim(fragment.inertLines)) }
    case .toolCall(let index, let call):
      try showCall(index, call)
    case .toolResult(let result):
      showResult(result.text)
    case .roundStarted, .token, .roundFinished, .finished: break
    }
  }

  /// Shows what was said before, as it was shown when it was said.
  mutating func show(_ transcript: Transcript) throws(TerminalError) {
    var (turns, calls) = (0, 0)
    for message in transcript.messages {
      switch (message.purpose, message.author.role) {
      case (.reasoning, _): answer.showReasoning(message.text)
      case (.answer, _), (.preamble, _):
        try answer.show(message.text)
        try answer.finish()
      case (.call, _):
        if let call = message.toolCall { try showCall(calls, call) }
        calls += 1
      case (nil, .tool): showResult(message.text)
      case (nil, .user):
        try finish()
        let space = turns > 0 ? "\n" : ""
        turns += 1
        try StandardOutput.writeLine(space + Style.bold(ChatLines.prompt) + message.text.inertLines)
      // Instructions are not part of what was said.
      case (nil, .system), (nil, .developer), (nil, .assistant): break
      }
    }
    try finish()
    if turns > 0 { try StandardOutput.write("\n") }
  }

  private mutating func showResult(_ text: String) {
    openCalls -= 1
    StandardError.write(Style.dim("← \(text.inertLines)") + "\n")
  }

  private mutating func showCall(_ index: Int, _ call: ToolCall) throws(TerminalError) {
    openCalls += 1
    if index == shownCall {
      StandardError.write("\n")
    } else {
      try answer.finish()
      StandardError.write(
        Style.dim("→ \(Self.shortName(call.recipient).inert) \(call.content.inertLines)") + "\n")
    }
    shownCall = nil
  }

  /// A tool's name as `--tools` has it.
  private static func shortName(_ recipient: String) -> String {
    ToolCall(recipient: recipient, content: "").functionName ?? recipient
  }

  /// Ends an answer. Where nobody watches, an empty answer is an empty line: answers can be told apart.
  mutating func finish() throws(TerminalError) {
    if shownCall != nil { StandardError.write("\n") }
    try answer.finish()
    if !hasText, !StandardOutput.isTerminal { try StandardOutput.write("\n") }
    (openCalls, shownCall, hasText) = (0, nil, false)
  }

  /// Ends the last line of an answer that was broken off, where a person sees it.
  mutating func breakOff() throws(TerminalError) { try answer.breakOff() }

  /// Shows a line about the conversation to whoever watches.
  func note(_ text: String) {
    if StandardError.isTerminal { StandardError.write(Style.dim(text.inert) + "\n") }
  }
}

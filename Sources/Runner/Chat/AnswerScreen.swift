import GPTOSSPlatform
import GPTOSSTerminal

/// Shows an answer as it comes: the text on standard output, reasoning dimmed on standard error.
struct AnswerScreen {
  private let isShown: Bool
  private let hidesReasoning: Bool
  private var progress = ProgressBar("reading the prompt")
  /// What was written last. It decides where line ends go: between reasoning and text, and at the end.
  private var last = (text: "", reasoning: "")

  init(isShown: Bool, hidesReasoning: Bool) {
    self.isShown = isShown
    self.hidesReasoning = hidesReasoning
  }

  /// Shows how much of the prompt has been read.
  mutating func showProgress(_ read: Int, of total: Int) {
    progress.update(Double(read) / Double(total), "\(read) of \(total) tokens")
    if read == total { progress.finish() }
  }

  /// Shows a piece of what the model thinks.
  mutating func showReasoning(_ fragment: String) {
    guard isShown, !hidesReasoning, !fragment.isEmpty else { return }
    StandardError.write(Style.dim(StandardError.isTerminal ? fragment.inertLines : fragment))
    last.reasoning = fragment
  }

  /// Shows a piece of the answer.
  mutating func show(_ fragment: String) throws(TerminalError) {
    guard isShown, !fragment.isEmpty else { return }
    endReasoning()
    try StandardOutput.write(StandardOutput.isTerminal ? fragment.inertLines : fragment)
    last.text = fragment
  }

  /// Ends the last line.
  mutating func finish() throws(TerminalError) {
    progress.finish()
    endReasoning()
    if !last.text.isEmpty, !last.text.hasSuffix("\n") { try StandardOutput.write("\n") }
    last.text = ""
  }

  /// Ends the last line of an answer that was broken off, where a person sees it. In a pipe the text stays as far
  /// as it came.
  mutating func breakOff() throws(TerminalError) {
    if StandardOutput.isTerminal { return try finish() }
    progress.finish()
    endReasoning()
  }

  private mutating func endReasoning() {
    if !last.reasoning.isEmpty, !last.reasoning.hasSuffix("\n") { StandardError.write("\n") }
    last.reasoning = ""
  }
}

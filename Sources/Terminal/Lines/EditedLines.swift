import GPTOSSPlatform

/// Lines that a person types and edits on a terminal.
package actor EditedLines: LineSource {
  private let thread = LineThread()
  private let reader: ByteReader
  private let prompt: String
  private let hint: String
  private var decoder = KeyDecoder()
  /// Keys that came after the end of the last line.
  private var waiting: [Key] = []
  private var history: LineHistory
  private let completions: @Sendable (String) -> [Completion]
  private let historyFailed: @Sendable (TerminalError) -> Void

  package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// - Parameters:
  ///   - prompt: what stands before a line.
  ///   - hint: what Ctrl-C on an empty line shows.
  ///   - history: what was typed before.
  ///   - completions: the texts that a beginning may become.
  ///   - historyFailed: is told once if the history can no longer be kept.
  /// - Throws: `TerminalError.unreadable`.
  package init(
    prompt: String, hint: String, history: LineHistory,
    completions: @escaping @Sendable (String) -> [Completion],
    historyFailed: @escaping @Sendable (TerminalError) -> Void
  ) throws(TerminalError) {
    reader = try ByteReader(Input(path: "-"))
    (self.prompt, self.hint, self.history) = (prompt, hint, history)
    (self.completions, self.historyFailed) = (completions, historyFailed)
    waiting = decoder.decode(Terminal.takeTypedAhead())
  }

  package func line() throws -> Line {
    while true {
      let line = try edit(prompt, LineEditor(history: history.entries), isAnswer: false)
      guard case .text(let text) = line else { return line }
      guard text.contains(where: { !$0.isWhitespace }) else { continue }
      remember(text)
      return line
    }
  }

  package func answer(to question: String) throws -> Line {
    // Keys pressed before the question was seen are no answer to it.
    Terminal.discardInput()
    waiting = []
    // What was thrown away may have had the end of a paste.
    decoder = KeyDecoder()
    return try edit(question, LineEditor(), isAnswer: true)
  }

  private func remember(_ text: String) {
    do { try history.add(text) } catch {
      historyFailed(error)
      history = LineHistory()
    }
  }

  private func edit(_ prompt: String, _ start: LineEditor, isAnswer: Bool) throws -> Line {
    Terminal.enter(.typing)
    defer { Terminal.enter(.watching) }
    var editor = start
    var drawing = LineDrawing(prompt: prompt)
    try drawing.draw(editor)
    while true {
      guard let keys = try nextKeys(&drawing, editor) else { return .end }
      waiting += keys
      while !waiting.isEmpty {
        switch editor.apply(waiting.removeFirst()) {
        case .editing: continue
        case .completing:
          if !isAnswer, let choices = complete(&editor) { try drawing.note(choices) }
        case .clearedScreen: try drawing.clearScreen()
        case .suspended:
          try drawing.draw(editor)
          Terminal.suspend()
        case .entered:
          try drawing.finish(editor)
          return .text(editor.text)
        case .ended:
          try drawing.finish(editor)
          return .end
        case .interrupted:
          if isAnswer {
            try drawing.finish(editor)
            return .interrupted
          }
          if editor.text.isEmpty { try drawing.note(hint) }
          editor = start
        }
      }
      try drawing.draw(editor)
    }
  }

  /// Waits for keys, and meanwhile redraws what the terminal has lost. Nil if the terminal has gone.
  private func nextKeys(_ drawing: inout LineDrawing, _ editor: LineEditor) throws -> [Key]? {
    while true {
      try Task.checkCancellation()
      guard waiting.isEmpty else { return [] }
      guard reader.wait() else {
        decoder.stopWaiting()
        if drawing.isOutdated { try drawing.draw(editor) }
        continue
      }
      guard let bytes = try reader.read() else { continue }
      if bytes.isEmpty { return nil }
      let keys = decoder.decode(bytes)
      if !keys.isEmpty { return keys }
    }
  }

  /// Adds what all texts that the line may become have in common.
  ///
  /// - Returns: where that adds nothing and there are several, what to choose from.
  private func complete(_ editor: inout LineEditor) -> String? {
    let candidates = completions(editor.before)
    guard editor.after.isEmpty, let first = candidates.first?.text else { return nil }
    let common = candidates.reduce(first) { String(zip($0, $1.text).prefix { $0 == $1 }.map(\.0)) }
    guard common.count <= editor.before.count else {
      editor.replace(with: common)
      return nil
    }
    guard candidates.count > 1 else { return nil }
    let labels = candidates.prefix(Self.shownChoices).map(\.label.inert)
    let rest = candidates.count - labels.count
    return labels.joined(separator: "  ") + (rest > 0 ? "  and \(rest) more" : "")
  }

  private static let shownChoices = 100
}

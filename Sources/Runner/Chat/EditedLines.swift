/// Lines that a person types and edits on a terminal.
actor EditedLines: LineSource {
  private let thread = LineThread()
  private let reader: ByteReader
  private var decoder = KeyDecoder()
  /// Keys that came behind the end of the last line.
  private var waiting: [Key] = []
  private var history: LineHistory
  private let completions: @Sendable (String) -> [String]

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  static let prompt = "User: "
  static let hint = "Ctrl-D or /exit ends the chat; /help lists the commands"

  /// - Parameters:
  ///   - history: what was typed before.
  ///   - completions: the texts that a beginning may become.
  init(history: LineHistory, completions: @escaping @Sendable (String) -> [String]) throws(RunnerError) {
    reader = try ByteReader(Input(path: "-"))
    self.history = history
    self.completions = completions
  }

  func message() throws -> Line {
    while true {
      let line = try edit(Self.prompt, LineEditor(history: history.entries), isMessage: true)
      guard case .text(let text) = line else { return line }
      guard text.contains(where: { !$0.isWhitespace }) else { continue }
      remember(text)
      return line
    }
  }

  func answer(to question: String) throws -> Line {
    // Keys pressed before the question was seen are no answer to it.
    Terminal.discardInput()
    waiting = []
    return try edit(question, LineEditor(), isMessage: false)
  }

  private func remember(_ text: String) {
    do { try history.add(text) } catch {
      Console.write(Style.dim("gptoss: \(error)\n"))
      history = LineHistory()
    }
  }

  private func edit(_ prompt: String, _ start: LineEditor, isMessage: Bool) throws -> Line {
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
        case .completing: if isMessage { complete(&editor) }
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
          if !isMessage {
            try drawing.finish(editor)
            return .interrupted
          }
          if editor.text.isEmpty { try drawing.note(Self.hint) }
          editor = start
        }
      }
      try drawing.draw(editor)
    }
  }

  /// Waits for keys, and meanwhile draws anew what the terminal has lost; nil if the terminal has gone.
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

  private func complete(_ editor: inout LineEditor) {
    let candidates = completions(editor.before)
    guard editor.after.isEmpty, let first = candidates.first else { return }
    let common = candidates.reduce(first) { String(zip($0, $1).prefix { $0 == $1 }.map(\.0)) }
    if common.count > editor.before.count { editor.replace(with: common) }
  }
}

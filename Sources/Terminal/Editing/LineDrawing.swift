/// Draws a line that is being edited, over and over in the same place.
struct LineDrawing {
  private let prompt: String
  /// What stands on the screen, and the cursor's row in it.
  private var drawn: (editor: LineEditor, cursorRow: Int)?
  private var size = Terminal.size
  private var continuations = Terminal.continuations

  init(prompt: String) { self.prompt = prompt }

  /// Whether the terminal's size has changed, or the program was stopped and continued, since the last
  /// drawing.
  var isOutdated: Bool { size != Terminal.size || continuations != Terminal.continuations }

  /// Draws text and cursor.
  mutating func draw(_ editor: LineEditor) throws(TerminalError) {
    let start = startOfLine()
    let layout = layout(editor)
    let (rows, cursorRow) = layout.visible(height: size.rows)
    let up = rows.count - 1 - cursorRow
    try StandardOutput.write(
      start + styled(rows).joined(separator: "\r\n") + (up > 0 ? "\u{1B}[\(up)A" : "") + "\r"
        + (layout.cursor.column > 0 ? "\u{1B}[\(layout.cursor.column)C" : ""))
    drawn = (editor, cursorRow)
  }

  /// Leaves the text as it is and goes to the row below it.
  mutating func finish(_ editor: LineEditor) throws(TerminalError) {
    let start = startOfLine()
    let rows = layout(editor).rows
    try StandardOutput.write(start + styled(rows[...]).joined(separator: "\r\n") + "\r\n")
    drawn = nil
  }

  /// Shows a remark in place of the line, which is to be drawn below it.
  mutating func note(_ text: String) throws(TerminalError) {
    try StandardOutput.write(startOfLine() + Style.dimOutput(text) + "\r\n")
    drawn = nil
  }

  /// Clears the screen; the line is to be drawn at its top.
  mutating func clearScreen() throws(TerminalError) {
    try StandardOutput.write("\u{1B}[H\u{1B}[2J")
    drawn = nil
  }

  /// Goes to where the line begins and clears from there.
  private mutating func startOfLine() -> String {
    let wasContinued = continuations != Terminal.continuations
    continuations = Terminal.continuations
    let isResized = size != Terminal.size
    size = Terminal.size
    // Whatever was written since the program was stopped stays.
    guard let drawn, !wasContinued else { return "\r\u{1B}[J" }
    // Terminals wrap rows anew when their width changes.
    let row = isResized ? layout(drawn.editor).visible(height: size.rows).cursorRow : drawn.cursorRow
    return "\r" + (row > 0 ? "\u{1B}[\(row)A" : "") + "\u{1B}[J"
  }

  private func layout(_ editor: LineEditor) -> LineLayout {
    let shown = editor.shown
    return LineLayout(
      prompt: prompt(editor), before: shown.before, after: shown.after, columns: size.columns)
  }

  /// What stands before the text: while the history is searched, what is searched for.
  private func prompt(_ editor: LineEditor) -> String {
    guard let search = editor.search else { return prompt }
    return "\(search.isFailing ? "not found" : "search") \"\(search.query)\": "
  }

  /// The rows, the prompt in bold.
  private func styled(_ rows: ArraySlice<String>) -> [String] {
    guard let first = rows.first, first.hasPrefix(prompt) else { return Array(rows) }
    return [Style.bold(prompt) + first.dropFirst(prompt.count)] + rows.dropFirst()
  }
}

import GPTOSSPlatform

/// Where a prompt, the text behind it and the cursor stand on a terminal of a given width: a pure function.
///
/// Lines that are too long go on in the next row. Further lines of the text are indented by the prompt's
/// width.
package struct LineLayout: Equatable {
  /// The rows, none wider than the terminal.
  package private(set) var rows: [String] = [""]
  /// The row and column that the cursor is in, counted from 0.
  package private(set) var cursor = (row: 0, column: 0)

  private let columns: Int
  private var column = 0

  package init(prompt: String, before: String, after: String, columns: Int) {
    self.columns = max(columns, 2)
    append(prompt, indent: "")
    let promptWidth = prompt.reduce(0) { $0 + $1.columnCount }
    // A prompt that takes most of the width would leave no room for the text below it.
    let indent = String(repeating: " ", count: promptWidth * 2 < self.columns ? promptWidth : 0)
    append(before, indent: indent)
    if column == self.columns { beginRow() }
    cursor = (rows.count - 1, column)
    append(after, indent: indent)
  }

  private mutating func append(_ text: String, indent: String) {
    for character in text {
      switch character {
      case "\n":
        beginRow()
        append(indent, indent: "")
      // A tab's true width depends on where it stands.
      case "\t": append("    ", indent: "")
      default:
        // What would not be seen as itself comes from pastes, and from the files of history and completion.
        let shown = String(character).inert
        if shown.unicodeScalars.count > character.unicodeScalars.count {
          shown.forEach { place($0) }
        } else {
          place(character)
        }
      }
    }
  }

  private mutating func place(_ character: Character) {
    let width = character.columnCount
    if column + width > columns { beginRow() }
    rows[rows.count - 1].append(character)
    column += width
  }

  private mutating func beginRow() {
    rows.append("")
    column = 0
  }

  /// The rows around the cursor that fit a terminal of this height, and the cursor's row among them.
  package func visible(height: Int) -> (rows: ArraySlice<String>, cursorRow: Int) {
    let count = min(rows.count, max(height, 1))
    let first = min(max(cursor.row - count + 1, 0), rows.count - count)
    return (rows[first..<(first + count)], cursor.row - first)
  }

  package static func == (a: LineLayout, b: LineLayout) -> Bool { a.rows == b.rows && a.cursor == b.cursor }
}

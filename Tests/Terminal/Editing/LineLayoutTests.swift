import GPTOSSTerminal
import Testing

/// Where text and cursor stand on terminals of different widths.
struct LineLayoutTests {
  @Test(arguments: [
    ("abc", "", 10, ["> abc"], 0, 5), ("a", "bc", 10, ["> abc"], 0, 3), ("", "", 10, ["> "], 0, 2),
    ("abcdef", "", 6, ["> abcd", "ef"], 1, 2),
    // A full row puts the cursor on the next.
    ("abcd", "", 6, ["> abcd", ""], 1, 0), ("abcd", "e", 6, ["> abcd", "e"], 1, 0),
    ("abc", "d", 6, ["> abcd"], 0, 5),
    // A wide character that does not fit goes to the next row whole.
    ("日本", "", 6, ["> 日本", ""], 1, 0), ("a日本", "", 6, ["> a日", "本"], 1, 2),
    // Further lines are indented as the prompt is wide, if there is room.
    ("a\nb", "", 10, ["> a", "  b"], 1, 3), ("a\nb", "", 3, ["> a", "b"], 1, 1),
    ("a\tb", "", 10, ["> a    b"], 0, 8),
    ("a\n", "\nb", 10, ["> a", "  ", "  b"], 1, 2),
    // What would not be seen as itself is written out.
    ("a\u{202E}", "b", 20, [#"> a\u{202E}b"#], 0, 11), ("\u{1B}", "", 6, [#"> \u{1"#, "B}"], 1, 2),
    ("👨‍👩‍👧", "", 10, ["> 👨‍👩‍👧"], 0, 4),
  ])
  func rowsAndCursor(
    _ before: String, _ after: String, _ columns: Int, _ rows: [String], _ row: Int, _ column: Int
  ) {
    let layout = LineLayout(prompt: "> ", before: before, after: after, columns: columns)
    #expect(layout.rows == rows)
    #expect(layout.cursor == (row, column))
  }

  @Test(arguments: [
    (0, 3, 0..<3, 0), (1, 3, 0..<3, 1), (4, 3, 2..<5, 2), (6, 3, 4..<7, 2), (6, 20, 0..<7, 6),
    (3, 1, 3..<4, 0),
  ])
  func aLongTextShowsTheRowsAroundTheCursor(_ cursor: Int, _ height: Int, _ rows: Range<Int>, _ row: Int) {
    let lines = (0..<7).map { "\($0)" }
    let layout = LineLayout(
      prompt: "", before: lines[...cursor].joined(separator: "\n"),
      after: lines[(cursor + 1)...].map { "\n\($0)" }.joined(), columns: 10)
    let visible = layout.visible(height: height)
    #expect(Array(visible.rows) == Array(lines[rows]))
    #expect(visible.cursorRow == row)
  }

  @Test(arguments: [
    ("a", 1), ("é", 1), ("e\u{301}", 1), ("日", 2), ("ｱ", 1), ("Ａ", 2), ("한", 2),
    ("\u{1112}\u{1161}\u{11AB}", 2), ("🙂", 2),
    ("👩‍👩‍👧", 2), ("🇳🇴", 2), ("❤️", 2), ("❤", 1), ("👍🏽", 2),
    ("\u{301}", 0), ("\u{200B}", 0), ("€", 1), ("│", 1),
  ])
  func widths(_ character: Character, _ columns: Int) {
    #expect(character.columnCount == columns)
  }
}

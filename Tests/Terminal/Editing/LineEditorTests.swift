import GPTOSSTerminal
import Testing

/// Keys become text; `|` marks the cursor.
struct LineEditorTests {
  private func edit(_ start: String, _ keys: [Key], history: [String] = []) -> String {
    var editor = LineEditor(history: history)
    let parts = start.split(separator: "|", omittingEmptySubsequences: false)
    _ = editor.apply(.paste(parts.joined()))
    for _ in 0..<(parts.count > 1 ? parts[1].count : 0) { _ = editor.apply(.left) }
    for key in keys { #expect(editor.apply(key) == .editing) }
    return "\(editor.before)|\(editor.after)"
  }

  @Test(arguments: [
    ("", [Key.text("a"), .text("b")], "ab|"), ("ab|c", [.text("x")], "abx|c"),
    ("ab|c", [.left, .left, .left, .left], "|abc"), ("ab|c", [.right, .right], "abc|"),
    ("ab|c", [.start, .text("x"), .end], "xabc|"), ("ab|c", [.deleteLeft], "a|c"),
    ("ab|c", [.deleteRight], "ab|"),
    ("|ab", [.deleteLeft, .deleteRightOrEnd], "|b"), ("one two|", [.deleteWordLeft], "one |"),
    ("one two  |", [.deleteWordLeft], "one |"), ("one.two|", [.wordLeft], "one.|two"),
    ("|one two", [.wordRight, .wordRight], "one two|"), ("one |two three", [.deleteWordRight], "one | three"),
    ("one |two", [.deleteToEnd, .start, .yank], "two|one "),
    ("one |two", [.deleteToStart, .end, .yank], "twoone |"),
    ("one |two", [.deleteToEnd, .deleteToEnd, .yank], "one two|"),
    // One key, one character, however many code points it has.
    ("e\u{301}🇳🇴|", [.left], "e\u{301}|🇳🇴"), ("👩‍👩‍👧|", [.deleteLeft], "|"),
    ("e|x", [.text("\u{301}")], "é|x"),
    // Several lines.
    ("ab", [.lineBreak, .text("c")], "ab\nc|"), ("ab\ncd|", [.start], "ab\n|cd"),
    ("ab\ncd|", [.start, .start], "ab\n|cd"), ("abc\ndef|\nghi", [.up], "abc|\ndef\nghi"),
    ("abc\nd|ef\nghi", [.down], "abc\ndef\ng|hi"), ("abc\ndef|\ng", [.down], "abc\ndef\ng|"),
    ("a\ndef|", [.up], "a|\ndef"), ("abc\n|def", [.deleteToStart], "abc\n|def"),
    ("ab|c\ndef", [.deleteToEnd], "ab|\ndef"),
    ("abc|", [.up, .down], "abc|"),
  ])
  func editing(_ start: String, _ keys: [Key], _ result: String) {
    #expect(edit(start, keys) == result)
  }

  @Test(arguments: [
    ("new", [Key.up], "two|"), ("new", [.up, .up], "one|"), ("new", [.up, .up, .up], "one|"),
    ("new", [.up, .up, .down, .down], "new|"), ("new", [.up, .down, .down], "new|"),
    ("new", [.up, .text("!"), .up, .down], "two!|"),
  ])
  func history(_ start: String, _ keys: [Key], _ result: String) {
    #expect(edit(start, keys, history: ["one", "two"]) == result)
  }

  @Test func historyOfSeveralLinesIsLeftAtItsFirstLine() {
    #expect(edit("", [.up], history: ["one", "a\nb"]) == "a\nb|")
    #expect(edit("", [.up, .up], history: ["one", "a\nb"]) == "a|\nb")
    #expect(edit("", [.up, .up, .up], history: ["one", "a\nb"]) == "one|")
  }

  @Test(arguments: [
    (Key.enter, LineEditor.Outcome.entered), (.interrupt, .interrupted), (.suspend, .suspended),
    (.clearScreen, .clearedScreen), (.complete, .completing), (.deleteRightOrEnd, .ended),
  ])
  func outcomes(_ key: Key, _ outcome: LineEditor.Outcome) {
    var editor = LineEditor()
    #expect(editor.apply(key) == outcome)
  }

  /// Any keys in any order: no crash, and left and right of the cursor stay the text.
  @Test func randomKeys() {
    var random = SystemRandomNumberGenerator()
    let keys: [Key] = [
      .text("a"), .text(" "), .text("\u{301}"), .text("\u{200D}"), .text("🇳"), .text("👩"), .paste("x\ny"),
      .lineBreak, .left,
      .right, .up, .down, .start, .end, .wordLeft, .wordRight, .deleteLeft, .deleteRight, .deleteWordLeft,
      .deleteWordRight, .deleteToStart, .deleteToEnd, .yank, .deleteRightOrEnd, .complete,
      .search, .search, .endSearch,
    ]
    var editor = LineEditor(history: ["one", "two\nlines", ""])
    for step in 0..<20_000 {
      guard let key = keys.randomElement(using: &random) else { return }
      _ = editor.apply(key)
      if step % 200 == 0 { editor = LineEditor(history: ["one", "two\nlines", ""]) }
      let shown = editor.shown
      let layout = LineLayout(prompt: "> ", before: shown.before, after: shown.after, columns: 7)
      for row in layout.rows {
        #expect(row.reduce(0) { $0 + $1.columnCount } <= 7, "\(row.unicodeScalars.map(\.value))")
      }
      #expect(layout.cursor.column < 7 && layout.cursor.row < layout.rows.count)
    }
  }
}

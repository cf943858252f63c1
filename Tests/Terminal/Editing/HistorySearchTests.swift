import GPTOSSTerminal
import Testing

/// Ctrl-R finds what was typed before by a part of it; `|` marks the cursor.
struct HistorySearchTests {
  private static let history = [
    "What is MXFP4?", "load the model", "one", "load a file", "two\nlines", "later",
  ]

  @Test(arguments: [
    // What is found is shown with the cursor behind the match.
    ([Key.search, .text("l"), .text("o")], "lo|ad a file"), ([.search, .text("a")], "la|ter"),
    ([.search, .text("file")], "load a file|"),
    // Again: an earlier one. None left: the last one stays.
    ([.search, .text("load"), .search], "load| the model"),
    ([.search, .text("load"), .search, .search], "load| the model"),
    // A longer text keeps an entry that has it; a shorter one begins anew.
    ([.search, .text("l"), .search, .search, .text("oad t")], "load t|he model"),
    ([.search, .text("load the"), .deleteLeft, .deleteLeft, .deleteLeft], "load |a file"),
    ([.search, .text("lines")], "two\nlines|"), ([.search], "typed|"),
    ([.search, .text("nothing")], "typed|"),
    ([.search, .text("one"), .text("x")], "one|"),
    // Small letters stand for capitals too, capitals for themselves.
    ([.search, .text("mxfp")], "What is MXFP|4?"), ([.search, .text("Load")], "typed|"),
    // Given up, the text is as before. Taken, it can be edited, and up goes on from there.
    ([.search, .text("one"), .endSearch], "typed|"), ([.search, .text("one"), .interrupt], "typed|"),
    ([.search, .text("a f"), .end, .text("!")], "load a file!|"),
    ([.search, .text("one"), .right, .up], "load the model|"),
    ([.search, .text("one"), .right, .down, .down, .down, .down], "typed|"),
  ])
  func finds(_ keys: [Key], _ result: String) {
    var editor = LineEditor(history: Self.history)
    _ = editor.apply(.text("typed"))
    for key in keys { #expect(editor.apply(key) == .editing) }
    #expect("\(editor.shown.before)|\(editor.shown.after)" == result)
  }

  @Test func enterSendsWhatWasFound() {
    var editor = LineEditor(history: Self.history)
    for key in [Key.search, .text("one")] { _ = editor.apply(key) }
    #expect(editor.search?.query == "one" && editor.search?.isFailing == false)
    #expect(editor.text == "" && editor.apply(.enter) == .entered && editor.text == "one")
    #expect(editor.search == nil)
  }
}

import GPTOSSRunner
import Testing

/// Commands that are printed to be copied. Breaks when a shell reads something else in them.
struct ShellWordsTests {
  @Test(arguments: [
    (["gptoss", "inspect", "--tensor", "blk.0.x"], "gptoss inspect --tensor blk.0.x"),
    (["a b", "", "it's"], #"'a b' '' 'it'\''s'"#),
    (["$(rm x)", "`x`", "a;b", "*", "~", "!!"], "'$(rm x)' '`x`' 'a;b' '*' '~' '!!'"),
    // What looks like an ordinary letter elsewhere may be none to a shell.
    (["漢字"], "'漢字'"),
    // A terminal is sent nothing that it would act on.
    (["a\u{1B}[31m", "\u{202E}x"], #"'a\u{1B}[31m' '\u{202E}x'"#),
  ])
  func words(_ words: [String], command: String) {
    #expect(words.shellCommand == command)
  }
}

import GPTOSSTerminal
import Testing

/// What a model writes cannot drive a terminal.
struct StyleTests {
  @Test(arguments: [
    ("plain\n\ttext 日本", "plain\n\ttext 日本"), ("\u{1B}[2J", "␛[2J"), ("\u{0}\u{7F}\r", "␀␡␍"),
    ("\u{9B}31m", "\u{FFFD}31m"), ("", ""),
  ])
  func visible(_ text: String, _ shown: String) {
    #expect(Style.visible(text) == shown)
  }
}
